import { expect, test } from "bun:test";
import { inputEvents } from "./key";

const keys = (text: string): string[] =>
  inputEvents(text).map((event) => (event.type === "key" ? event.key : event.type));

test("characters, controls and sequences are keys by their names", () => {
  expect(keys("é한")).toEqual(["é", "한"]);
  expect(keys("\r\n\t\x7f\b\x03\x1a\x15")).toEqual([
    "Enter",
    "Enter",
    "Tab",
    "Backspace",
    "Backspace",
    "Ctrl-C",
    "Ctrl-Z",
    "Ctrl-U",
  ]);
  expect(keys("\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1b[Z")).toEqual([
    "Up",
    "Down",
    "PageUp",
    "PageDown",
    "Home",
    "End",
    "Shift-Tab",
  ]);
});

test("an escape alone is the Escape key, also before other keys", () => {
  expect(keys("\x1b")).toEqual(["Escape"]);
  expect(keys("\x1b\x1b[A")).toEqual(["Escape", "Up"]);
});

test("sequences that mean nothing here are left out, as a whole", () => {
  expect(keys("\x1b[1;5Aa\x1b[?1;2cb\x1b[24~")).toEqual(["a", "b"]);
});

test("the mouse tells what was done where, from 0; releases and other buttons are left out", () => {
  expect(inputEvents("\x1b[<0;3;4M\x1b[<0;3;4m\x1b[<2;1;1M\x1b[<64;1;1M\x1b[<65;10;20M")).toEqual([
    { type: "mouse", action: "press", row: 3, column: 2 },
    { type: "mouse", action: "wheel-up", row: 0, column: 0 },
    { type: "mouse", action: "wheel-down", row: 19, column: 9 },
  ]);
});

test("pasted text is never taken for keys", () => {
  expect(inputEvents("\x1b[200~q\r\x1b[Ay\x1b[201~x")).toEqual([
    { type: "paste", text: "q\r\x1b[Ay" },
    { type: "key", key: "x" },
  ]);
  expect(inputEvents("\x1b[200~open")).toEqual([{ type: "paste", text: "open" }]);
});
