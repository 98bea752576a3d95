import { expect, test } from "bun:test";
import fc from "fast-check";
import { watchPattern } from "#core/watch/watch-pattern";
import type { WatchPattern } from "#core/watch/watch-pattern";
import { globsOverlap } from "./glob-overlap";

function pattern(text: string): WatchPattern {
  const made = watchPattern(text, { root: "/w", dir: "/w" });
  if (made === undefined) throw new Error(`${text} leaves the workspace`);
  return made;
}

test.each([
  ["dist/**", "dist/js/a.js", true],
  ["dist", "dist/js/a.js", true],
  ["dist/*.js", "dist/*.css", false],
  ["dist/*.js", "dist/**/*.js", true],
  ["dist/*.js", "dist/deep/*.js", false],
  ["dist/*.{js,map}", "dist/*.map", true],
  ["dist/a?.o", "dist/ab.o", true],
  ["dist/a?.o", "dist/a.o", false],
  ["dist-a/**", "dist-b/**", false],
  ["**/x/*.o", "a/b/x/*.*", true],
  ["out\\*", "out1", false],
])("%p and %p overlap: %p", (a, b, expected) => {
  expect(globsOverlap(pattern(a), pattern(b))).toBe(expected);
  expect(globsOverlap(pattern(b), pattern(a))).toBe(expected);
});

const segment = fc.constantFrom("a", "b", "*", "a*", "?", "**", "[ab]", "{a,b}", "*b", "ab");
const glob = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const path = fc
  .array(fc.constantFrom("a", "b", "ab", "ba", "aa"), { minLength: 1, maxLength: 4 })
  .map((parts) => `/w/${parts.join("/")}`);

test("globs that both match some path overlap", () => {
  fc.assert(
    fc.property(glob, glob, path, (a, b, both) => {
      const [left, right] = [pattern(a), pattern(b)];
      fc.pre(left.matches(both) && right.matches(both));
      expect(globsOverlap(left, right)).toBe(true);
    }),
    { numRuns: 300, maxSkipsPerRun: 1000 },
  );
});
