import { expect, test } from "bun:test";
import { isMeant, isNamed, watchPattern } from "./watch-pattern";
import type { WatchPattern } from "./watch-pattern";

const PLACE = { root: "/w", dir: "/w/app" };

function pattern(text: string): WatchPattern {
  const made = watchPattern(text, PLACE);
  if (made === undefined) throw new Error(`${text} leaves the workspace`);
  return made;
}

const patterns = (...texts: readonly string[]): WatchPattern[] => texts.map(pattern);

test.each([
  ["src/**", "/w/app/src/a/b.ts", true],
  ["src/**", "/w/app/src", false],
  ["src", "/w/app/src/a/b.ts", true],
  ["src/", "/w/app/src/a", true],
  ["./src/*.ts", "/w/app/src/a.ts", true],
  ["src/*", "/w/app/src/a/b.ts", false],
  ["**/*.ts", "/w/app/.hidden/a.ts", true],
  ["*.{js,ts}", "/w/app/a.js", true],
  ["//lib/**", "/w/lib/a", true],
  ["//lib/**", "/w/app/lib/a", false],
  ["../lib/*.md", "/w/lib/a.md", true],
  ["a (copy).txt", "/w/app/a (copy).txt", true],
  ["/w/lib/*", "/w/lib/a", true],
])("%p, read in a package, means %p: %p", (text, path, expected) => {
  expect(pattern(text).matches(path)).toBe(expected);
});

test.each(["../../x", "../../**", "//../x", "/etc/**", "/w2/x", "src/*/../../../x", "!../../x"])(
  "%p leads out of the workspace",
  (text) => {
    expect(watchPattern(text, PLACE)).toBeUndefined();
  },
);

test("the last pattern that matches decides", () => {
  const list = patterns("**/*.ts", "!gen/**", "gen/keep.ts");
  expect(isMeant(list, "/w/app/a.ts")).toBe(true);
  expect(isMeant(list, "/w/app/gen/a.ts")).toBe(false);
  expect(isMeant(list, "/w/app/gen/keep.ts")).toBe(true);
  expect(isMeant(list, "/w/app/a.js")).toBe(false);
});

test("an ignored path is named only by a pattern that begins in what is ignored", () => {
  const dist = "/w/app/dist";
  expect(isNamed(patterns("dist/*.json"), `${dist}/a.json`, dist)).toBe(true);
  expect(isNamed(patterns("dist"), `${dist}/a.json`, dist)).toBe(true);
  expect(isNamed(patterns("**/*.json"), `${dist}/a.json`, dist)).toBe(false);
  expect(isNamed(patterns("di*/a.json"), `${dist}/a.json`, dist)).toBe(false);
  expect(isNamed(patterns("dist/**", "!dist/a.json"), `${dist}/a.json`, dist)).toBe(false);
  expect(isNamed(patterns(".env"), "/w/app/.env", "/w/app/.env")).toBe(true);
});
