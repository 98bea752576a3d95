import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeMessage, encodeMessage } from "#base/protobuf";

const numbers = fc.maxSafeNat();
const fields = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 536_870_911 }), fc.oneof(numbers, fc.uint8Array({ maxLength: 300 }))),
);

test("what is read of a message is what was written into it", () => {
  fc.assert(
    fc.property(fields, (written) => {
      const message = encodeMessage(written.map(([field, value]) => [field, [value]]));
      expect(decodeMessage(message)).toEqual(
        written.map(([field, value]) => ({
          field,
          value: typeof value === "number" ? value : new Uint8Array(value),
        })),
      );
    }),
  );
});

test("bytes that are no message are read as none, or as fields, and never as more than they are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const { value } of decodeMessage(bytes) ?? [])
        if (typeof value !== "number") expect(value.length).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

test("a message that is cut off is none, or has only the fields before the cut", () => {
  fc.assert(
    fc.property(fields, fc.nat(), (written, cut) => {
      const message = encodeMessage(written.map(([field, value]) => [field, [value]]));
      const all = decodeMessage(message) ?? [];
      const some = decodeMessage(message.subarray(0, cut % (message.length + 1)));
      if (some !== undefined) expect(some).toEqual(all.slice(0, some.length));
    }),
  );
});

test("the bytes are those that the format's own document shows", () => {
  expect([...encodeMessage([[1, 150]])]).toEqual([0x08, 0x96, 0x01]);
  expect([...encodeMessage([[2, "testing"]])]).toEqual([0x12, 7, ...new TextEncoder().encode("testing")]);
  expect([
    ...encodeMessage([
      [1, 0],
      [2, ""],
      [3, [0, ""]],
    ]),
  ]).toEqual([0x18, 0, 0x1a, 0]);
});
