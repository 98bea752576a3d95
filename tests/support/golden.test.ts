import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dedent } from "./dedent";
import { diffLines } from "./diff-lines";
import { expectGolden, golden } from "./golden";

const variables = ["CI", "UPDATE_GOLDEN"] as const;
const given = variables.map((name) => [name, process.env[name]] as const);
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zr-golden-"));
  for (const name of variables) delete process.env[name];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const [name, value] of given) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

test("a golden passes for its text and fails for any other", () => {
  writeFileSync(join(folder, "help.txt"), "usage\n");
  expectGolden("help.txt", "usage\n", { folder });
  expect(() => expectGolden("help.txt", "usage", { folder })).toThrow();
});

test("a golden that isn't there fails and is not written", () => {
  expect(() => expectGolden("new.txt", "text", { folder })).toThrow("there is no golden");
  expect(() => readFileSync(join(folder, "new.txt"))).toThrow();
});

test("UPDATE_GOLDEN=1 writes the golden, but never in CI", () => {
  process.env["UPDATE_GOLDEN"] = "1";
  expectGolden("deep/new.txt", "text", { folder });
  expect(readFileSync(join(folder, "deep/new.txt"), "utf8")).toBe("text");
  process.env["CI"] = "true";
  expect(() => expectGolden("deep/new.txt", "other", { folder })).toThrow();
  expect(readFileSync(join(folder, "deep/new.txt"), "utf8")).toBe("text");
});

test.each([
  ["\n    a\n      b\n\n    c\n  ", "a\n  b\n\nc\n"],
  ["\n  a", "a"],
  ["  a\n  b", "  a\n  b"],
  ["", ""],
  ["\n", ""],
])("the block %j reads %j", (block, text) => {
  expect(dedent(block)).toBe(text);
});

test("a golden block keeps its values and its backslashes' meaning", () => {
  expect(golden`
    a ${1}
      "\\"
  `).toBe('a 1\n  "\\"\n');
});

test("a difference shows the lines that differ between a few equal ones", () => {
  expect(diffLines("1\n2\n3\n4\nold\n5\n", "1\n2\n3\n4\nnew\nmore\n5\n")).toBe(
    "  2\n  3\n  4\n- old\n+ new\n+ more\n  5",
  );
  expect(diffLines("a\n", "a")).toBe("- a\n+ a ⏎ missing");
});
