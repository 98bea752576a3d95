import { expect, test } from "bun:test";
import fc from "fast-check";
import { isBeyondDoubt, understand } from "#core/ask/understand";
import { names, readSentences, today } from "#tests/ask/table";

const sentences = (await readSentences()).map(({ text }) => text);
const vocabulary = [...new Set(sentences.flatMap((text) => text.split(" ")))];

test("whatever is said, a command begins with one of zr's own words, and its confidence is a share", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.array(fc.constantFrom(...vocabulary), { maxLength: 9 }).map((words) => words.join(" ")),
      ),
      (sentence) => {
        const understood = understand(sentence, { names, today });
        for (const { words, confidence } of understood?.commands ?? []) {
          expect(words[0]).toMatch(/^[a-z]+$/);
          expect(confidence).toBeGreaterThan(0);
          expect(confidence).toBeLessThanOrEqual(1);
          expect(words.every((word) => word !== "" && !/[\s\p{Cc}]/u.test(word))).toBe(true);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test("a sentence under a negation starts nothing", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...sentences),
      fc.constantFrom("don't", "never", "do not"),
      (sentence, negation) => {
        const understood = understand(`${negation} ${sentence}`, { names, today });
        const started = understood !== undefined && isBeyondDoubt(understood) ? understood.commands : [];
        // Reasons are asked for with a negation: why does it not run.
        expect(started.filter(({ effect }) => effect !== "looks")).toEqual([]);
      },
    ),
    { numRuns: 400 },
  );
});
