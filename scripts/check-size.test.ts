import { describe, expect, test } from "bun:test";
import { checkSize } from "./check-size";
import { functionsOf } from "./functions";
import { sourceFile } from "./source-files";
import { maskSource } from "./source-text";

const lines = (count: number) => "x();\n".repeat(count);

function broken(path: string, text: string): readonly string[] {
  return checkSize([sourceFile(path, text)]).violations.map(
    ({ line, rule, reason }) => `${line} ${rule} ${reason}`,
  );
}

describe("the size check", () => {
  test("a file of 500 lines passes and one of 501 does not", () => {
    expect(broken("src/app/x.ts", lines(500))).toEqual([]);
    expect(broken("src/app/x.ts", lines(501))).toEqual(["501 file-size 501 lines, at most 500 are allowed"]);
  });

  test("a function of 70 lines passes and one of 71 does not", () => {
    expect(broken("src/app/x.ts", `function f() {\n${lines(68)}}\n`)).toEqual([]);
    expect(broken("src/app/x.ts", `\nfunction f() {\n${lines(69)}}\n`)).toEqual([
      "2 function-size f has 71 lines, at most 70 are allowed",
    ]);
  });

  test("the functions of a test are not limited", () => {
    expect(broken("src/app/x.test.ts", `test("a", () => {\n${lines(100)}});\n`)).toEqual([]);
  });

  test("the distribution gives count, median, ninth decile and the longest", () => {
    const files = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((count) =>
      sourceFile(`src/base/f${count}.ts`, lines(count)),
    );
    expect(checkSize(files).files).toEqual({ count: 10, median: 5, p90: 9, longest: 100 });
  });
});

describe("finding functions", () => {
  const cases: readonly (readonly [code: string, names: readonly string[]])[] = [
    ["function a(x: { b: 1 }): Map<string, number> {\n}", ["a"]],
    ["export async function a<T>(x: T): Promise<{ readonly b: T }> {\n}", ["a"]],
    ["const a = (x: number): string => {\n};", ["a"]],
    ["class A extends B {\n  run(): void {\n  }\n}", ["run"]],
    ["list.map((x) => {\n});", ["arrow function"]],
    ["if (a) {\n} else {\n}\nfor (const x of y) {\n}\ntry {\n} catch (e) {\n}", []],
    ["switch (a) {\n  case f(x): {\n  }\n}", []],
    ["function a(): number {\n}\nclass B {\n}", ["a"]],
    ["const a = b ? f(x) : { c: 1 };", []],
    ["interface A {\n  run(): { b: 1 };\n}", []],
  ];
  for (const [code, names] of cases) {
    test(`in ${JSON.stringify(code)} finds ${names.length === 0 ? "none" : names.join(", ")}`, () => {
      expect(functionsOf(maskSource(code).code).map((found) => found.name)).toEqual([...names]);
    });
  }
});
