import { KEY_MAP } from "./key-map";
import type { KeyBinding } from "./key-map";
import { layoutOf } from "./layout";
import type { Layout } from "./layout";
import { rowWidth, span } from "./row";
import type { Row } from "./row";
import type { TuiState } from "./state";

const KEY_COLUMNS = 8;
/** Two groups beside each other need so many columns. */
const WIDE = 76;

const GROUPS: readonly (readonly [KeyBinding["group"], string])[] = [
  ["run", "Run"],
  ["look", "Look"],
  ["move", "Move"],
  ["leave", "Leave"],
];

/** All keys, from the line on that is at the top; the mouse too. */
export function helpRows({ help = 0 }: TuiState, { columns, bodyRows }: Layout): readonly Row[] {
  const lines = helpLines(columns);
  return Array.from({ length: bodyRows + 1 }, (_, index) => lines[help + index] ?? []);
}

/** The help scrolled to a line, as far as there are lines to show. */
export function helpAt(state: TuiState, line: number): TuiState {
  const { columns, bodyRows } = layoutOf(state);
  const last = Math.max(0, helpLines(columns).length - (bodyRows + 1));
  return { ...state, help: Math.max(0, Math.min(line, last)) };
}

function helpLines(columns: number): readonly Row[] {
  const groups = GROUPS.map(([group, title]) => groupLines(group, title));
  const mouse: Row = [span(" Mouse: click chooses, wheel scrolls", "dim")];
  if (columns < WIDE) return [...groups.flatMap((lines) => [...lines, []]), mouse];
  const half = Math.floor(columns / 2);
  const [run = [], looking = [], move = [], leave = []] = groups;
  const left = [...run, [], ...move];
  const right = [...looking, [], ...leave];
  const count = Math.max(left.length, right.length);
  const rows = Array.from({ length: count }, (_, index) => [
    ...padded(left[index] ?? [], half),
    ...(right[index] ?? []),
  ]);
  return [...rows, mouse];
}

function groupLines(group: KeyBinding["group"], title: string): readonly Row[] {
  const bindings = KEY_MAP.filter((binding) => binding.group === group);
  return [
    [span(` ${title}`, "strong")],
    ...bindings.map(({ shown, does }) => [span(` ${shown.padEnd(KEY_COLUMNS)} `, "key"), span(does)]),
  ];
}

function padded(row: Row, columns: number): Row {
  return [...row, span(" ".repeat(Math.max(0, columns - rowWidth(row))))];
}
