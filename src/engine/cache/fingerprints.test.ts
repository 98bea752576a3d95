import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { wallMs } from "#system/clock/clock";
import { Fingerprints, fingerprintText } from "./fingerprints";
import { decodeIndex, encodeIndex, isSettled } from "./stat-index";
import type { IndexEntry } from "./stat-index";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "zr-fingerprints-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file whose times are long ago. */
function oldFile(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  utimesSync(path, 1e9, 1e9);
  return path;
}

const later = (): number => wallMs() + 60_000;

test("a large file that is read in pieces has the digest of its whole content, of either kind", async () => {
  const content = new Uint8Array(5 * 1024 * 1024).map((_, index) => (index * 31) % 251);
  const path = oldFile("large", content);
  const expected = {
    xxh64: Bun.hash.xxHash64(content).toString(16).padStart(16, "0"),
    sha256: new Bun.CryptoHasher("sha256").update(content).digest("hex"),
  };
  for (const kind of ["xxh64", "sha256"] as const) {
    const print = new Fingerprints(kind).of(path);
    expect(print).toBeInstanceOf(Promise);
    expect(fingerprintText(await print)).toBe(expected[kind]);
  }
});

test("a file that looks as it did is not read again, in this run and in the next", async () => {
  const path = oldFile("known", "one");
  const prints = new Fingerprints("xxh64", undefined, later);
  const before = fingerprintText(await prints.of(path));
  const stored = encodeIndex(prints.entries() ?? new Map());
  const [entry] = [...(decodeIndex(stored) ?? new Map<string, IndexEntry>()).entries()];
  expect(entry).toMatchObject([`x:${path}`, { size: 3, inode: statSync(path).ino, fingerprint: before }]);
  // A wrong fingerprint tells whether it is believed.
  const wrong = new Map([[`x:${path}`, { ...(entry?.[1] as IndexEntry), fingerprint: "f".repeat(16) }]]);
  expect(fingerprintText(await new Fingerprints("xxh64", encodeIndex(wrong), later).of(path))).toBe(
    "f".repeat(16),
  );
  expect(fingerprintText(await new Fingerprints("sha256", encodeIndex(wrong), later).of(path))).toHaveLength(
    64,
  );
});

test("a file that was written in the tick in which it was read is read again, and not remembered", async () => {
  const path = oldFile("racy", "one");
  const { ctimeMs } = statSync(path);
  const prints = new Fingerprints("xxh64", undefined, () => ctimeMs + 1);
  await prints.of(path);
  expect([...(prints.entries() ?? new Map()).keys()]).toEqual([]);
});

test.each([
  [{ mtimeMs: 1000.5, ctimeMs: 1000.5 }, 1010, false],
  [{ mtimeMs: 1000.5, ctimeMs: 1000.5 }, 1030, true],
  [{ mtimeMs: 5.5, ctimeMs: 1029.5 }, 1030, false],
  [{ mtimeMs: 2000.5, ctimeMs: 5.5 }, 1030, false],
  // Whole seconds may be the clock of a coarse file system.
  [{ mtimeMs: 1000, ctimeMs: 1000 }, 2500, false],
  [{ mtimeMs: 1000, ctimeMs: 1000 }, 3001, true],
])("a file of times %j that is read at %p is settled: %p", (times, readAtMs, expected) => {
  expect(isSettled(times, readAtMs)).toBe(expected);
});

test("an index is read as it was written", () => {
  const entry: IndexEntry = { size: 2 ** 40, mtimeMs: 1.5, ctimeMs: 2.25, inode: 7, fingerprint: "ab" };
  const index = new Map([
    ["x:/a b/ünï", entry],
    ["s:/c", { ...entry, fingerprint: "0".repeat(64) }],
  ]);
  expect(decodeIndex(encodeIndex(index))).toEqual(index);
  expect(decodeIndex(encodeIndex(new Map()))).toEqual(new Map());
  const bytes = encodeIndex(index);
  for (let at = 0; at < bytes.length; at += 7) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    expect(decodeIndex(damaged)).toBeUndefined();
    expect(decodeIndex(bytes.subarray(0, at))).toBeUndefined();
  }
});
