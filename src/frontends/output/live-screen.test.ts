import { expect, test } from "bun:test";
import { LiveScreen } from "./live-screen";

interface Made {
  readonly screen: LiveScreen;
  /** What has been written since the last look: one letter for the stream, and the text with `^` for the escape. */
  readonly written: () => readonly string[];
  readonly print: (text: string, stream?: "stdout" | "stderr") => void | Promise<void>;
  columns: number;
  slow: Promise<void> | undefined;
}

function make(isLineOpen = false): Made {
  let pieces: string[] = [];
  const made: Made = {
    columns: 80,
    slow: undefined,
    screen: new LiveScreen(
      {
        write: (stream, bytes) => {
          pieces.push(`${stream.charAt(3)} ${new TextDecoder().decode(bytes).replaceAll("\u001B", "^")}`);
          return made.slow;
        },
        columns: () => made.columns,
        onWaiting: () => pieces.push("waiting"),
      },
      isLineOpen,
    ),
    written: () => {
      const all = pieces;
      pieces = [];
      return all;
    },
    print: (text, stream = "stdout") => {
      const bytes = new TextEncoder().encode(text);
      const slow = made.screen.write(stream, bytes);
      // As the buffer of a reader is.
      bytes.fill(0x21);
      return slow;
    },
  };
  return made;
}

test("new lines are drawn over the old ones, and only where they differ", () => {
  const { screen, written } = make();
  screen.show(["one", "two"]);
  expect(written()).toEqual(["e one^[K\ntwo^[K\n"]);
  screen.show(["one", "two"]);
  expect(written()).toEqual([]);
  screen.show(["1"]);
  expect(written()).toEqual(["e ^[2A\r1^[K\n^[J"]);
  screen.show([]);
  expect(written()).toEqual(["e ^[1A\r^[J"]);
});

test("output waits for the next drawing, and takes the place of the lines", () => {
  const { screen, written, print } = make();
  print("before\n");
  expect(written()).toEqual(["o before\n"]);
  screen.show(["one"]);
  written();
  print("out\n");
  print("err\n", "stderr");
  expect(written()).toEqual(["waiting", "waiting"]);
  screen.show(["one"]);
  expect(written()).toEqual(["e ^[1A\r^[J", "o out\n", "e err\n", "e one^[K\n"]);
});

test("much output does not wait", () => {
  const { screen, written, print } = make();
  screen.show(["one"]);
  written();
  print(`${"x".repeat(300_000)}\n`);
  expect(written().map((piece) => piece.slice(0, 12))).toEqual(["e ^[1A\r^[J", "o xxxxxxxxxx"]);
});

test("a line that has no end yet is not broken", () => {
  const { screen, written, print } = make();
  screen.show(["one"]);
  print("10 %");
  screen.show(["one"]);
  expect(written()).toEqual(["e one^[K\n", "waiting", "e ^[1A\r^[J", "o 10 %"]);
  print("\r20 %");
  screen.show(["two"]);
  expect(written()).toEqual(["o \r20 %"]);
  print("\n");
  screen.show(["two"]);
  expect(written()).toEqual(["o \n", "e two^[K\n"]);
  const begun = make(true);
  begun.screen.show(["one"]);
  expect(begun.written()).toEqual([]);
});

test("lines that a narrower terminal has wrapped are taken away whole", () => {
  const made = make();
  made.screen.show(["x".repeat(60), "ok"]);
  made.written();
  made.columns = 25;
  made.screen.show(["short"]);
  expect(made.written()).toEqual(["e ^[4A\rshort^[K\n^[J"]);
});

test("while the terminal is slow nothing is drawn, and who prints is asked to wait", async () => {
  const made = make();
  made.screen.show(["one"]);
  made.written();
  const { promise, resolve } = Promise.withResolvers<void>();
  made.slow = promise;
  made.print("a\n");
  made.screen.show(["two"]);
  expect(made.written()).toEqual(["waiting", "e ^[1A\r^[J", "o a\n", "e two^[K\n"]);
  const waiting = made.print("b\n");
  expect(waiting).toBeInstanceOf(Promise);
  made.screen.show(["three"]);
  expect(made.written()).toEqual(["waiting"]);
  made.slow = undefined;
  resolve();
  await waiting;
  made.screen.show(["three"]);
  expect(made.written()).toEqual(["e ^[1A\r^[J", "o b\n", "e three^[K\n"]);
});
