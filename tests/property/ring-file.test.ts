import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { openRing } from "#system/fs/ring-file";
import { decompressed, writeCompressed } from "#system/fs/zstd-file";

async function all(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Uint8Array[] = [];
  for await (const part of parts) list.push(Uint8Array.from(part));
  return Buffer.concat(list);
}

/** Bytes that tell their place. */
const bytesOf = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 255));

test("a ring keeps what came last, and says how much came before", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zr-ring-"));
  let number = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3000 }),
        fc.array(fc.nat(2500), { maxLength: 6 }),
        async (size, lengths) => {
          number += 1;
          const ring = openRing(`${folder}/${number}`, size);
          const stream = bytesOf(lengths.reduce((sum, length) => sum + length, 0));
          let at = 0;
          for (const length of lengths) {
            const reused = Uint8Array.from(stream.subarray(at, at + length));
            await ring.append(reused);
            reused.fill(0);
            at += length;
          }
          const sealed = await ring.seal();
          const leftOut = Math.max(0, stream.length - size);
          expect(sealed.leftOut).toBe(leftOut);
          expect((await all(sealed.newest)).equals(stream.subarray(leftOut))).toBe(true);
          await ring.remove();
        },
      ),
      { numRuns: 60 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a ring larger than its blocks wraps around in the same way", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zr-ring-"));
  try {
    const size = 1_300_000;
    const ring = openRing(`${folder}/r`, size);
    const stream = bytesOf(4_111_111);
    for (let at = 0; at < stream.length; at += 100_003) await ring.append(stream.subarray(at, at + 100_003));
    const { newest, leftOut } = await ring.seal();
    expect(leftOut).toBe(stream.length - size);
    expect((await all(newest)).equals(stream.subarray(leftOut))).toBe(true);
    await ring.remove();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what is written compressed is read back as it was, however it was cut", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zr-zstd-"));
  try {
    const stream = bytesOf(2_500_000);
    const parts = [stream.subarray(0, 1), stream.subarray(1, 2_000_000), stream.subarray(2_000_000)];
    await writeCompressed(`${folder}/a/x.zst`, parts, "fast");
    expect((await all(decompressed(`${folder}/a/x.zst`))).equals(stream)).toBe(true);
    await writeCompressed(`${folder}/a/none.zst`, [], "usual");
    expect((await all(decompressed(`${folder}/a/none.zst`))).length).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
