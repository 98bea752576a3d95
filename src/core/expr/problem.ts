import type { Diagnostic, DiagnosticData, Place } from "#base/diagnostic";
import type { Span } from "#base/span";

/**
 * What is wrong with an expression or a template: a code of `./codes`, the facts that fill its message, and the range
 * inside the expression text in UTF-16 code units. The caller knows the file and the key and makes a `Diagnostic` of it.
 */
export interface ExprProblem {
  readonly code: string;
  readonly data: DiagnosticData;
  readonly span: Span;
  /** Best guesses at what was meant, best first. */
  readonly suggestions?: readonly string[];
}

/** A problem met while evaluating. It has the same shape, so one printer shows both. */
export type ExprFailure = ExprProblem;

/** A problem whose range is added by the node that asked. */
export interface Unplaced {
  readonly code: string;
  readonly data: DiagnosticData;
  readonly suggestions?: readonly string[];
}

/** Gives an unplaced problem its range. */
export function placeProblem(problem: Unplaced, span: Span): ExprProblem {
  return { ...problem, span };
}

/** The diagnostic of a problem in the expression that stands at `place`. */
export function problemDiagnostic(problem: ExprProblem, place: Place): Diagnostic {
  return {
    code: problem.code,
    severity: "error",
    data: problem.data,
    place: { ...place, within: problem.span },
    ...(problem.suggestions === undefined ? {} : { suggestions: problem.suggestions }),
  };
}
