import type { Diagnostic, Place } from "#base/diagnostic";
import { isInside, relativeTo } from "#base/path";
import { lineAt, positionAt } from "#base/span";
import type { Position } from "#base/span";
import type { CodeTable } from "#core/model/diagnostic-codes";
import type { Look } from "./look";
import { fillTemplate } from "./message-template";
import { showLine } from "./source-line";
import type { Paint } from "./theme";
import { visibleControls } from "./visible-text";

const SHOWN_SUGGESTIONS = 3;
const SHOWN_NAMES = 12;
/** Only so much of a very long line is looked at, around the range. */
const LOOKED_AT = 4096;

export interface DiagnosticTextOptions {
  /** Text of each file that a diagnostic points into, by absolute path; where it is missing no line is shown. */
  readonly texts: ReadonlyMap<string, string>;
  readonly codes: CodeTable;
  /** Files below it are shown relative to `cwd`, others in full. */
  readonly root: string;
  readonly cwd: string;
  readonly look: Look;
  readonly columns: number;
}

/**
 * Diagnostics as people read them, each with the lines of the files it points at: text that ends with a newline, a
 * blank line between two. Spans have to be there already; a place without one is shown without its line.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: DiagnosticTextOptions,
): string {
  return diagnostics.map((diagnostic) => `${diagnosticLines(diagnostic, options).join("\n")}\n`).join("\n");
}

/** The message of a diagnostic in words. */
export function diagnosticMessage(diagnostic: Diagnostic, codes: CodeTable): string {
  const entry = Object.hasOwn(codes, diagnostic.code) ? codes[diagnostic.code] : undefined;
  return entry === undefined ? diagnostic.code : fillTemplate(entry.message, diagnostic.data);
}

function diagnosticLines(diagnostic: Diagnostic, options: DiagnosticTextOptions): string[] {
  const { theme } = options.look;
  const paint = diagnostic.severity === "error" ? theme.bad : theme.warn;
  const title = `${paint(`${diagnostic.severity}[${diagnostic.code}]`)}: ${theme.strong(diagnosticMessage(diagnostic, options.codes))}`;
  const related = (diagnostic.related ?? []).map(({ place, message }) => ({
    message,
    frame: frameOf(place, options),
    place,
  }));
  const main = diagnostic.place === undefined ? undefined : frameOf(diagnostic.place, options);
  const frames = [main, ...related.map(({ frame }) => frame)].flatMap((frame) => frame ?? []);
  const gutter = Math.max(2, ...frames.map((frame) => String(frame.position.line).length));
  const label = labelOf(diagnostic, options.codes);
  const notes: string[] = [];
  const lines = [title];
  if (main !== undefined) lines.push(...frameLines(main, { gutter, label, mark: "^", paint }, options));
  else {
    // What the command line says has a place in no file.
    if (diagnostic.place !== undefined && diagnostic.place.file !== "")
      notes.push(`in ${shownPath(diagnostic.place.file, options)}${lineOf(diagnostic.place)}`);
    if (label !== "") notes.push(label);
  }
  for (const { frame, message, place } of related) {
    if (frame === undefined) notes.push(`${visibleControls(message)} (${shownPath(place.file, options)})`);
    else
      lines.push(
        ...frameLines(
          frame,
          { gutter, label: visibleControls(message), mark: "-", paint: theme.warn },
          options,
        ),
      );
  }
  const known = knownNote(diagnostic);
  if (known !== undefined) notes.push(known);
  if (diagnostic.hint !== undefined) notes.push(visibleControls(diagnostic.hint));
  return [...lines, ...notes.map((note) => `${" ".repeat(gutter)}${theme.dim("=")} ${note}`)];
}

interface Frame {
  readonly path: string;
  readonly position: Position;
  readonly line: string;
  /** Code units from the start of `line`. */
  readonly range: { readonly start: number; readonly end: number };
}

const lineOf = ({ line }: Place): string => (line === undefined ? "" : `:${line}`);

function frameOf(place: Place, options: DiagnosticTextOptions): Frame | undefined {
  const text = options.texts.get(place.file);
  if (place.span === undefined || text === undefined) return undefined;
  const position = positionAt(text, place.span.start);
  const line = lineAt(text, position.line);
  const start = Math.min(position.column - 1, line.length);
  const end = Math.min(line.length, Math.max(start, start + place.span.end - place.span.start));
  const cutStart = Math.max(0, start - LOOKED_AT);
  return {
    path: shownPath(place.file, options),
    position,
    line: line.slice(cutStart, start + LOOKED_AT),
    range: { start: start - cutStart, end: Math.min(end, start + LOOKED_AT) - cutStart },
  };
}

interface FrameStyle {
  readonly gutter: number;
  readonly label: string;
  readonly mark: string;
  readonly paint: Paint;
}

function frameLines(
  frame: Frame,
  { gutter, label, mark, paint }: FrameStyle,
  options: DiagnosticTextOptions,
): string[] {
  const { theme, symbols } = options.look;
  const { line, column } = frame.position;
  const columns = Math.max(20, options.columns - gutter - 2);
  const shown = showLine(frame.line, frame.range, { columns, ellipsis: symbols.ellipsis });
  const pad = " ".repeat(gutter);
  const carets = paint(mark.repeat(shown.caretWidth) + (label === "" ? "" : ` ${label}`));
  return [
    `${pad}${theme.dim(symbols.corner)} ${frame.path}:${line}:${column}`,
    `${theme.dim(`${String(line).padStart(gutter)}${symbols.bar}`)} ${shown.text}`.trimEnd(),
    `${pad}${theme.dim(symbols.bar)} ${" ".repeat(shown.caretColumn)}${carets}`,
  ];
}

function labelOf(diagnostic: Diagnostic, codes: CodeTable): string {
  const template = Object.hasOwn(codes, diagnostic.code) ? codes[diagnostic.code]?.label : undefined;
  const label = template === undefined ? "" : fillTemplate(template, diagnostic.data);
  const guesses = (diagnostic.suggestions ?? [])
    .slice(0, SHOWN_SUGGESTIONS)
    .map((name) => `'${visibleControls(name)}'`);
  if (guesses.length === 0) return label;
  const last = guesses.pop() ?? "";
  const list = guesses.length === 0 ? last : `${guesses.join(", ")} or ${last}`;
  return `${label === "" ? "" : `${label}; `}did you mean ${list}?`;
}

/** `tasks here: a, b`, from the fields `known` and, for other things than tasks, `knownKind`. */
function knownNote({ data }: Diagnostic): string | undefined {
  const { known, knownKind } = data;
  if (typeof known !== "object" || known.length === 0) return undefined;
  const kind = typeof knownKind === "string" ? knownKind : "tasks here";
  const more = known.length > SHOWN_NAMES ? ` and ${known.length - SHOWN_NAMES} more` : "";
  return visibleControls(`${kind}: ${known.slice(0, SHOWN_NAMES).join(", ")}${more}`);
}

function shownPath(file: string, { root, cwd }: DiagnosticTextOptions): string {
  return visibleControls(isInside(root, file) ? relativeTo(cwd, file) : file);
}
