import { describe, expect, test } from "bun:test";
import { bindParameters, parameterText, parameterVariable } from "./parameters";
import type { Parameter } from "./parameters";

const bind = (
  declared: readonly Parameter[],
  words: readonly string[],
  named: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
) => bindParameters(declared, { words, named }, { task: "t", env });
const codes = (...args: Parameters<typeof bind>): string[] =>
  bind(...args).problems.map(
    (problem) => `${problem.code} ${String(problem.data["name"] ?? problem.data["value"])}`,
  );

describe("a parameter's value", () => {
  test("is given by name, else by the next word, else by its variable, else by its default", () => {
    const declared = [{ name: "a", env: "A", default: "d" }, { name: "b" }];
    expect(bind(declared, ["w"], { a: "n" }).values).toEqual({ a: "n", b: "w" });
    expect(bind(declared, ["w"]).values).toEqual({ a: "w" });
    expect(bind(declared, [], {}, { A: "e" }).values).toEqual({ a: "e" });
    expect(bind(declared, []).values).toEqual({ a: "d" });
  });

  test("is all words that are left where the parameter is variadic, and none is an empty list", () => {
    expect(bind([{ name: "a" }, { name: "rest", variadic: true }], ["1", "2", "3"]).values).toEqual({
      a: "1",
      rest: ["2", "3"],
    });
    expect(bind([{ name: "rest", variadic: true }], []).values).toEqual({ rest: [] });
  });

  test("of a flag is false where it is not given, and a number or a truth given as default is text", () => {
    expect(
      bind(
        [
          { name: "f", type: "boolean" },
          { name: "n", default: 3 },
          { name: "t", default: true },
        ],
        [],
      ).values,
    ).toEqual({ f: "false", n: "3", t: "true" });
  });

  test("that is required and missing is a problem, and so is each word too many", () => {
    expect(
      codes(
        [
          { name: "a", required: true },
          { name: "b", required: true },
        ],
        [],
      ),
    ).toEqual(["E161 a", "E161 b"]);
    expect(codes([{ name: "a" }], ["1", "2", "3"])).toEqual(["E163 2", "E163 3"]);
    expect(codes([{ name: "rest", variadic: true, required: true }], [])).toEqual(["E161 rest"]);
  });

  test("has to be of the type and among the choices, each word of a variadic one", () => {
    expect(codes([{ name: "n", type: "number" }], ["1e3"])).toEqual([]);
    for (const wrong of ["", " ", "one", "NaN", "Infinity"])
      expect(codes([{ name: "n", type: "number" }], [wrong])).toEqual(["E162 n"]);
    expect(codes([{ name: "f", type: "boolean" }], ["yes"])).toEqual(["E162 f"]);
    expect(codes([{ name: "c", choices: ["x", "y"], variadic: true }], ["x", "z", "q"])).toEqual([
      "E162 c",
      "E162 c",
    ]);
    expect(codes([{ name: "s" }], ["a\0b"])).toEqual(["E162 s"]);
  });

  test("given by an unknown name is a problem with the near names", () => {
    expect(bind([{ name: "region" }], [], { regoin: "eu" }).problems).toMatchObject([
      { code: "E163", data: { value: "--regoin" }, suggestions: ["--region"] },
    ]);
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "may be of a parameter named %s",
    (name) => {
      expect(bind([{ name, env: name }], []).values).not.toHaveProperty(name, expect.anything());
      expect(bind([{ name, default: "d" }], []).problems).toEqual([]);
      const { values } = bind([{ name }], ["w"]);
      expect(Object.entries(values)).toEqual([[name, "w"]]);
    },
  );
});

test("a parameter's variable and text are those that shells can take", () => {
  expect(parameterVariable("dry-run")).toBe("ZR_ARG_dry_run");
  expect(parameterText(["a", "b c"])).toBe("a b c");
  expect(parameterText("x")).toBe("x");
});
