import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { FrameReader, MOST_BYTES } from "#frontends/lsp/frame-reader";
import type { Frame } from "#frontends/lsp/frame-reader";

const message = fc.record({
  jsonrpc: fc.constant("2.0"),
  id: fc.integer(),
  method: fc.string({ unit: "grapheme" }),
  params: fc.dictionary(fc.string(), fc.string({ unit: "grapheme" }), { maxKeys: 4 }),
});

function framed(value: unknown, header = (length: number) => `Content-Length: ${length}\r\n\r\n`): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([Buffer.from(header(body.length)), body]);
}

const header = fc.constantFrom<(length: number) => string>(
  (length) => `Content-Length: ${length}\r\n\r\n`,
  (length) => `content-length:${length}\r\n\r\n`,
  (length) => `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: ${length}\r\n\r\n`,
  (length) => `Content-Length: ${length}\r\nContent-Type: x\r\n\r\n`,
);

/** No frame begins in it, nor goes on where it ends. */
const garbage = fc
  .oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string().map((text) => new TextEncoder().encode(text)),
    fc
      .constantFrom(
        "Content-Length: x\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "\0\0\n\n",
      )
      .map((text) => new TextEncoder().encode(text)),
  )
  .filter((bytes) => !/content-length:\s*\d/i.test(new TextDecoder("latin1").decode(bytes)));

/** The bytes in pieces, cut at the given places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, index) => bytes.slice(start, at[index] ?? bytes.length));
}

function read(parts: readonly Uint8Array[]): Frame[] {
  const reader = new FrameReader();
  return parts.flatMap((part) => reader.push(part));
}

describe("the frames of the protocol", () => {
  test("are the same however the bytes are split", () => {
    const stream = fc.array(
      fc.oneof(
        fc.tuple(message, header).map(([value, write]) => framed(value, write)),
        garbage,
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 30 }), (parts, cuts) => {
        const bytes = Buffer.concat(parts);
        const whole = read([bytes]);
        expect(read(pieces(bytes, cuts))).toEqual(whole);
        expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  test("are the same where a line before the length ends with a carriage return alone", () => {
    const bytes = Buffer.concat([Buffer.from("-:\r"), framed({ method: "x" })]);
    const whole = read([bytes]);
    expect(whole.map(({ kind }) => kind)).toEqual(["refused", "message"]);
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test("give back every message, whatever stands between them", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(garbage, message, header), { maxLength: 6 }), (parts) => {
        const bytes = Buffer.concat(parts.flatMap(([noise, value, write]) => [noise, framed(value, write)]));
        const found = read([bytes]).flatMap((frame) => (frame.kind === "message" ? [frame.value] : []));
        expect(found).toEqual(parts.map(([, value]) => value));
      }),
      { numRuns: 1000 },
    );
  });

  test("tell what is no message by the codes of JSON-RPC", () => {
    const code = (text: string): unknown => {
      const [frame] = read([Buffer.from(text)]);
      return frame?.kind === "refused" ? frame.code : frame;
    };
    expect(code("Content-Length: 1\r\n\r\n{")).toBe(-32_700);
    expect(code("Content-Length: 1\r\n\r\n\xff")).toBe(-32_700);
    expect(code("hello\r\n\r\n")).toBe(-32_700);
    expect(code("Content-Length: 2\r\n\r\n[]")).toBe(-32_600);
    expect(code('Content-Length: 8\r\n\r\n{"id":1}')).toBe(-32_600);
    expect(code('Content-Length: 12\r\n\r\n{"method":1}')).toBe(-32_600);
    expect(code(`Content-Length: ${MOST_BYTES + 1}\r\n\r\n`)).toBe(-32_600);
  });

  test("a message that is too long is skipped and the next one read", () => {
    const reader = new FrameReader();
    const [refused] = reader.push(Buffer.from(`Content-Length: ${MOST_BYTES + 1000}\r\n\r\n`));
    expect(refused?.kind).toBe("refused");
    const piece = new Uint8Array(1024 * 1024);
    let left = MOST_BYTES + 1000;
    for (; left > piece.length; left -= piece.length) expect(reader.push(piece)).toEqual([]);
    expect(reader.push(Buffer.concat([piece.slice(0, left), framed({ method: "x" })]))).toEqual([
      { kind: "message", value: { method: "x" } },
    ]);
  });
});
