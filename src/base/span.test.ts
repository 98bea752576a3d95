import { expect, test } from "bun:test";
import { lineAt, offsetAt, positionAt } from "./span";

const TEXT = "one\r\ntwo\n\nlast";

test.each([
  [0, 1, 1],
  [3, 1, 4],
  [5, 2, 1],
  [8, 2, 4],
  [9, 3, 1],
  [10, 4, 1],
  [14, 4, 5],
  [99, 4, 5],
])("offset %d is line %d, column %d", (offset, line, column) => {
  expect(positionAt(TEXT, offset)).toEqual({ line, column });
});

test("a position leads back to its offset, at most to the end of the text", () => {
  expect(offsetAt(TEXT, { line: 2, column: 1 })).toBe(5);
  expect(offsetAt(TEXT, { line: 9, column: 1 })).toBe(TEXT.length);
  expect(offsetAt(TEXT, { line: 4, column: 99 })).toBe(TEXT.length);
});

test("a line is its text without the line end", () => {
  expect([1, 2, 3, 4, 5].map((line) => lineAt(TEXT, line))).toEqual(["one", "two", "", "last", ""]);
});
