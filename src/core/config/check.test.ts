import { describe, expect, test } from "bun:test";
import { checkValue, kindName, shown } from "./check";
import {
  any,
  boolean,
  duration,
  integer,
  list,
  literal,
  map,
  nonEmptyList,
  number,
  oneOf,
  oneOrMany,
  string,
  table,
  union,
} from "./schema/kinds";
import type { Kind } from "./schema/kinds";
import { isTomlTable } from "./toml/values";

/** What is wrong, as `code path: data`. */
const found = (kind: Kind, value: unknown): string[] =>
  checkValue(kind, value, "/f").map(({ code, place }) => `${code} ${(place?.path ?? []).join(".")}`.trim());
const only = (kind: Kind, value: unknown) => {
  const [first, ...others] = checkValue(kind, value, "/f");
  expect(others).toEqual([]);
  return first;
};
const field = <K extends Kind>(kind: K) => ({ kind, doc: "." });

describe("a value", () => {
  test.each([
    [string, "", 1],
    [boolean, false, "false"],
    [integer(0, 3), 3, 1.5],
    [number(0, 1), 0.5, "0.5"],
    [list(string), [], "a"],
    [map(string), {}, []],
    [table(() => ({})), {}, null],
    [oneOf("a", "b"), "a", 1],
    [literal(true), true, false],
    [union(string, boolean), true, 1],
    [any, undefined, undefined],
  ] as const)("of the kind %p is %p, and not %p", (kind, right, wrong) => {
    expect(found(kind, right)).toEqual([]);
    if (kind !== any) expect(found(kind, wrong)).toEqual(["E112"]);
  });

  test("of a number has its limits, both included, and is a number", () => {
    expect([0, 3].flatMap((value) => found(integer(0, 3), value))).toEqual([]);
    expect(only(integer(0, 3), 4)).toMatchObject({ code: "E114", data: { min: 0, max: 3, found: "4" } });
    expect(found(number(0, 1), Number.NaN)).toEqual(["E114"]);
    expect(found(number(0, 1), Number.POSITIVE_INFINITY)).toEqual(["E114"]);
  });

  test("of a few words is suggested the nearest", () => {
    expect(only(oneOf("debug", "info"), "inof")).toMatchObject({ code: "E113", suggestions: ["info"] });
  });

  test("with a format is told what it should look like", () => {
    expect(only(duration, "soon")).toMatchObject({ code: "E115", data: { found: "soon" } });
  });

  test("that is a date is called one, and is no table", () => {
    const { d } = Bun.TOML.parse("d = 2024-01-01") as { readonly d: unknown };
    expect(isTomlTable(d)).toBe(false);
    expect(only(map(string), d)?.data["found"]).toBe("a date");
  });
});

describe("a list or table", () => {
  test("is looked at to its end, each problem at its own path", () => {
    const kind = table(() => ({ a: field(list(string)), b: field(map(integer(0, 9))) }));
    expect(found(kind, { a: ["x", 1, "y", 2], b: { one: 1, two: "2" } })).toEqual([
      "E112 a.1",
      "E112 a.3",
      "E112 b.two",
    ]);
  });

  test("has no other keys than its fields, and all that are required", () => {
    const kind = table(() => ({ inner: field(table(() => ({ name: field(string) }), ["name"])) }));
    expect(found(kind, { inner: { nmae: "x" } })).toEqual(["E110 inner.nmae", "E118 inner"]);
    expect(found(kind, { iner: {} })).toEqual(["E111 iner"]);
    for (const name of ["constructor", "__proto__", "toString"])
      expect(found(kind, Object.fromEntries([[name, 1]]))).toEqual([`E111 ${name}`]);
  });

  test("may have to have something in it", () => {
    expect(found(nonEmptyList(string), [])).toEqual(["E116"]);
  });

  test.each([
    ["task-name", ["a", "a:b/c.d-e_f", "x:*", "빌드"], ["", "a b", "-a", "a\u001b", "a@b"]],
    ["env-name", ["A", "_a1", "constructor"], ["", "1", "a-b", "A B", "A\0"]],
    ["name", ["anything at all", "é"], ["", "a\nb", "\u009b"]],
  ] as const)("of %s keys takes %p and not %p", (keys, right, wrong) => {
    for (const name of right) expect(found(map(any, keys), { [name]: 1 })).toEqual([]);
    for (const name of wrong)
      expect(only(map(any, keys), { [name]: 1 })).toMatchObject({ code: "E117", place: { target: "key" } });
  });
});

describe("a union", () => {
  test("takes the option of the value's type, and tells that one's problems", () => {
    const kind = union(
      string,
      table(() => ({ a: field(integer(0, 1)) })),
    );
    expect(
      found(
        table(() => ({ x: field(kind) })),
        { x: { a: 5 } },
      ),
    ).toEqual(["E114 x.a"]);
    expect(only(oneOrMany(string), 3)).toMatchObject({
      data: { expected: "a string or an array of strings", found: "the number 3" },
    });
  });

  test("among options of one type is right where one of them is", () => {
    const kind = union(duration, oneOf("never"));
    expect(found(kind, "never")).toEqual([]);
    expect(found(kind, "5m")).toEqual([]);
    expect(found(kind, "x")).toEqual(["E115"]);
  });
});

test.each([
  [list(list(string)), "an array of arrays of strings"],
  [union(boolean, oneOf("ask")), 'true or false or "ask"'],
  [union(string, string), "a string"],
  [list(union(string, boolean)), "an array"],
] as const)("the kind %p has a name", (kind, name) => {
  expect(kindName(kind)).toBe(name);
});

test("text of a file is shown without control characters, and long text in part", () => {
  expect(shown("a\u001b\n")).toBe("a\\u001b\\u000a");
  expect(shown("x".repeat(81))).toBe(`${"x".repeat(77)}...`);
});
