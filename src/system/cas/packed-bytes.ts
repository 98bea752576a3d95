import { soleFrameSize } from "./zstd-frame";

export type Packing = "plain" | "zstd";

/** Contents up to this size are packed and unpacked at once, in memory. */
export const AT_ONCE_BYTES = 1024 * 1024;

/** Fast; the higher levels gain little on what builds make. */
const LEVEL = 3;
/** Less than this fills a block of the disk anyway. */
const LEAST_BYTES = 512;
/** Packed content has to be at most this part of the plain one to be worth the unpacking. */
const WORTH = 0.88;

/** Bytes as they are to be stored: compressed by zstd where that pays. */
export function packBytes(plain: Uint8Array): { readonly packing: Packing; readonly bytes: Uint8Array } {
  if (plain.length >= LEAST_BYTES) {
    const packed = Bun.zstdCompressSync(plain, { level: LEVEL });
    if (packed.length <= plain.length * WORTH) return { packing: "zstd", bytes: packed };
  }
  return { packing: "plain", bytes: plain };
}

/** The plain bytes; undefined where there are not exactly `size` of them. Never makes more than `size`. */
export function unpackBytes(stored: Uint8Array, packing: Packing, size: number): Uint8Array | undefined {
  if (packing === "plain") return stored.length === size ? stored : undefined;
  if (soleFrameSize(stored) !== size) return undefined;
  return decompress(stored, size);
}

/** The same where it is not known how large the content is, or whether it is packed at all. */
export function unpackAny(stored: Uint8Array, mostBytes: number): Uint8Array | undefined {
  if (!(stored[0] === 0x28 && stored[1] === 0xb5 && stored[2] === 0x2f && stored[3] === 0xfd)) return stored;
  const size = soleFrameSize(stored);
  return size === undefined || size > mostBytes ? undefined : decompress(stored, size);
}

function decompress(stored: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const plain = Bun.zstdDecompressSync(stored);
    return plain.length === size ? plain : undefined;
  } catch {
    return undefined;
  }
}
