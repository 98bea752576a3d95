import { describe, expect, test } from "bun:test";
import { expandMatrix, matrixSuffix } from "./matrix";

const rows = (matrix: Readonly<Record<string, unknown>>): string[] => {
  const expanded = expandMatrix(matrix);
  if (!expanded.ok) throw new Error(expanded.error);
  return expanded.value.map(matrixSuffix);
};
const problem = (matrix: Readonly<Record<string, unknown>>): string | undefined => {
  const expanded = expandMatrix(matrix);
  return expanded.ok ? undefined : expanded.error;
};

describe("a matrix", () => {
  test("that is not there gives the one empty combination", () => {
    expect(expandMatrix(undefined)).toEqual({ ok: true, value: [{}] });
    expect(matrixSuffix({})).toBe("");
  });

  test("is the product of its lists in their order, the last key turning fastest", () => {
    expect(rows({ os: ["linux", "darwin"], n: [1, true] })).toEqual([
      "[os=linux,n=1]",
      "[os=linux,n=true]",
      "[os=darwin,n=1]",
      "[os=darwin,n=true]",
    ]);
  });

  test("loses the combinations that have all values of an exclude entry", () => {
    expect(rows({ os: ["a", "b"], n: [1, 2], exclude: [{ os: "a" }, { os: "b", n: 2 }] })).toEqual([
      "[os=b,n=1]",
    ]);
  });

  test("keeps everything where an exclude entry names a key that it does not have", () => {
    expect(rows({ os: ["a"], exclude: [{ arch: "x" }] })).toEqual(["[os=a]"]);
  });

  test("an include entry adds its further keys to the combinations that it agrees with", () => {
    expect(rows({ os: ["a", "b"], n: [1, 2], include: [{ os: "a", color: "red" }] })).toEqual([
      "[os=a,n=1,color=red]",
      "[os=a,n=2,color=red]",
      "[os=b,n=1]",
      "[os=b,n=2]",
    ]);
  });

  test("an include entry that agrees with none is a combination of its own", () => {
    expect(rows({ os: ["a"], include: [{ os: "c", n: 9 }] })).toEqual(["[os=a]", "[os=c,n=9]"]);
  });

  test("an include entry without keys of the matrix is added to all", () => {
    expect(rows({ os: ["a", "b"], include: [{ n: 1 }] })).toEqual(["[os=a,n=1]", "[os=b,n=1]"]);
  });

  test("later include entries may replace what earlier ones have added, but never a value of the matrix", () => {
    expect(
      rows({
        fruit: ["apple", "pear"],
        animal: ["cat", "dog"],
        include: [
          { color: "green" },
          { color: "pink", animal: "cat" },
          { fruit: "apple", shape: "circle" },
          { fruit: "banana" },
          { fruit: "banana", animal: "cat" },
        ],
      }),
    ).toEqual([
      "[fruit=apple,animal=cat,color=pink,shape=circle]",
      "[fruit=apple,animal=dog,color=green,shape=circle]",
      "[fruit=pear,animal=cat,color=pink]",
      "[fruit=pear,animal=dog,color=green]",
      "[fruit=banana]",
      "[fruit=banana,animal=cat]",
    ]);
  });

  test("of include entries alone has just these", () => {
    expect(rows({ include: [{ os: "a" }, { os: "b", n: 1 }] })).toEqual(["[os=a]", "[os=b,n=1]"]);
  });

  test.each([
    [{ os: "linux" }, "'os' must be a list"],
    [{ os: [["nested"]] }, "'os' must be a list"],
    [{ os: [null] }, "'os' must be a list"],
    [{ os: ["a\u001bb"] }, "without control characters"],
    [{ os: ["a"], include: ["b"] }, "lists of tables"],
    [{ os: ["a"], exclude: { os: "a" } }, "lists of tables"],
    [{ os: ["a"], include: [{ os: [] }] }, "lists of tables"],
    [{}, "no combination"],
    [{ os: [] }, "no combination"],
    [{ os: ["a"], exclude: [{ os: "a" }] }, "no combination"],
    [
      Object.fromEntries(
        ["a", "b", "c"].map((key) => [key, Array.from({ length: 30 }, (_, index) => index)]),
      ),
      "more than 10000",
    ],
  ])("%p is refused", (matrix, expected) => {
    expect(problem(matrix)).toContain(expected);
  });
});
