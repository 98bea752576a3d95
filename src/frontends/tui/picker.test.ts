import { expect, test } from "bun:test";
import { reducePicker, viewPicker } from "./picker";
import type { PickerEvent, PickerState, PickerStep } from "./picker";
import { rowText, widthOf } from "./row";

const item = (name: string, description = "", required: readonly string[] = []) => ({
  key: `task\0${name}`,
  kind: "task" as const,
  name,
  description,
  tags: [],
  required,
});

const START: PickerState = {
  items: [item("build", "Compile"), item("test"), item("deploy", "", ["where"])],
  title: "t",
  hasUnicode: false,
  columns: 50,
  rows: 6,
  filter: "",
  index: 0,
  top: 0,
  words: undefined,
};

const press = (state: PickerState, ...keys: readonly string[]): PickerStep =>
  keys.reduce<PickerStep>((step, key) => reducePicker(step.state, { type: "key", key }), { state });

const textOf = (state: PickerState): string[] => viewPicker(state).map((row) => rowText(row).trimEnd());

test("what is typed filters by name and description, and Enter takes the chosen one", () => {
  expect(press(START, "c", "o", "m", "Enter").picked).toMatchObject({ kind: "run", item: { name: "build" } });
  expect(press(START, "Down", "Enter").picked).toMatchObject({
    kind: "run",
    item: { name: "test" },
    words: [],
  });
  expect(press(START, "z", "Enter").picked).toBeUndefined();
  expect(press(START, "z", "Backspace", "End", "Home", "Enter").picked).toMatchObject({
    item: { name: "build" },
  });
});

test("what can't be run without arguments asks for them; Esc goes back to the list", () => {
  const asked = press(START, "d", "e", "p", "Enter");
  expect(asked.picked).toBeUndefined();
  expect(textOf(asked.state).at(-1)).toBe("deploy needs where: _");
  expect(press(asked.state, "a", " ", "'", "b", " ", "c", "'", "Enter").picked).toMatchObject({
    words: ["a", "b c"],
  });
  expect(press(asked.state, "Escape").state.words).toBeUndefined();
});

test("a click chooses a line, and one below the list nothing", () => {
  const click = (row: number): PickerEvent => ({ type: "mouse", action: "press", row, column: 1 });
  expect(reducePicker(START, click(3)).state.index).toBe(1);
  expect(reducePicker(START, click(5)).state.index).toBe(0);
});

test("the chosen line is on the screen at every size, which the screen has", () => {
  for (const [columns, rows] of [
    [1, 1],
    [10, 3],
    [40, 4],
    [200, 60],
  ] as const) {
    const { state } = press(reducePicker(START, { type: "resize", columns, rows }).state, "Down", "Down");
    const shown = viewPicker(state);
    expect(shown.length).toBeLessThanOrEqual(rows);
    for (const row of shown) expect(widthOf(rowText(row))).toBe(columns);
    if (rows > 3) expect(textOf(state).join("\n")).toContain("> deploy");
  }
});
