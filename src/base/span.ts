/** A half-open range of UTF-16 code unit offsets into one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: line and column from 1, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset; an offset past the end means the end. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(offset, text.length);
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < end; next = text.indexOf("\n", lineStart)) {
    line += 1;
    lineStart = next + 1;
  }
  return { line, column: end - lineStart + 1 };
}

/** Offset of a line and column, both from 1, clamped to the text. */
export function offsetAt(text: string, position: Position): number {
  let lineStart = 0;
  for (let line = 1; line < position.line; line += 1) {
    const next = text.indexOf("\n", lineStart);
    if (next === -1) return text.length;
    lineStart = next + 1;
  }
  return Math.min(lineStart + position.column - 1, text.length);
}

/** The text of one line, from 1, without its line ending. */
export function lineAt(text: string, line: number): string {
  const start = offsetAt(text, { line, column: 1 });
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, "");
}
