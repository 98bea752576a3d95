import { expect, test } from "bun:test";
import fc from "fast-check";
import { MessageLines } from "#frontends/mcp/message-lines";
import type { MessageLine } from "#frontends/mcp/message-lines";

/** Bytes cut at the places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length));
}

function linesOf(parts: readonly Uint8Array[], limit: number): readonly MessageLine[] {
  const lines = new MessageLines(limit);
  return [...parts.flatMap((part) => lines.push(part)), ...lines.end()];
}

const message = fc.oneof(
  fc.json().map((text) => new TextEncoder().encode(`${text}\n`)),
  fc.json().map((text) => new TextEncoder().encode(`${text}\r\n`)),
  fc.uint8Array({ maxLength: 60 }),
  fc.constant(Uint8Array.of(10)),
  fc.constant(new TextEncoder().encode('"é😀"\n')),
);

test("any split of the bytes gives the same messages", () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (messages, cuts) => {
        const bytes = Buffer.concat(messages);
        expect(linesOf(pieces(bytes, cuts), 50)).toEqual([...linesOf([bytes], 50)]);
        // What was read may be overwritten by then.
        const lines = new MessageLines(50);
        const read = pieces(bytes, cuts).flatMap((part) => {
          const copy = Uint8Array.from(part);
          const found = lines.push(copy);
          copy.fill(0x41);
          return found;
        });
        expect([...read, ...lines.end()]).toEqual([...linesOf([bytes], 50)]);
      },
    ),
    { numRuns: 500 },
  );
});

test("every JSON text comes out as it went in", () => {
  fc.assert(
    fc.property(
      fc.array(fc.json(), { maxLength: 10 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (texts, cuts) => {
        const bytes = new TextEncoder().encode(texts.map((text) => `${text}\n`).join(""));
        const expected = texts.map((text): MessageLine => ({ kind: "text", text }));
        expect(linesOf(pieces(bytes, cuts), 1 << 20)).toEqual([...expected]);
      },
    ),
  );
});
