import type { Span } from "./span";

/** The way to a value inside a TOML document, e.g. `["tasks", "build", "deps", 0]`. */
export type KeyPath = readonly (string | number)[];

/**
 * Where a diagnostic points. Values are read without positions, so most places start as a key path and get their
 * span only when somebody looks (`#core/config/toml/locate`).
 */
export interface Place {
  /** Absolute path of the file. */
  readonly file: string;
  readonly path?: KeyPath;
  /** Which part of the entry at `path` is meant; default `value`. */
  readonly target?: "key" | "value" | "header";
  /** A range inside the string value at `path`, in UTF-16 code units of the decoded string (expressions). */
  readonly within?: Span;
  /** Range in the file's text; wins over `path`. */
  readonly span?: Span;
  /** From 1; for files whose text is never shown, so that nobody can count it from the span. */
  readonly line?: number;
}

/** Facts that fill the message of a code. */
export type DiagnosticData = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * One problem that the user can fix. Wording belongs to the code (`#core/model/diagnostic-codes`); this is the data:
 * which problem, where, with which names, and what might have been meant.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly data: DiagnosticData;
  readonly place?: Place;
  readonly related?: readonly { readonly place: Place; readonly message: string }[];
  /** Best guesses at what was meant, best first. */
  readonly suggestions?: readonly string[];
  /** How it is written instead. */
  readonly hint?: string;
}
