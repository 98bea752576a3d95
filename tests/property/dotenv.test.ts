import { expect, test } from "bun:test";

import dotenv from "dotenv";
import fc from "fast-check";

import { parseDotenv } from "#engine/env/dotenv";

/** Everything that has a meaning in such files, and a little that has none. No `$`: `dotenv` expands nothing. */
const PIECES =
  "A|b|1|é|.|-|_|{|=|=|=|:|: |\n|\n|\r\n| |\t|\u00a0|\"|'|`|=\"|\"\n|='|'\n|=`|`\n|#| #|\\n|\\|export |A=|\nB=";
const piece = fc.constantFrom(...PIECES.split("|"));
const file = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));

/** What the documentation says is read differently: escapes beyond `\n` in double quotes. */
const hasOtherEscape = (text: string): boolean => /\\(?!n)|\\\\/.test(text);
/** `\n` counts for `dotenv` in a value that only begins with a quote too, or has blanks before it. */
const hasLooseEscape = (text: string): boolean => text.includes("\\n") && !/="[^"'`]*"(?:\n|$)/.test(text);

test("a file in which zr finds nothing to warn of means the same to npm's dotenv", () => {
  let compared = 0;
  fc.assert(
    fc.property(file, (text) => {
      const { entries, problems } = parseDotenv(text);
      if (problems.length > 0 || hasOtherEscape(text) || hasLooseEscape(text)) return;
      compared += 1;
      const ours = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
      expect(ours).toEqual({ ...dotenv.parse(text) });
    }),
    { numRuns: 20_000 },
  );
  expect(compared).toBeGreaterThan(1000);
});
