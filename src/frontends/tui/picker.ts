import { splitWords } from "#base/split-words";
import { isText } from "./key";
import type { InputEvent, Key } from "./key";
import { fitRow, justified, span, widthOf } from "./row";
import type { Row } from "./row";
import { filterItems } from "./task-item";
import type { TaskItem } from "./task-item";

/** The choice of one task by a filter that is typed. */
export interface PickerState {
  readonly items: readonly TaskItem[];
  readonly title: string;
  readonly hasUnicode: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly filter: string;
  /** Which of the shown lines is chosen. */
  readonly index: number;
  readonly top: number;
  /** What is given to the chosen task; there while it is being typed. */
  readonly words: string | undefined;
}

/** What has been chosen. */
export type Picked =
  | { readonly kind: "run"; readonly item: TaskItem; readonly words: readonly string[] }
  /** The screen of all tasks, with what has been typed as its filter. */
  | { readonly kind: "tui"; readonly filter: string }
  | { readonly kind: "nothing"; readonly isInterrupted: boolean };

export type PickerEvent =
  InputEvent | { readonly type: "resize"; readonly columns: number; readonly rows: number };

export interface PickerStep {
  readonly state: PickerState;
  /** There when the picker is over. */
  readonly picked?: Picked;
  readonly isSuspended?: true;
}

/** Rows that are not lines of the list: the title, the filter, the foot. */
const FRAME_ROWS = 3;
const LIST_TOP = 2;

const shownChoices = ({ items, filter }: Pick<PickerState, "items" | "filter">): readonly TaskItem[] =>
  filterItems(items, filter);

/** What an event makes of the picker. */
export function reducePicker(state: PickerState, event: PickerEvent): PickerStep {
  switch (event.type) {
    case "resize":
      return { state: moved({ ...state, columns: event.columns, rows: event.rows }, 0) };
    case "paste":
      return { state: typed(state, event.text.replaceAll(/\s+/g, " ")) };
    case "mouse":
      return takeMouse(state, event);
    case "key":
      return state.words === undefined ? takeKey(state, event.key) : takeWord(state, state.words, event.key);
  }
}

function takeKey(state: PickerState, key: Key): PickerStep {
  switch (key) {
    case "Enter":
      return pick(state);
    case "Escape":
      return state.filter === "" ? leave(state, false) : { state: filtered(state, "") };
    case "Ctrl-C":
    case "Ctrl-D":
      return leave(state, key === "Ctrl-C");
    case "Ctrl-Z":
      return { state, isSuspended: true };
    case "Tab":
      return { state, picked: { kind: "tui", filter: state.filter } };
    case "Up":
    case "Ctrl-P":
      return { state: moved(state, -1) };
    case "Down":
    case "Ctrl-N":
      return { state: moved(state, 1) };
    case "PageUp":
      return { state: moved(state, -listRowCount(state)) };
    case "PageDown":
      return { state: moved(state, listRowCount(state)) };
    case "Home":
      return { state: moved(state, -state.items.length) };
    case "End":
      return { state: moved(state, state.items.length) };
    case "Backspace":
      return { state: filtered(state, [...state.filter].slice(0, -1).join("")) };
    case "Ctrl-U":
      return { state: filtered(state, "") };
    default:
      return { state: isText(key) ? typed(state, key) : state };
  }
}

function takeWord(state: PickerState, words: string, key: Key): PickerStep {
  const item = shownChoices(state)[state.index];
  switch (key) {
    case "Enter":
      return item === undefined
        ? { state }
        : { state, picked: { kind: "run", item, words: splitWords(words) } };
    case "Escape":
      return { state: { ...state, words: undefined } };
    case "Ctrl-C":
      return leave(state, true);
    case "Ctrl-Z":
      return { state, isSuspended: true };
    case "Backspace":
      return { state: { ...state, words: [...words].slice(0, -1).join("") } };
    case "Ctrl-U":
      return { state: { ...state, words: "" } };
    default:
      return { state: isText(key) ? typed(state, key) : state };
  }
}

const leave = (state: PickerState, isInterrupted: boolean): PickerStep => ({
  state,
  picked: { kind: "nothing", isInterrupted },
});

