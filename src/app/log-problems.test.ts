import { expect, test } from "bun:test";
import { logProblems, LogTally } from "./log-problems";

const check = (text: string): readonly string[] =>
  logProblems(text, 10).map(
    ({ file, line, column, message }) => `${file}:${line}:${column ?? "-"} ${message}`,
  );

test.each([
  [
    "tsc",
    "src/a.ts(3,5): error TS2304: Cannot find name 'x'.",
    "src/a.ts:3:5 error TS2304: Cannot find name 'x'.",
  ],
  [
    "gcc",
    "src/a.c:12:3: error: expected ';' before '}' token",
    "src/a.c:12:3 error: expected ';' before '}' token",
  ],
  ["go", "./pkg/a.go:7:2: undefined: foo", "pkg/a.go:7:2 undefined: foo"],
  ["go test", "    a_test.go:9: expected 3, got 4", "a_test.go:9:- expected 3, got 4"],
  [
    "rust",
    "error[E0425]: cannot find value `x`\n --> src/main.rs:10:5\n  |",
    "src/main.rs:10:5 error[E0425]: cannot find value `x`",
  ],
  [
    "rust panic",
    "thread 'main' panicked at src/main.rs:4:9:\nboom",
    "src/main.rs:4:9 thread 'main' panicked at",
  ],
  [
    "python",
    'Traceback (most recent call last):\n  File "app/x.py", line 4, in f\nValueError: bad',
    "app/x.py:4:- Traceback (most recent call last):",
  ],
  ["pytest", "tests/test_a.py:12: AssertionError", "tests/test_a.py:12:- AssertionError"],
  [
    "node",
    "TypeError: x is not a function\n    at run (/repo/src/a.js:3:9)",
    "/repo/src/a.js:3:9 TypeError: x is not a function",
  ],
  ["eslint", "/repo/a.js:1:2: error Unexpected console", "/repo/a.js:1:2 error Unexpected console"],
  ["windows", String.raw`C:\repo\a.cs(5,13): error CS0103: no`, "C:/repo/a.cs:5:13 error CS0103: no"],
  [
    "ruby",
    "a.rb:3:in `f': undefined method (NoMethodError)",
    "a.rb:3:- in `f': undefined method (NoMethodError)",
  ],
])("the place and the message of %s are found", (_, text, expected) => {
  expect(check(text)).toEqual([expected]);
});

test.each([
  ["an address", "error: connect to 10.0.0.1:8080 failed"],
  ["a link", "see https://example.com/a.html:3 for the error"],
  ["a place without a complaint", "compiled src/a.ts:3:5 in 4 ms"],
  ["a warning", "src/a.c:3:5: warning: unused variable"],
  ["code of others", "Error: x\n    at f (/repo/node_modules/lib/a.js:3:9)"],
  ["a time", "12:30:45 error"],
])("%s is no error with a place", (_, text) => {
  expect(check(text)).toEqual([]);
});

test("each place is told once, and no more than asked for", () => {
  const text = "a.c:1:1: error: x\na.c:1:1: error: x\nb.c:2:2: error: y\nc.c:3:3: error: z\n";
  expect(logProblems(text, 2).map(({ file }) => file)).toEqual(["a.c", "b.c"]);
});

test("a line of a megabyte takes no time to speak of", () => {
  const line = "a.".repeat(500_000);
  expect(check(`${line}\n${"x/".repeat(900)}:1:1: error`)).toBeArray();
}, 1000);

test("lines that differ by numbers only count as the same", () => {
  const tally = new LogTally();
  for (let index = 0; index < 5; index += 1) tally.add(`step ${index} of 5`);
  tally.add("error: once");
  tally.add("warning: twice");
  expect(tally).toMatchObject({ lines: 7, errors: 1, warnings: 1 });
  expect(tally.repeated(3)).toEqual([{ count: 5, line: "step 0 of 5" }]);
});
