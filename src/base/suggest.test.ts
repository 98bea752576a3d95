import { describe, expect, test } from "bun:test";
import { editDistance, suggest } from "./suggest";

describe("edit distance", () => {
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["biuld", "build", 1],
    ["ab", "ba", 1],
    ["ca", "abc", 3],
    ["flaw", "lawn", 2],
  ])("of %p and %p is %d: a swap of neighbours is one edit", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe("suggestions", () => {
  test("are the three nearest, ties in the order of the names", () => {
    expect(suggest("build", ["builds", "bild", "guild", "built", "xbuildx"])).toEqual([
      "bild",
      "builds",
      "built",
    ]);
  });

  test("are at most three edits away, and for a short word half its length", () => {
    expect(suggest("deployabc", ["deployxyz"])).toEqual(["deployxyz"]);
    expect(suggest("deployabcd", ["deploywxyz"])).toEqual([]);
    expect(suggest("test", ["tasks", "rest", "best"])).toEqual(["best", "rest"]);
    expect(suggest("ab", ["xy", "ba", "abc"])).toEqual(["abc", "ba"]);
  });

  test("do not share nothing with the word", () => {
    expect(suggest("x", ["a", "b", "xy"])).toEqual(["xy"]);
    expect(suggest("", ["a", "ab"])).toEqual([]);
  });

  test("do not mind large and small letters, and name nothing twice", () => {
    expect(suggest("BUILD", ["build", "build"])).toEqual(["build"]);
  });
});
