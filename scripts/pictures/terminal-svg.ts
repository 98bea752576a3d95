import type { IBufferCell, Terminal } from "@xterm/headless";

/** Pixels of a character cell, and around the screen. */
const CELL_WIDTH = 8.4;
export const CELL_HEIGHT = 18;
export const PADDING = 14;
const FONT_SIZE = 14;
/** How far the base line lies below the top of a cell. */
const BASE_LINE = 13.5;

/** The sixteen colours of terminals, on dark and on light. */
const DARK = [
  "#3b4048",
  "#f47067",
  "#57ab5a",
  "#d9a942",
  "#539bf5",
  "#b083f0",
  "#39c5cf",
  "#adbac7",
] as const;
const DARK_BRIGHT = [
  "#768390",
  "#ff938a",
  "#6bc46d",
  "#daaa3f",
  "#6cb6ff",
  "#dcbdfb",
  "#56d4dd",
  "#cdd9e5",
] as const;
const LIGHT = [
  "#24292f",
  "#cf222e",
  "#116329",
  "#7d5200",
  "#0969da",
  "#8250df",
  "#1b7c83",
  "#6e7781",
] as const;
const LIGHT_BRIGHT = [
  "#57606a",
  "#a40e26",
  "#1a7f37",
  "#633c01",
  "#218bff",
  "#a475f9",
  "#3192aa",
  "#8c959f",
] as const;

/** The style sheet of pictures of terminals. */
export const TERMINAL_STYLE: string = [
  `.text{font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}`,
  ".screen{fill:#1c2128}.text{fill:#cdd9e5;white-space:pre}.dim{opacity:.62}.bold{font-weight:bold}",
  ".back{fill:#cdd9e5}.inverse{fill:#1c2128}",
  ...[...DARK, ...DARK_BRIGHT].map((color, index) => `.c${index}{fill:${color}}`),
  "@media(prefers-color-scheme:light){.screen{fill:#f6f8fa}.text{fill:#24292f}.back{fill:#24292f}.inverse{fill:#f6f8fa}",
  ...[...LIGHT, ...LIGHT_BRIGHT].map((color, index) => `.c${index}{fill:${color}}`),
  "}",
].join("");

/** Cells side by side that look alike. */
interface Run {
  readonly column: number;
  readonly columns: number;
  readonly text: string;
  readonly classes: string;
}

/**
 * The screen of a terminal as an SVG picture, as wide as the terminal and as high as its last line that is not empty:
 * the sixteen colours, bold, dim and inverse. It follows the reader's choice of dark or light.
 */
export function terminalSvg(terminal: Terminal, title: string): string {
  const { active } = terminal.buffer;
  const rows = Array.from({ length: terminal.rows }, (_, row) => runsOf(terminal, active.baseY + row));
  const last = rows.findLastIndex((runs) => runs.some(({ text }) => text.trim() !== ""));
  const shown = rows.slice(0, last + 1);
  const elements = shown.flatMap((runs, row) => elementsOf(runs, row));
  return svgOf({ columns: terminal.cols, rows: shown.length, title, style: TERMINAL_STYLE }, elements);
}

/** The elements of one row of the screen, as if it were the first; none for an empty row. */
export function terminalRow(terminal: Terminal, row: number): readonly string[] {
  return elementsOf(runsOf(terminal, terminal.buffer.active.baseY + row), 0);
}

interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
  readonly style: string;
}

/** A picture of so many columns and rows, with the elements of its screen. */
export function svgOf({ columns, rows, title, style }: Frame, elements: readonly string[]): string {
  const width = Math.ceil(columns * CELL_WIDTH + 2 * PADDING);
  const height = Math.ceil(rows * CELL_HEIGHT + 2 * PADDING);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="screen" width="${width}" height="${height}" rx="8"/>`,
    ...elements,
    "</svg>",
    "",
  ].join("\n");
}

function elementsOf(runs: readonly Run[], row: number): readonly string[] {
  return runs.flatMap((run) => [
    ...backElements(run, row),
    ...(run.text.trim() === "" ? [] : [textElement(run, row)]),
  ]);
}

function runsOf(terminal: Terminal, row: number): readonly Run[] {
  const line = terminal.buffer.active.getLine(row);
  if (line === undefined) return [];
  const runs: Run[] = [];
  for (let column = 0; column < terminal.cols; column += 1) {
    const cell = line.getCell(column);
    // The second half of a wide character.
    if (cell === undefined || cell.getWidth() === 0) continue;
    const text = cell.getChars() === "" ? " " : cell.getChars();
    const classes = classesOf(cell);
    const before = runs.at(-1);
    if (before?.classes === classes && before.column + before.columns === column) {
      runs[runs.length - 1] = {
        ...before,
        columns: before.columns + cell.getWidth(),
        text: before.text + text,
      };
    } else runs.push({ column, columns: cell.getWidth(), text, classes });
  }
  return runs.filter(({ text, classes }) => text.trim() !== "" || isInverse(classes));
}

function classesOf(cell: IBufferCell): string {
  const classes = ["text"];
  if (cell.isFgPalette() && cell.getFgColor() < 16) classes.push(`c${cell.getFgColor()}`);
  if (cell.isBold() !== 0) classes.push("bold");
  if (cell.isDim() !== 0) classes.push("dim");
  if (cell.isInverse() !== 0) classes.push("inverse");
  return classes.join(" ");
}

const isInverse = (classes: string): boolean => classes.endsWith("inverse");

/** What lies behind text that has the colours of screen and text exchanged; nothing behind any other. */
function backElements({ column, columns, classes }: Run, row: number): readonly string[] {
  if (!isInverse(classes)) return [];
  const left = number(PADDING + column * CELL_WIDTH);
  const top = number(PADDING + row * CELL_HEIGHT);
  return [
    `<rect class="back" x="${left}" y="${top}" width="${number(columns * CELL_WIDTH)}" height="${CELL_HEIGHT}"/>`,
  ];
}

/** Its width is given, so that the columns stand below each other in any font. */
function textElement({ column, columns, text, classes }: Run, row: number): string {
  const start = text.length - text.trimStart().length;
  const trimmed = text.trim();
  const left = number(PADDING + (column + start) * CELL_WIDTH);
  const top = number(PADDING + row * CELL_HEIGHT + BASE_LINE);
  const length = number((columns - (text.length - trimmed.length)) * CELL_WIDTH);
  return `<text class="${classes}" x="${left}" y="${top}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(trimmed)}</text>`;
}

const number = (value: number): string => String(Math.round(value * 10) / 10);

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
