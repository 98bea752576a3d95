import type { Diagnostic } from "#base/diagnostic";
import { err, type Result } from "#base/result";
import type { UnreadFile } from "#core/config/config-documents";

/** Everything that keeps an operation from being done, and the texts to show it in. */
export interface Problems {
  readonly diagnostics: readonly Diagnostic[];
  /** Files that are no TOML; what is wrong with them is worked out when it is shown. */
  readonly unread: readonly UnreadFile[];
  readonly texts: ReadonlyMap<string, string>;
}

export const NO_TEXTS: ReadonlyMap<string, string> = new Map();

/** Problems that have nothing to do with a file. */
export const plainProblems = (...diagnostics: readonly Diagnostic[]): Problems => ({
  diagnostics,
  unread: [],
  texts: NO_TEXTS,
});

export const usageProblem = (
  code: string,
  data: Diagnostic["data"],
  suggestions: readonly string[] = [],
): Problems =>
  plainProblems({ code, severity: "error", data, ...(suggestions.length === 0 ? {} : { suggestions }) });

/** The same as what an operation answers. */
export const refused = (...problem: Parameters<typeof usageProblem>): Result<never, Problems> =>
  err(usageProblem(...problem));
