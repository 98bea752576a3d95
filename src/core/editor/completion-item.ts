import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";

export type CompletionKind =
  | "section"
  | "key"
  | "value"
  | "enum"
  | "task"
  | "template"
  | "package"
  | "profile"
  | "file"
  | "folder"
  | "function"
  | "variable"
  | "snippet";

/** One proposal of a completion. */
export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** One line beside the label. */
  readonly detail?: string;
  /** What goes in place of `span`; `$1` and the like are stops where it is a snippet. */
  readonly insert: string;
  readonly isSnippet?: true;
  readonly span: Span;
  /** Lower goes first. */
  readonly rank: number;
  /** From which its documentation is made when it is looked at. */
  readonly about?: CompletionAbout;
}

export type CompletionAbout =
  | { readonly kind: "key"; readonly path: KeyPath }
  | { readonly kind: "task"; readonly id: string }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "name"; readonly name: string };

/** A completion: the proposals, and the folder whose files belong to them too. */
export interface Completion {
  readonly items: readonly CompletionItem[];
  /** There were more than are sent; the client asks again as the user types. */
  readonly isIncomplete: boolean;
  readonly files?: FileWish;
}

export interface FileWish {
  /** Absolute. */
  readonly folder: string;
  readonly span: Span;
  /** Between quotes already. */
  readonly inString: boolean;
}

/** More would be slow to send and to look through. */
export const MOST_ITEMS = 500;

/** A text as a stop of a snippet may hold it. */
export const escapeSnippet = (text: string): string => text.replaceAll(/[\\$}]/g, "\\$&");
