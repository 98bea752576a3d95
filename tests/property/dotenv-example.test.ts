import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseDotenv } from "#engine/env/dotenv";
import { completed } from "#engine/onboard/dotenv-example";

const name = fc.constantFrom("A", "B", "C", "LONG_NAME");
const value = fc.constantFrom("", "1", "'a # b'", '"two\nlines"', "x # note", "$A", '"open');
const line = fc.oneof(
  fc.tuple(name, value).map(([key, text]) => `${key}=${text}`),
  fc.constantFrom("", "# about it", "  # more", "export B=2", "no assignment", "=x"),
);
const file = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, end, isEnded]) => lines.join(end) + (isEnded ? end : ""));

const namesOf = (text: string): ReadonlySet<string> =>
  new Set(parseDotenv(text).entries.map((entry) => entry.name));

test("a .env that is completed begins with all that it was, and lacks nothing", () => {
  fc.assert(
    fc.property(file, file, (example, own) => {
      const { text, missing } = completed(example, own, {});
      expect(text.startsWith(own)).toBe(true);
      if (missing.length === 0) expect(text).toBe(own);
      // A quote that is open in the file itself swallows what is added behind it.
      const isWhole = parseDotenv(own).problems.length === 0 && parseDotenv(example).problems.length === 0;
      if (isWhole) {
        for (const wanted of namesOf(example)) expect(namesOf(text)).toContain(wanted);
        expect(completed(example, text, {}).missing).toEqual([]);
      }
    }),
  );
});

test("what is set otherwise is not missing", () => {
  expect(completed("A=1\nB=2\n", "", { A: "x" })).toMatchObject({ missing: ["B"], text: "B=2\n" });
});
