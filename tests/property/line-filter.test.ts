import { expect, test } from "bun:test";
import fc from "fast-check";
import { LineFilter } from "#frontends/output/line-filter";
import type { LineFilterOptions } from "#frontends/output/line-filter";

const line = fc.stringMatching(/^[ab\u00e9 ]{0,6}$/);
const lines = fc.array(line, { maxLength: 30 });
const context = fc.integer({ min: 0, max: 3 });

/** What a filter shows of a text that comes in pieces cut at these places. */
function shownOf(text: string, cuts: readonly number[], options: LineFilterOptions): string {
  const filter = new LineFilter(options);
  const bytes = new TextEncoder().encode(text);
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  const shown: Uint8Array[] = [];
  for (const [index, from] of places.entries()) {
    const piece = bytes.slice(from, places[index + 1] ?? bytes.length);
    if (piece.length > 0) shown.push(filter.push(piece));
    // As a reader's buffer is.
    piece.fill(0x21);
  }
  shown.push(filter.end());
  return Buffer.concat(shown).toString();
}

/** grep's rules, over whole lines. */
function expected(all: readonly string[], around: number): string {
  const kept = all.map((_, index) =>
    all.some((other, at) => other.includes("a") && Math.abs(at - index) <= around),
  );
  let last = -1;
  return all
    .flatMap((text, index) => {
      if (kept[index] !== true) return [];
      const gap = around > 0 && last >= 0 && index > last + 1 ? ["--"] : [];
      last = index;
      return [...gap, text];
    })
    .map((text) => `${text}\n`)
    .join("");
}

test("however output is cut into pieces, the lines shown are those that grep would show", () => {
  fc.assert(
    fc.property(lines, fc.array(fc.nat(200)), context, (all, cuts, around) => {
      const text = all.map((one) => `${one}\n`).join("");
      expect(shownOf(text, cuts, { grep: /a/u, context: around })).toBe(expected(all, around));
    }),
  );
});

test("without a pattern that leaves lines out every byte is shown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const filter = new LineFilter({ highlight: /never in there/gu, context: 0 });
      expect(Buffer.concat([filter.push(bytes.slice()), filter.end()])).toEqual(Buffer.from(bytes));
    }),
  );
});

test("marks add nothing but marks", () => {
  const piece = fc.constantFrom("a", "b", "\u00e9", "\u001B[31m", "\u001B[0m", "\u001B]8;;x\u0007", " ");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = `${pieces.join("")}\n`;
      const shown = shownOf(text, [], { highlight: /a+|b a/gu, context: 0 });
      expect(shown.replaceAll(/\u001B\[2?7m/g, "")).toBe(text);
      expect(Bun.stripANSI(shown)).toBe(Bun.stripANSI(text));
    }),
  );
});
