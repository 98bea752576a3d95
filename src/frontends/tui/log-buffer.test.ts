import { expect, test } from "bun:test";
import { LogBuffer } from "./log-buffer";

const linesOf = (log: LogBuffer): string[] => log.text().split("\n").slice(0, -1);

function logOf(...pieces: readonly string[]): LogBuffer {
  const log = new LogBuffer();
  for (const piece of pieces) log.append("out", piece);
  return log;
}

test("pieces of output become lines, wherever they are divided", () => {
  expect(linesOf(logOf("one\ntw", "o\n", "three"))).toEqual(["one", "two", "three"]);
  expect(linesOf(logOf("one\n", "\n", "two\n"))).toEqual(["one", "", "two"]);
});

test("colours and what a carriage return has overwritten are left out, other controls are made visible", () => {
  expect(linesOf(logOf("\x1b[31mred\x1b[0m\n", "10 %\r20", " %\r30 %\r\n", "bell\x07\n"))).toEqual([
    "red",
    "30 %",
    "bell\\x07",
  ]);
  expect(linesOf(logOf("\x1b[3", "1mdivided\x1b", "[0m\n"))).toEqual(["divided"]);
});

test("tabs lead to columns of eight", () => {
  expect(linesOf(logOf("a\tb\t\tc\n"))).toEqual(["a       b               c"]);
});

test("lines of different sources are not mixed, and each has its prefix", () => {
  const log = new LogBuffer();
  log.append("a", "from a", "a | ");
  log.append("b", "from b\n", "b | ");
  log.append("a", ", more\n", "a | ");
  expect(linesOf(log)).toEqual(["a | from a, more", "b | from b"]);
});

test("only the last lines are kept, and keep their numbers", () => {
  const log = new LogBuffer();
  for (let index = 0; index < 20_000; index += 1) log.append("out", `line ${index}\n`);
  expect(log.end).toBe(20_000);
  expect(log.end - log.first).toBeLessThanOrEqual(6000);
  expect(log.end - log.first).toBeGreaterThanOrEqual(5000);
  expect(log.line(19_999)).toBe("line 19999");
  expect(log.line(log.first)).toBe(`line ${log.first}`);
});

test("a line without an end takes bounded room and time", () => {
  const log = new LogBuffer();
  for (let index = 0; index < 5000; index += 1) log.append("out", "x".repeat(1000));
  expect(log.end).toBe(1);
  expect(log.line(0).length).toBe(2000);
  const bar = new LogBuffer();
  for (let index = 0; index < 100_000; index += 1) bar.append("out", `\r${index} of 100000`);
  expect(linesOf(bar)).toEqual(["99999 of 100000"]);
});

test("a search goes forward and backward and around; capital letters count where it has some", () => {
  const log = logOf("one Needle\ntwo\nthree needle\nfour\n");
  expect(log.find("needle", 0, 1)).toBe(0);
  expect(log.find("needle", 1, 1)).toBe(2);
  expect(log.find("needle", 3, 1)).toBe(0);
  expect(log.find("needle", 1, -1)).toBe(0);
  expect(log.find("needle", -1, -1)).toBe(2);
  expect(log.find("Needle", 1, 1)).toBe(0);
  expect(log.find("nothing", 0, 1)).toBeUndefined();
  expect(new LogBuffer().find("x", 0, 1)).toBeUndefined();
});
