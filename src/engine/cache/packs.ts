import { AT_ONCE_BYTES } from "#system/cas/packed-bytes";

/** A file whose content is to be stored. */
export interface FileToStore {
  /** As a stored output has it: the same in every checkout. */
  readonly path: string;
  /** Absolute. */
  readonly absolute: string;
  readonly size: number;
}

/** A content of this size is worth a blob of its own. */
const SMALL_BYTES = 64 * 1024;
/** Fewer small files than this are stored one by one: then another result has more to share with this one. */
const LEAST_FILES = 8;
/** A pack ends behind a file whose name says so, when it has got so large. */
const LEAST_PACK_BYTES = 128 * 1024;
const ENDS_ONE_IN = 32;

/**
 * Groups files whose contents become one blob each: small ones together, all others alone. A blob costs a file to make, to
 * read and to check, a start of the compressor, and a request to every remote cache.
 *
 * Where a group ends depends on names, not on how many files were before it (content-defined chunking, as in Muthitacharoen
 * et al., "A Low-bandwidth Network File System", 2001, with names in the place of bytes): a file more or less changes the
 * group that it is in, and the others are stored already.
 *
 * @param files in the order of their paths
 */
export function packsOf(files: readonly FileToStore[]): readonly (readonly FileToStore[])[] {
  const small = files.filter(({ size }) => size < SMALL_BYTES);
  if (small.length < LEAST_FILES) return files.map((file) => [file]);
  const packs: FileToStore[][] = files.filter(({ size }) => size >= SMALL_BYTES).map((file) => [file]);
  let open: FileToStore[] = [];
  let bytes = 0;
  const close = (): void => {
    if (open.length > 0) packs.push(open);
    open = [];
    bytes = 0;
  };
  for (const file of small) {
    if (bytes + file.size > AT_ONCE_BYTES) close();
    open.push(file);
    bytes += file.size;
    if (bytes >= LEAST_PACK_BYTES && endsPack(file.path)) close();
  }
  close();
  return packs;
}

const endsPack = (path: string): boolean => Bun.hash.xxHash32(path) % ENDS_ONE_IN === 0;
