import type { Diagnostic } from "#base/diagnostic";
import type { TextEdit } from "./rename";

export interface CodeAction {
  readonly title: string;
  readonly kind: "quickfix" | "refactor.extract" | "refactor.rewrite" | "source.sort";
  readonly edits: readonly TextEdit[];
  /** The problem that it mends. */
  readonly mends?: Diagnostic;
}
