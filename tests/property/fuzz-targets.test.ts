import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseCase, printCase } from "#scripts/fuzz/case-file";
import { randomFrom } from "#scripts/fuzz/random";
import { corpusOf, keptCases } from "#scripts/fuzz/read-cases";
import { shrink } from "#scripts/fuzz/shrink";
import { fuzzTargets } from "#scripts/fuzz/targets";
import { textCase, textOf } from "#scripts/fuzz/fuzz-target";
import { REPOSITORY } from "#tests/support/binary";

const MADE = 25;

for (const target of fuzzTargets) {
  test(`what ${target.name} was once broken by does it no harm, nor do ${MADE} made-up cases`, async () => {
    for (const [file, made] of keptCases(REPOSITORY, target))
      await expect(Promise.resolve(target.exercise(made)), file).resolves.toBeString();
    const corpus = corpusOf(REPOSITORY, target);
    expect(corpus).not.toBeEmpty();
    for (let seed = 1; seed <= MADE; seed += 1) {
      const made = target.make(randomFrom(seed), corpus);
      expect(target.make(randomFrom(seed), corpus)).toEqual(made);
      await expect(Promise.resolve(target.exercise(made)), `seed ${seed}`).resolves.toBeString();
    }
  });
}

test("a case comes back from the file that it is written to, whatever is in it", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(..."-- a\\u0 \t\n\r\0\ud800é".split("")), maxLength: 40 }),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("text", "a/b.json", "Makefile"), text, { minKeys: 1 }),
      fc.array(text),
      (files, words) => {
        const made = { files: { ...files }, cwd: "/w/app", words };
        expect(parseCase(printCase(made))).toEqual(made);
      },
    ),
    { numRuns: 1000 },
  );
});

test("a case that fails is made smaller until nothing of it can be left out", async () => {
  const made = {
    ...textCase("some text (in the middle) of more", ["a", "b"]),
    files: { text: "aa(bb)cc", other: "x" },
  };
  const small = await shrink(
    made,
    (smaller) => Promise.resolve(/\(.*\)/.test(textOf(smaller))),
    Date.now() + 10_000,
  );
  expect(small).toEqual({ files: { text: "()" }, cwd: "/w", words: [] });
});
