/** A line of a Makefile with its continuations. */
export interface LogicalLine {
  /** From 1, of its first line. */
  readonly line: number;
  /** Continuations as they stand, line breaks included; for a recipe without the tab at the start of each. */
  readonly raw: string;
  /** Begins with a tab. */
  readonly isIndented: boolean;
}

/** Splits a Makefile into lines, where a backslash at the end of one continues it (GNU make manual, "Splitting Long Lines"). */
export function logicalLines(text: string): readonly LogicalLine[] {
  const source = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const lines: LogicalLine[] = [];
  for (let index = 0; index < source.length; index += 1) {
    const first = source[index] ?? "";
    const isIndented = first.startsWith("\t");
    const start = index;
    let raw = isIndented ? first.slice(1) : first;
    while (/(?:^|[^\\])(?:\\\\)*\\$/.test(raw) && index + 1 < source.length) {
      index += 1;
      const next = source[index] ?? "";
      raw += `\n${isIndented && next.startsWith("\t") ? next.slice(1) : next}`;
    }
    lines.push({ line: start + 1, raw, isIndented });
  }
  return lines;
}

/** Continuations joined by single blanks, as they are everywhere but in recipes. */
export const joined = (raw: string): string => raw.replaceAll(/[ \t]*\\\n[ \t]*/g, " ");

/** The text in front of a comment, and the comment without its signs; undefined where there is none. */
export function splitComment(text: string): { readonly code: string; readonly comment: string | undefined } {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === "$" && (text[at + 1] === "(" || text[at + 1] === "{")) depth += 1;
    else if ((char === ")" || char === "}") && depth > 0) depth -= 1;
    else if (char === "#" && depth === 0 && text[at - 1] !== "\\")
      return { code: text.slice(0, at).replaceAll("\\#", "#"), comment: text.slice(at) };
  }
  return { code: text.replaceAll("\\#", "#"), comment: undefined };
}
