import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import type { TomlTable, TomlValue } from "#core/config/toml/values";

/** One name of a key or a header. */
export interface KeyPart {
  readonly name: string;
  readonly span: Span;
}

/** A value as it is written, as far as it can be read. Spans reach over quotes and brackets. */
export type ValueNode =
  | { readonly kind: "string"; readonly span: Span; readonly value: string; readonly closed: boolean }
  /** A boolean, number or date; the value is undefined where the word means none of them. */
  | { readonly kind: "word"; readonly span: Span; readonly value: TomlValue | undefined }
  | {
      readonly kind: "array";
      readonly span: Span;
      readonly items: readonly ValueNode[];
      readonly closed: boolean;
    }
  | {
      readonly kind: "table";
      readonly span: Span;
      readonly pairs: readonly PairNode[];
      readonly closed: boolean;
    }
  /** Nothing stands where a value should. */
  | { readonly kind: "missing"; readonly span: Span };

/** A key and its value, of a table or of an inline table. */
export interface PairNode {
  readonly keys: readonly KeyPart[];
  /** From the top of the document. */
  readonly path: KeyPath;
  readonly span: Span;
  /** Where the `=` stands; undefined where there is none. */
  readonly equals: number | undefined;
  readonly value: ValueNode;
}

/** A header and what follows it up to the next one; the first section of a document has no header. */
export interface Section {
  readonly header: SectionHeader | undefined;
  readonly path: KeyPath;
  readonly span: Span;
  readonly pairs: readonly PairNode[];
}

export interface SectionHeader {
  readonly keys: readonly KeyPart[];
  /** With its brackets. */
  readonly span: Span;
  /** `[[…]]` */
  readonly isArray: boolean;
  readonly closed: boolean;
}

/** Something that TOML does not allow. */
export interface OutlineProblem {
  readonly reason: string;
  readonly span: Span;
  /** The key that is there already, where that is the problem. */
  readonly repeated?: { readonly name: string; readonly path: KeyPath };
}

/**
 * A TOML text as an editor needs it: every part with its place, and as much of the rest as can be understood where a
 * part is broken. Offsets are UTF-16 code units of the text.
 */
export interface Outline {
  readonly text: string;
  readonly sections: readonly Section[];
  readonly comments: readonly Span[];
  readonly problems: readonly OutlineProblem[];
  /** The values of what could be read; equal to those of the strict reader where there are no problems. */
  readonly values: TomlTable;
}
