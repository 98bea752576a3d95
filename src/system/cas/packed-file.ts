import { blockingFileSystem } from "#system/runtime-modules";
import { AT_ONCE_BYTES, packBytes } from "./packed-bytes";
import type { Packing } from "./packed-bytes";

/** What was written of a content. */
export interface PackedFile {
  readonly packing: Packing;
  /** SHA-256 in hexadecimal, and bytes, of the plain content. */
  readonly plainDigest: string;
  readonly plainSize: number;
  /** The same of what was written. */
  readonly digest: string;
  readonly size: number;
}

/**
 * Copies a file of any size to a new one, compressed where its first part says that this pays: one frame a piece, so that
 * little is held in memory. Throws the system's error; the half file is the caller's to remove.
 */
export async function packFile(from: string, to: string): Promise<PackedFile> {
  const { closeSync, constants, openSync, readSync, writeSync } = blockingFileSystem();
  // A link that took the file's place meanwhile is not followed.
  const source = openSync(from, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const target = openSync(to, "wx", 0o644);
    try {
      const [plain, stored] = [new Bun.CryptoHasher("sha256"), new Bun.CryptoHasher("sha256")];
      const block = new Uint8Array(AT_ONCE_BYTES);
      let [plainSize, size] = [0, 0];
      let packing: Packing | undefined;
      for (let read = readSync(source, block); read > 0; read = readSync(source, block)) {
        const piece = block.subarray(0, read);
        packing ??= packBytes(piece).packing;
        const bytes = packing === "plain" ? piece : await Bun.zstdCompress(piece, { level: 3 });
        plain.update(piece);
        if (packing === "zstd") stored.update(bytes);
        else await new Promise((resolve) => setImmediate(resolve));
        writeAll(writeSync, target, bytes);
        plainSize += read;
        size += bytes.length;
      }
      const plainDigest = plain.digest("hex");
      const digest = packing === "zstd" ? stored.digest("hex") : plainDigest;
      return { packing: packing ?? "plain", plainDigest, plainSize, digest, size };
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

export interface UnpackOrder extends PackedFile {
  readonly from: string;
  /** A file that is not there yet. */
  readonly to: string;
  /** Permission bits of the new file. */
  readonly mode: number;
}

/**
 * Makes a file of a stored content of any size, and says whether both digests and sizes are right; where they are not,
 * nothing of the new file may be used. Shares the blocks with the stored file where the file system can. Throws the
 * system's error.
 */
export async function unpackFile(order: UnpackOrder): Promise<boolean> {
  const { chmodSync, closeSync, constants, copyFileSync, openSync, writeSync } = blockingFileSystem();
  if (order.packing === "plain") {
    copyFileSync(order.from, order.to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    chmodSync(order.to, order.mode);
    return (await digestOfFile(order.to, order.plainSize)) === order.plainDigest;
  }
  const target = openSync(order.to, "wx", order.mode);
  try {
    const [plain, stored] = [new Bun.CryptoHasher("sha256"), new Bun.CryptoHasher("sha256")];
    let [plainSize, size] = [0, 0];
    const counted = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        stored.update(chunk);
        size += chunk.length;
        if (size > order.size) throw new TooLarge();
        controller.enqueue(new Uint8Array(chunk));
      },
    });
    const content = Bun.file(order.from)
      .stream()
      .pipeThrough(counted)
      .pipeThrough(new DecompressionStream("zstd"));
    for await (const chunk of content) {
      plainSize += chunk.length;
      if (plainSize > order.plainSize) return false;
      plain.update(chunk);
      writeAll(writeSync, target, chunk);
    }
    if (plainSize !== order.plainSize || size !== order.size) return false;
    if (stored.digest("hex") !== order.digest || plain.digest("hex") !== order.plainDigest) return false;
  } catch (error) {
    // Errors of the system have a code with an E; those of the unpacking mean that the content is damaged.
    if (isOfSystem(error)) throw error;
    return false;
  } finally {
    closeSync(target);
  }
  chmodSync(order.to, order.mode);
  return true;
}

/** SHA-256 of a file of exactly `size` bytes, in hexadecimal; undefined where it has another size. */
export async function digestOfFile(path: string, size: number): Promise<string | undefined> {
  const { closeSync, constants, openSync, readSync } = blockingFileSystem();
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const hasher = new Bun.CryptoHasher("sha256");
    const block = new Uint8Array(Math.min(Math.max(size, 1), AT_ONCE_BYTES));
    let total = 0;
    for (let read = readSync(file, block); read > 0; read = readSync(file, block)) {
      total += read;
      if (total > size) return undefined;
      hasher.update(block.subarray(0, read));
      if (read === AT_ONCE_BYTES) await new Promise((resolve) => setImmediate(resolve));
    }
    return total === size ? hasher.digest("hex") : undefined;
  } finally {
    closeSync(file);
  }
}

class TooLarge extends Error {}

const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /^E[A-Z0-9]+$/.test(String(error.code)) && "syscall" in error;

function writeAll(
  write: (file: number, bytes: Uint8Array, offset: number) => number,
  file: number,
  bytes: Uint8Array,
): void {
  for (let at = 0; at < bytes.length;) at += write(file, bytes, at);
}
