import { diagnosticCodes } from "#app/diagnostic-codes";
import { locateDiagnostics } from "#app/locate-diagnostics";
import type { Problems } from "#app/problems";
import { diagnosticMessage, renderDiagnostics } from "#frontends/output/diagnostic-text";
import { plainLook } from "#frontends/output/look";

export interface ProblemText {
  /** The first of them in one line. */
  readonly short: string;
  /** All of them with the lines of the files that they are about. */
  readonly lines: readonly string[];
}

/** Problems in words, as every command tells of them, without colour. */
export function problemText(
  { diagnostics, unread, texts }: Problems,
  {
    cwd,
    hasUnicode,
    columns,
  }: { readonly cwd: string; readonly hasUnicode: boolean; readonly columns: number },
): ProblemText {
  const located = locateDiagnostics(diagnostics, unread, texts);
  const options = { texts, codes: diagnosticCodes, root: cwd, cwd, look: plainLook(hasUnicode), columns };
  const [first] = located;
  return {
    short: first === undefined ? "it can't be run" : diagnosticMessage(first, diagnosticCodes),
    lines: renderDiagnostics(located, options).trimEnd().split("\n"),
  };
}