/** A task that can't be run without arguments asks for them. */
function pick(state: PickerState): PickerStep {
  const item = shownChoices(state)[state.index];
  if (item === undefined) return { state };
  if (item.required.length > 0) return { state: { ...state, words: "" } };
  return { state, picked: { kind: "run", item, words: [] } };
}

const typed = (state: PickerState, text: string): PickerState =>
  state.words === undefined ? filtered(state, state.filter + text) : { ...state, words: state.words + text };

const filtered = (state: PickerState, filter: string): PickerState =>
  moved({ ...state, filter, index: 0, top: 0 }, 0);

function moved(state: PickerState, lines: number): PickerState {
  const last = Math.max(0, shownChoices(state).length - 1);
  const index = Math.max(0, Math.min(state.index + lines, last));
  const rows = listRowCount(state);
  const top = Math.max(0, Math.min(state.top, index), index - rows + 1);
  return { ...state, index, top };
}

const listRowCount = ({ rows }: PickerState): number => Math.max(1, rows - FRAME_ROWS);

function takeMouse(
  state: PickerState,
  { action, row }: Extract<InputEvent, { readonly type: "mouse" }>,
): PickerStep {
  if (state.words !== undefined) return { state };
  if (action !== "press") return { state: moved(state, action === "wheel-up" ? -1 : 1) };
  const index = state.top + row - LIST_TOP;
  const isLine = row >= LIST_TOP && row - LIST_TOP < listRowCount(state);
  return { state: isLine && index < shownChoices(state).length ? moved({ ...state, index }, 0) : state };
}

/** The picker's screen. */
export function viewPicker(state: PickerState): readonly Row[] {
  const { columns, rows, title, filter, hasUnicode, index, top, words } = state;
  const cursor = span(hasUnicode ? "▏" : "_", "strong");
  const shown = shownChoices(state);
  const count = `${shown.length} of ${state.items.length} `;
  const head = [span(" zr ", "bar"), span(` ${title}`, "strong"), span("  what shall be run?", "dim")];
  const filterRow = [span(" ", "plain"), span(filter), ...(words === undefined ? [cursor] : [])];
  const visible = shown.slice(top, top + listRowCount(state));
  const nameColumns = Math.min(40, Math.max(8, ...visible.map(({ name }) => widthOf(name))) + 2);
  const lines = visible.map((item, line) =>
    choiceRow(item, { isChosen: top + line === index, nameColumns, hasUnicode, columns }),
  );
  const list = lines.length === 0 ? [[span(" nothing fits", "dim")]] : lines;
  const body = Array.from({ length: listRowCount(state) }, (_, line) => list[line] ?? []);
  const chosen = shown[index];
  const foot =
    words === undefined || chosen === undefined
      ? HINTS
      : [span(`${chosen.name} needs ${chosen.required.join(", ")}: `, "strong"), span(words), cursor];
  return [head, justified(filterRow, [span(count, "dim")], columns), ...body, foot]
    .slice(0, rows)
    .map((row) => fitRow(row, columns));
}

const HINTS: Row = [
  ["Enter", "run"],
  ["Esc", "leave"],
  ["Tab", "all on one screen"],
].flatMap(([key = "", does = ""], index) => [
  span(index === 0 ? "" : "  "),
  span(key, "key"),
  span(` ${does}`, "dim"),
]);

interface ChoiceLook {
  readonly isChosen: boolean;
  readonly nameColumns: number;
  readonly hasUnicode: boolean;
  readonly columns: number;
}

function choiceRow({ name, description, kind, tags }: TaskItem, look: ChoiceLook): Row {
  const { isChosen, nameColumns, hasUnicode, columns } = look;
  const marker = isChosen ? (hasUnicode ? "▸ " : "> ") : "  ";
  const about = [kind === "workflow" ? "workflow" : "", description, tags.map((tag) => `#${tag}`).join(" ")];
  const row = [
    span(marker, "strong"),
    ...fitRow([span(name)], nameColumns),
    span(about.filter((text) => text !== "").join("  "), "dim"),
  ];
  if (!isChosen) return row;
  return fitRow(
    row.map(({ text }) => span(text, "chosen")),
    columns,
    "chosen",
  );
}
