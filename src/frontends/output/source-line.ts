import { visibleControls } from "./visible-text";

const TAB_COLUMNS = 4;

/** A line of a source file as it can be shown, and where a range of it lies in columns. */
export interface ShownLine {
  readonly text: string;
  readonly caretColumn: number;
  readonly caretWidth: number;
}

interface Cell {
  readonly text: string;
  readonly width: number;
  /** Offset of the first code unit in the line. */
  readonly offset: number;
}

/**
 * The line with tabs as spaces and control characters visible, cut to `columns` around the range; the range in UTF-16
 * code units from the line's start. At least one column is marked.
 */
export function showLine(
  line: string,
  range: { readonly start: number; readonly end: number },
  options: { readonly columns: number; readonly ellipsis: string },
): ShownLine {
  const cells = cellsOf(line);
  const before = widthOf(cells.filter((cell) => cell.offset < range.start));
  const marked = widthOf(cells.filter((cell) => cell.offset >= range.start && cell.offset < range.end));
  const whole = widthOf(cells);
  if (whole <= options.columns) {
    return { text: textOf(cells).trimEnd(), caretColumn: before, caretWidth: Math.max(1, marked) };
  }
  return cutLine(cells, { before, marked, whole }, options);
}

function cutLine(
  cells: readonly Cell[],
  widths: { readonly before: number; readonly marked: number; readonly whole: number },
  { columns, ellipsis }: { readonly columns: number; readonly ellipsis: string },
): ShownLine {
  const mark = Bun.stringWidth(ellipsis);
  const room = Math.max(8, columns - 2 * mark);
  // A third of the room for what comes before the range.
  const latest = Math.max(0, widths.whole - room);
  const from = Math.min(latest, Math.max(0, widths.before - Math.floor(room / 3)));
  let column = 0;
  let start = 0;
  const shown: Cell[] = [];
  for (const cell of cells) {
    const fits = column >= from && column + cell.width <= from + room;
    if (fits && shown.length === 0) start = column;
    if (fits) shown.push(cell);
    column += cell.width;
  }
  const head = start > 0 ? ellipsis : "";
  const tail = start + widthOf(shown) < widths.whole ? ellipsis : "";
  const caret = Math.max(0, widths.before - start);
  return {
    text: head + textOf(shown) + tail,
    caretColumn: caret + Bun.stringWidth(head),
    caretWidth: Math.max(1, Math.min(widths.marked, widthOf(shown) - caret)),
  };
}

function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(line)) {
    const text =
      segment === "\t" ? " ".repeat(TAB_COLUMNS - (column % TAB_COLUMNS)) : visibleControls(segment);
    const width = Bun.stringWidth(text);
    cells.push({ text, width, offset: index });
    column += width;
  }
  return cells;
}

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.width, 0);
const textOf = (cells: readonly Cell[]): string => cells.map((cell) => cell.text).join("");
