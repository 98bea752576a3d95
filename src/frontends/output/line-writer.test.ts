import { expect, test } from "bun:test";
import fc from "fast-check";
import { LineWriter } from "./line-writer";
import type { OutputStream } from "./renderer-options";

/** Short lines of any bytes, empty ones, and now and then one that is longer than a piece or than a long line. */
const line = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 30_000, max: 90_000 }).map((size) => new Uint8Array(size).fill(120)),
  },
);
const lines = fc.array(
  line.map((bytes) => bytes.map((byte) => (byte === 10 ? 11 : byte))),
  { maxLength: 60 },
);
const prefix = fc.constantFrom("", "a | ", "$& $1 $$ é│ ", "p".repeat(5000));

test("each line is written whole behind its prefix, whatever its bytes are and however they come", () => {
  fc.assert(
    fc.property(lines, prefix, fc.array(fc.integer({ min: 1, max: 70_000 })), (texts, label, cuts) => {
      const written: Buffer[] = [];
      const writer = new LineWriter((_stream: OutputStream, bytes: Uint8Array) => {
        // The bytes may be overwritten once the call has returned.
        written.push(Buffer.from(bytes));
        return undefined;
      });
      const stream = writer.open("stdout", Buffer.from(label));
      const all = Buffer.concat(texts.flatMap((text) => [text, Buffer.from("\n")]));
      let at = 0;
      for (const cut of [...cuts, all.length]) {
        if (at < all.length) writer.push(stream, all.subarray(at, at + cut));
        at += cut;
      }
      writer.end(stream);
      const expected = texts.flatMap((text) => [Buffer.from(label), text, Buffer.from("\n")]);
      expect(Buffer.concat(written).equals(Buffer.concat(expected))).toBe(true);
    }),
  );
});
