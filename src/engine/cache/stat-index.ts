import type { FileEntry } from "#system/fs/file-entry";

/** What is remembered of a file: how it looked, and its fingerprint then. */
export interface IndexEntry {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  readonly fingerprint: string;
}

export type StatIndex = Map<string, IndexEntry>;

/*
 * The file: "zrindex1", the XXH64 of everything behind it (8 bytes), the number of entries and the length of the
 * fingerprints' text (4 bytes each, little-endian), four numbers of 8 bytes an entry, the fingerprints and the paths as
 * UTF-8 with a zero byte between two. Numbers and texts lie apart, since reading each kind at once takes a tenth of the
 * time that reading entry by entry does.
 */
const MAGIC = "zrindex1";
const HEADER = 24;

export function encodeIndex(index: ReadonlyMap<string, IndexEntry>): Uint8Array {
  const numbers = new Float64Array(index.size * ENTRY_NUMBERS);
  const prints: string[] = [];
  let at = 0;
  for (const { size, mtimeMs, ctimeMs, inode, fingerprint } of index.values()) {
    numbers.set([size, mtimeMs, ctimeMs, inode], at);
    at += ENTRY_NUMBERS;
    prints.push(fingerprint);
  }
  const encoder = new TextEncoder();
  const printBytes = encoder.encode(prints.join("\0"));
  const pathBytes = encoder.encode([...index.keys()].join("\0"));
  const bytes = new Uint8Array(HEADER + numbers.byteLength + printBytes.length + pathBytes.length);
  const view = new DataView(bytes.buffer);
  bytes.set(encoder.encode(MAGIC));
  view.setUint32(16, index.size, true);
  view.setUint32(20, printBytes.length, true);
  bytes.set(new Uint8Array(numbers.buffer), HEADER);
  bytes.set(printBytes, HEADER + numbers.byteLength);
  bytes.set(pathBytes, HEADER + numbers.byteLength + printBytes.length);
  view.setBigUint64(8, Bun.hash.xxHash64(bytes.subarray(16)), true);
  return bytes;
}

/** Undefined where the bytes are no index or a damaged one: then there is nothing to remember. */
export const decodeIndex = (bytes: Uint8Array): StatIndex | undefined => {
  const packed = openIndex(bytes);
  return packed === undefined ? undefined : unpackIndex(packed);
};

/** An index as it is stored: its entries in their order, numbers and texts apart. */
export interface PackedIndex {
  readonly count: number;
  /** Size, times of the last change to content and to the entry, and inode of each entry, one behind the other. */
  readonly numbers: Float64Array;
  /** As UTF-8 with a zero byte between two. */
  readonly fingerprints: Uint8Array;
  readonly paths: Uint8Array;
}

/** So many numbers an entry. */
export const ENTRY_NUMBERS = 4;

/** Undefined where the bytes are no index or a damaged one. */
export function openIndex(bytes: Uint8Array): PackedIndex | undefined {
  const decoder = new TextDecoder();
  if (bytes.length < HEADER || decoder.decode(bytes.subarray(0, 8)) !== MAGIC) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getBigUint64(8, true) !== Bun.hash.xxHash64(bytes.subarray(16))) return undefined;
  const count = view.getUint32(16, true);
  const printsAt = HEADER + count * ENTRY_NUMBERS * 8;
  const pathsAt = printsAt + view.getUint32(20, true);
  if (pathsAt > bytes.length) return undefined;
  const numbers = new Float64Array(count * ENTRY_NUMBERS);
  new Uint8Array(numbers.buffer).set(bytes.subarray(HEADER, printsAt));
  return { count, numbers, fingerprints: bytes.subarray(printsAt, pathsAt), paths: bytes.subarray(pathsAt) };
}

/** Undefined where the index does not hold what it says. */
export function unpackIndex({ count, numbers, ...texts }: PackedIndex): StatIndex | undefined {
  const index: StatIndex = new Map();
  if (count === 0) return index;
  const prints = unpackTexts(texts.fingerprints);
  const paths = unpackTexts(texts.paths);
  if (prints.length !== count || paths.length !== count) return undefined;
  for (let number = 0; number < count; number += 1) {
    index.set(paths[number] ?? "", entryOf(numbers, number, prints[number] ?? ""));
  }
  return index;
}

/** The entry of this number, from 0. */
export function entryOf(numbers: Float64Array, number: number, fingerprint: string): IndexEntry {
  const at = number * ENTRY_NUMBERS;
  return {
    size: numbers[at] ?? 0,
    mtimeMs: numbers[at + 1] ?? 0,
    ctimeMs: numbers[at + 2] ?? 0,
    inode: numbers[at + 3] ?? 0,
    fingerprint,
  };
}

/** Texts that lie one behind the other with a zero byte between two. */
export const unpackTexts = (texts: Uint8Array): readonly string[] =>
  new TextDecoder().decode(texts).split("\0");

/** Clocks of file systems stand still for so long: the kernel's tick, with room for a busy machine. */
const TICK_MS = 20;
/** Some file systems tell times by two seconds. */
const COARSE_TICK_MS = 2000;

/**
 * Whether a file that looked so before it was read at `readAtMs` can't have been changed since without looking
 * different. One that was written in the same tick of the clock may be written once more in it, with the same size: git
 * calls such entries racy (Documentation/technical/racy-git).
 */
export function isSettled(
  { mtimeMs, ctimeMs }: Pick<FileEntry, "mtimeMs" | "ctimeMs">,
  readAtMs: number,
): boolean {
  const newest = Math.max(mtimeMs, ctimeMs);
  const isCoarse = mtimeMs % 1000 === 0 && ctimeMs % 1000 === 0;
  return newest < readAtMs - (isCoarse ? COARSE_TICK_MS : TICK_MS);
}

/** Whether a file still looks as it did. */
export const looksSame = (
  entry: IndexEntry,
  now: Pick<FileEntry, "mtimeMs" | "size" | "ctimeMs" | "inode">,
): boolean =>
  entry.mtimeMs === now.mtimeMs &&
  entry.size === now.size &&
  entry.ctimeMs === now.ctimeMs &&
  entry.inode === now.inode;
