import { expect, test } from "bun:test";
import { concatBytes } from "#base/concat-bytes";
import { TailBuffer } from "./tail-buffer";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (tail: TailBuffer): string =>
  new TextDecoder().decode(concatBytes(tail.pieces().map(({ bytes }) => bytes)));

test("what is left begins at a line and is within the limit, and the rest is counted", () => {
  const tail = new TailBuffer(100);
  for (let line = 0; line < 50; line += 1) tail.append("stdout", bytesOf(`line ${line}\n`));
  expect(textOf(tail)).toBe(Array.from({ length: 12 }, (_, index) => `line ${index + 38}\n`).join(""));
  expect(tail.droppedBytes + textOf(tail).length).toBe(390);
  expect(tail.lineCount).toBe(50);
});

test("one piece above the limit keeps its end", () => {
  const tail = new TailBuffer(10);
  tail.append("stdout", bytesOf("x".repeat(1000)));
  expect(textOf(tail)).toBe("x".repeat(10));
  expect(tail.droppedBytes).toBe(990);
});

test("streams that take turns by the byte stay bounded", () => {
  const tail = new TailBuffer(1_000_000);
  for (let index = 0; index < 100_000; index += 1)
    tail.append(index % 2 === 0 ? "stdout" : "stderr", bytesOf("x"));
  expect(tail.pieces().length).toBeLessThanOrEqual(8192);
  expect(tail.droppedBytes + textOf(tail).length).toBe(100_000);
});

test("last lines are those of a terminal: without what carriage returns have overwritten", () => {
  const tail = new TailBuffer(1000);
  tail.append("stdout", bytesOf("a\r\n10 %\r20 %\r100 %\nno end"));
  expect(tail.lastLines(3)).toEqual(["a", "100 %", "no end"]);
  expect(tail.lastLines(1)).toEqual(["no end"]);
});
