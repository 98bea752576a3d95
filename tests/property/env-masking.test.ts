import { expect, test } from "bun:test";

import fc from "fast-check";

import { createMasker, maskText } from "#engine/env/mask";
import { secretForms } from "#engine/env/secret-forms";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Few letters, so that secrets overlap themselves and each other; no star, which is what replaces them. */
const letter = fc.constantFrom("a", "b", "é");
/** The masker looks at short secrets whole, and of long ones only at the beginning until that fits. */
const secret = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: letter, minLength: 1, maxLength: 7 }) },
  { weight: 1, arbitrary: fc.string({ unit: letter, minLength: 24, maxLength: 45 }) },
);
const secrets = fc.array(secret, { minLength: 1, maxLength: 6 });
const piece = fc.oneof(secret, fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "\n"), maxLength: 5 }));
const output = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
const outputWithSecrets = fc
  .tuple(secrets, output, fc.array(output, { maxLength: 3 }))
  .chain(([list, text, more]) =>
    fc.record({
      list: fc.constant(list),
      text: fc.shuffledSubarray([text, ...more, ...list]).map((parts) => parts.join("")),
      cuts: fc.array(fc.nat({ max: 200 }), { maxLength: 10 }),
    }),
  );

/** Pushes `data` cut at the given offsets. */
function pushCut(list: readonly string[], data: Uint8Array, cuts: readonly number[]): Uint8Array {
  const masker = createMasker(list);
  const offsets = [0, ...cuts.map((cut) => Math.min(cut, data.length)).sort((a, b) => a - b), data.length];
  const longest = Math.max(0, ...list.map((text) => encoder.encode(text).length));
  const parts: Uint8Array[] = [];
  for (const [index, start] of offsets.entries()) {
    // A copy, overwritten after use, as a reader's buffer is.
    const chunk = data.slice(start, offsets[index + 1] ?? data.length);
    parts.push(masker.push(chunk).slice());
    chunk.fill(0);
  }
  const rest = masker.end();
  const whole = Buffer.concat([...parts, rest]);
  // Nothing was masked, so what came last is what was held back.
  if (whole.length === data.length && !whole.includes("****"))
    expect(rest.length).toBeLessThan(Math.max(longest, 1));
  return whole;
}

/** The meaning, in the plainest way: every byte of every occurrence goes, overlapping occurrences become one mark. */
function expectedMask(list: readonly string[], data: Uint8Array): string {
  const found: { start: number; end: number }[] = [];
  for (const text of list) {
    const pattern = Buffer.from(text);
    for (
      let at = Buffer.from(data).indexOf(pattern);
      at !== -1;
      at = Buffer.from(data).indexOf(pattern, at + 1)
    ) {
      found.push({ start: at, end: at + pattern.length });
    }
  }
  found.sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of found) {
    const last = merged.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  let done = 0;
  let result = "";
  for (const { start, end } of merged) {
    result += `${decoder.decode(data.subarray(done, start))}****`;
    done = end;
  }
  return result + decoder.decode(data.subarray(done));
}

test("for any cut of the output into chunks every byte of every secret is masked, and nothing else", () => {
  fc.assert(
    fc.property(outputWithSecrets, ({ list, text, cuts }) => {
      const data = encoder.encode(text);
      expect(decoder.decode(pushCut(list, data, cuts))).toBe(expectedMask(list, data));
    }),
    { numRuns: 3000 },
  );
});

test("random bytes without the secret come through unchanged", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat({ max: 200 })), (data, cuts) => {
      const list = ["a secret that is not there", "øther"];
      expect([...pushCut(list, data, cuts)]).toEqual([...data]);
    }),
  );
});

test("a whole text and a stream are masked alike, in all forms of a secret", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 4, maxLength: 40 }),
      fc.nat({ max: 80 }),
      (value, cut) => {
        fc.pre(!value.includes("*"));
        const forms = [...secretForms(value)];
        const text = forms.map((form) => `[${form}]`).join("\n");
        const masked = maskText(text, forms);
        expect(decoder.decode(pushCut(forms, encoder.encode(text), [cut]))).toBe(masked);
        for (const form of forms.filter((form) => form.length > 6)) expect(masked).not.toContain(form);
      },
    ),
  );
});

test("a flush after every byte holds nothing back, and what it let out is all that is not masked", () => {
  fc.assert(
    fc.property(outputWithSecrets, ({ list, text }) => {
      const masker = createMasker(list);
      const data = encoder.encode(text);
      const parts: Uint8Array[] = [];
      for (const byte of data) {
        parts.push(masker.push(Uint8Array.of(byte)).slice(), masker.flush().slice());
        expect(masker.holding).toBe(false);
      }
      expect(masker.end()).toHaveLength(0);
      // The last byte of an occurrence is never let out, whatever was before.
      const shown = decoder.decode(Buffer.concat(parts));
      for (const one of list) expect(shown.includes(one)).toBe(false);
    }),
  );
});
