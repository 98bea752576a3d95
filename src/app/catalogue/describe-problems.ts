import { messageText } from "#base/message";
import { isInside, relativeTo } from "#base/path";
import { positionAt } from "#base/span";
import { diagnosticCodes } from "#app/diagnostic-codes";
import type { Problems } from "#app/problems";
import { compact } from "./answer-parts";
import { withoutControls } from "./without-controls";

/** A problem in words, with where it is. */
export interface DescribedProblem {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** From the folder that is asked about, where it is below that. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  readonly suggestions?: readonly string[];
  /** How it is written instead. */
  readonly hint?: string;
}

/** Problems for a program. What comes from files shows no control characters. */
export async function describeProblems(
  { diagnostics, unread, texts }: Problems,
  cwd: string,
): Promise<readonly DescribedProblem[]> {
  const isPlaceless = unread.length === 0 && diagnostics.every(({ place }) => place === undefined);
  const located = isPlaceless
    ? diagnostics
    : (await import("#app/locate-diagnostics")).locateDiagnostics(diagnostics, unread, texts);
  return located.map((diagnostic) => {
    const { code, severity, place, suggestions = [], hint } = diagnostic;
    const text = place === undefined ? undefined : texts.get(place.file);
    const position =
      text === undefined || place?.span === undefined ? undefined : positionAt(text, place.span.start);
    return {
      code,
      severity,
      message: withoutControls(messageText(diagnosticCodes, diagnostic)),
      ...compact({
        file: place === undefined ? undefined : fileOf(place.file, cwd),
        line: position?.line,
        column: position?.column,
        suggestions: suggestions.map(withoutControls),
        hint: hint === undefined ? undefined : withoutControls(hint),
      }),
    };
  });
}

/** One line for each problem: `zr.toml:3:8: E160: task 'x' does not exist; did you mean 'y'?`, then how it is written. */
export function problemLines(problems: readonly DescribedProblem[]): string {
  return problems
    .map(({ code, severity, message, file, line, column, suggestions = [], hint }) => {
      const place =
        file === undefined ? "" : `${[file, line, column].filter((part) => part !== undefined).join(":")}: `;
      const meant =
        suggestions.length === 0 ? "" : `; did you mean ${suggestions.map((one) => `'${one}'`).join(", ")}?`;
      const way = hint === undefined ? "" : `; ${hint}`;
      return `${place}${severity === "warning" ? "warning " : ""}${code}: ${message}${meant}${way}`;
    })
    .join("\n");
}

const fileOf = (file: string, cwd: string): string => (isInside(cwd, file) ? relativeTo(cwd, file) : file);
