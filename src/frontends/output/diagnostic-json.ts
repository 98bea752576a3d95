import type { Diagnostic, Place } from "#base/diagnostic";
import { positionAt } from "#base/span";
import type { Position } from "#base/span";
import type { CodeTable } from "#core/model/diagnostic-codes";
import { diagnosticMessage } from "./diagnostic-text";

/** A diagnostic for programs. */
export interface DiagnosticDocument {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** Absolute path. */
  readonly file?: string;
  readonly range?: DocumentRange;
  readonly suggestions: readonly string[];
  /** How it is written instead, where zr can say so. */
  readonly hint?: string;
  readonly related: readonly {
    readonly message: string;
    readonly file: string;
    readonly range?: DocumentRange;
  }[];
}

/** Lines and columns from 1, columns in UTF-16 code units; the end is the position behind the last character. */
interface DocumentRange {
  readonly start: Position;
  readonly end: Position;
}

/** Diagnostics as data; a range is there where the place has a span and `texts` has the file. */
export function diagnosticsJson(
  diagnostics: readonly Diagnostic[],
  options: { readonly texts: ReadonlyMap<string, string>; readonly codes: CodeTable },
): DiagnosticDocument[] {
  return diagnostics.map((diagnostic) => ({
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnosticMessage(diagnostic, options.codes),
    ...(diagnostic.place === undefined ? {} : location(diagnostic.place, options.texts)),
    suggestions: diagnostic.suggestions ?? [],
    ...(diagnostic.hint === undefined ? {} : { hint: diagnostic.hint }),
    related: (diagnostic.related ?? []).map(({ place, message }) => ({
      message,
      ...location(place, options.texts),
    })),
  }));
}

function location(
  place: Place,
  texts: ReadonlyMap<string, string>,
): { readonly file: string; readonly range?: DocumentRange } {
  const text = texts.get(place.file);
  if (text === undefined || place.span === undefined) return { file: place.file };
  const { start, end } = place.span;
  return { file: place.file, range: { start: positionAt(text, start), end: positionAt(text, end) } };
}
