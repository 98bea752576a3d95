import { expect, test } from "bun:test";
import fc from "fast-check";
import { answerTokens, cutText, fitAnswer, pageOf } from "./fit";

test("what fits is left as it is", () => {
  const value = { a: "x", list: [1, 2, 3] };
  expect(fitAnswer(value, 100)).toBe(value);
});

test("what is too large keeps its shape and loses the ends of lists and the middles of texts", () => {
  const fitted = fitAnswer({ run: "r1", output: `start ${"word ".repeat(5000)}end`, tasks: ["a", "b"] }, 200);
  expect(answerTokens(fitted)).toBeLessThanOrEqual(210);
  expect(fitted).toMatchObject({ run: "r1", tasks: ["a", "b"], truncated: true });
  expect(fitted["output"]).toMatch(/^start .*….*end$/);
  const list = fitAnswer({ items: Array.from({ length: 5000 }, (_, index) => `item ${index}`) }, 200);
  expect(answerTokens(list)).toBeLessThanOrEqual(210);
  expect((list["items"] as string[])[0]).toBe("item 0");
});

test("any data fits in the end, whatever is in it", () => {
  const data = fc.dictionary(
    fc.string({ maxLength: 8 }),
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 4000 }),
      fc.array(fc.string({ maxLength: 200 }), { maxLength: 200 }),
      fc.array(fc.record({ a: fc.string({ maxLength: 100 }), b: fc.integer() }), { maxLength: 200 }),
    ),
    { maxKeys: 6 },
  );
  fc.assert(
    fc.property(data, (value) => {
      const fitted = fitAnswer(value, 1000);
      expect(answerTokens(fitted)).toBeLessThanOrEqual(1010);
      expect(() => JSON.parse(JSON.stringify(fitted)) as unknown).not.toThrow();
    }),
    { numRuns: 200 },
  );
});

test("a text is cut in its middle, never through a character", () => {
  expect(cutText("abcdefghij", 5)).toBe("ab…ij");
  expect(cutText("abc", 5)).toBe("abc");
  expect(cutText("😀😀😀😀", 4).isWellFormed()).toBe(true);
});

test("pages follow each other without gaps, and each has at least one item", () => {
  const items = Array.from({ length: 25 }, (_, index) => ({ name: `item ${index}` }));
  const seen: object[] = [];
  let cursor: string | undefined;
  do {
    const page = pageOf(items, { cursor, limit: 10, budget: 40 });
    expect(page.items.length).toBeGreaterThan(0);
    expect(page.total).toBe(25);
    seen.push(...page.items);
    ({ cursor } = page);
  } while (cursor !== undefined);
  expect(seen).toEqual(items);
});
