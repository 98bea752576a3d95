import fc from "fast-check";
import { expect, test } from "bun:test";
import { GlobIndex } from "#core/cache/glob-index";
import { globsOverlap } from "#core/cache/glob-overlap";
import type { GlobPlace } from "#core/cache/glob-overlap";

const SEGMENT = fc.constantFrom("a", "b", "out", "c.js");
const WILD = fc.constantFrom("*", "**", "*.js", "{a,b}", "../a", "a", "");
const PLACE = fc.record({
  base: fc.array(SEGMENT, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`),
  rest: fc.array(WILD, { maxLength: 3 }).map((parts) => parts.filter((part) => part !== "").join("/")),
});

test("an index finds exactly the globs that a comparison with each finds, in the same order", () => {
  fc.assert(
    fc.property(fc.array(PLACE, { maxLength: 12 }), PLACE, (globs: readonly GlobPlace[], glob) => {
      const index = new GlobIndex<number>();
      for (const [number, one] of globs.entries()) index.add(one, number);
      const each = globs.flatMap((one, number) => (globsOverlap(one, glob) ? number : []));
      expect([...index.overlapping(glob)]).toEqual(each);
    }),
  );
});
