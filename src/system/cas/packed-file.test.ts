import { expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { makeCacheRig, noise } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";
import { sha256 } from "./blob-folder";
import { digestOfFile, packFile, unpackFile } from "./packed-file";

const TEXT = new TextEncoder().encode("a line that is like the others\n".repeat(80_000));

async function packed(rig: CacheRig, content: Uint8Array): Promise<Parameters<typeof unpackFile>[0]> {
  writeFileSync(rig.path("from"), content);
  const made = await packFile(rig.path("from"), rig.path("stored"));
  return { ...made, from: rig.path("stored"), to: rig.path("to"), mode: 0o755 };
}

test.each([
  ["text", TEXT, "zstd"],
  ["noise", noise(1_100_000), "plain"],
  ["nothing", new Uint8Array(), "plain"],
] as const)("a file of %s comes back as it was", async (_name, content, packing) => {
  using rig = makeCacheRig();
  const order = await packed(rig, content);
  expect(order).toMatchObject({ packing, plainDigest: sha256(content), plainSize: content.length });
  expect(order.digest).toBe(sha256(readFileSync(order.from)));
  expect(order.size).toBe(statSync(order.from).size);
  expect(await unpackFile(order)).toBe(true);
  expect(sha256(readFileSync(order.to))).toBe(order.plainDigest);
  expect(statSync(order.to).mode & 0o777).toBe(0o755);
});

test.each([
  ["text", TEXT],
  ["noise", noise(1_100_000)],
] as const)(
  "a stored file of %s that is damaged, or not what was asked for, is told",
  async (_name, content) => {
    using rig = makeCacheRig();
    const order = await packed(rig, content);
    const good = readFileSync(order.from);
    const attempt = async (change: Partial<typeof order>): Promise<boolean> => {
      rmSync(order.to, { force: true });
      return unpackFile({ ...order, ...change });
    };
    for (const at of [good.length - 1, Math.floor(good.length / 2), 0]) {
      const bad = Uint8Array.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      writeFileSync(order.from, bad);
      expect(await attempt({})).toBe(false);
    }
    writeFileSync(order.from, good.subarray(0, -1));
    expect(await attempt({})).toBe(false);
    writeFileSync(order.from, good);
    expect(await attempt({ plainDigest: sha256("other") })).toBe(false);
    expect(await attempt({ plainSize: order.plainSize - 1 })).toBe(false);
    if (order.packing === "zstd") {
      expect(await attempt({ digest: sha256("other") })).toBe(false);
      expect(await attempt({ size: order.size - 1 })).toBe(false);
    }
    expect(await attempt({})).toBe(true);
  },
);

test("a content that unpacks to more than it should is given up at that point", async () => {
  using rig = makeCacheRig();
  const order = await packed(rig, new Uint8Array(50_000_000));
  expect(await unpackFile({ ...order, plainSize: 1000 })).toBe(false);
  expect(existsSync(order.to) ? statSync(order.to).size : 0).toBeLessThan(1_000_000);
});

test("the digest of a file is that of its content, for the size that it has", async () => {
  using rig = makeCacheRig();
  writeFileSync(rig.path("file"), TEXT);
  expect(await digestOfFile(rig.path("file"), TEXT.length)).toBe(sha256(TEXT));
  expect(await digestOfFile(rig.path("file"), TEXT.length - 1)).toBeUndefined();
  expect(await digestOfFile(rig.path("file"), TEXT.length + 1)).toBeUndefined();
});
