import { describe, expect, test } from "bun:test";
import { tomlDiagnosticCodes } from "./codes";
import { readValues } from "./read-values";
import { syntaxDiagnostic } from "./syntax-error";

function problem(text: string): {
  readonly code: string;
  readonly at: string;
  readonly first?: string;
  readonly start: number;
} {
  const outcome = readValues(text);
  if (outcome.ok) throw new Error("readable");
  const { code, place, related } = syntaxDiagnostic({ file: "zr.toml", text }, outcome.error);
  const first = related?.[0]?.place.span;
  return {
    code,
    at: text.slice(place?.span?.start, place?.span?.end),
    start: place?.span?.start ?? -1,
    ...(first === undefined ? {} : { first: text.slice(first.start, first.end) }),
  };
}

describe("the diagnostic of a refused text", () => {
  test.each([
    ["a = 1\nb = @\n", "E100", "@"],
    ["a = 1\nb = wrong\n", "E100", "wrong"],
    ["a = [1\n", "E100", "1"],
    ["a = 1\rb = 2", "E100", "b"],
    ["a = '''x\ry'''", "E100", "x"],
    ["a = 1\nid = 9007199254740993\n", "E105", "9007199254740993"],
    ["a = \0", "E102", "\0"],
    ["\ufffd\ufffdELF", "E102", "\ufffd"],
    ["# \ufffd\na = '\ufffd'\nb = @\n", "E100", "@"],
    [`a = ${"[".repeat(300)}`, "E100", "["],
    [`a = ${"[".repeat(300)}${"]".repeat(300)}`, "E104", "["],
  ])("%j is %s", (text, code, at) => {
    expect(problem(text)).toMatchObject({ code, at });
  });

  test("a text that is too large is told with its length and the limit", () => {
    const failure = { kind: "too-large", length: 9, limit: 8 } as const;
    const { code, data } = syntaxDiagnostic({ file: "zr.toml", text: "a = 1" }, failure);
    expect([code, data]).toEqual(["E103", { length: 9, limit: 8 }]);
  });

  test("a key defined twice is shown with its first definition", () => {
    expect(problem("[t]\na.b = 1\n'a'.b = 2\n")).toMatchObject({
      code: "E101",
      at: "'a'.b",
      first: "b",
      start: 12,
    });
    expect(problem("\ufeff[tasks.x]\n[tasks.y]\n  [tasks.x] # again\n")).toMatchObject({
      code: "E101",
      at: "tasks.x",
      first: "x",
    });
  });

  test.each([
    ["[t]\nenv = { A = 1, \"B\" = 2, 'B' = 3 }\n", "'B'", 28],
    ["env = {\n  A = 1,\n  A = 2,\n}\n", "A", 19],
    ["\ufeffl = [{ n = 1, n = 2 }]\n", "n", 15],
    ["t = { a = {}, a.b = 1 }\n", "a", 14],
  ])("a key defined twice in an inline table is the one that is shown: %j", (text, at, start) => {
    expect(problem(text)).toMatchObject({ code: "E101", at, start });
  });

  test("a repeated table in a large file is found as well", () => {
    const text = `${Array.from({ length: 2000 }, (_, index) => `[tasks.t${index}]\ncmd = "x"\n`).join("")}[tasks.t5]\n`;
    expect(problem(text)).toMatchObject({ code: "E101", at: "tasks.t5", start: text.length - 10 });
  });

  test.each(Object.entries(tomlDiagnosticCodes).filter(([, texts]) => texts.example !== ""))(
    "the example of %s has that problem and its data fill the message",
    (code, texts) => {
      const outcome = readValues(texts.example);
      if (outcome.ok) throw new Error("readable");
      const found = syntaxDiagnostic({ file: "zr.toml", text: texts.example }, outcome.error);
      expect(found.code).toBe(code);
      for (const [, name] of `${texts.message}${texts.label}`.matchAll(/\{(\w+)\}/g))
        expect(found.data).toHaveProperty(name ?? "");
    },
  );
});
