/** Width of help pages, in columns. */
export const PAGE_WIDTH = 80;

/** The words of a text in lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

/** A row of a page: a term on the left, what it means on the right. */
export interface Row {
  readonly term: string;
  readonly text: string;
}

const MAX_TERM = 26;

/** Rows in two columns. A long term has a line of its own, and its text starts on the next. */
export function layRows(rows: readonly Row[], paint: (term: string) => string): string[] {
  const fitting = rows.map((row) => row.term.length).filter((length) => length <= MAX_TERM);
  const column = Math.max(0, ...fitting);
  return rows.flatMap(({ term, text }) => {
    const lines = wrap(text, PAGE_WIDTH - column - 4);
    const pad = " ".repeat(column + 4);
    if (term.length > column) return [`  ${paint(term)}`, ...lines.map((line) => pad + line)];
    const [first = "", ...rest] = lines;
    return [
      `  ${paint(term)}${" ".repeat(column - term.length + 2)}${first}`.trimEnd(),
      ...rest.map((line) => pad + line),
    ];
  });
}
