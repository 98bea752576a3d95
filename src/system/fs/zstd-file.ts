import { fileSystem } from "#system/runtime-modules";

/** Bytes that become one frame: what a writer holds of them at once, and once more for each one on its way. */
const FRAME_BYTES = 1024 * 1024;
/** Frames on their way to the disk before whoever appends has to wait. */
const MOST_FRAMES = 2;

/**
 * How much work compressing is. At `fast` it takes half the time that it takes at `usual`, and gives a seventh more: the
 * one for what a run waits for, the other for what is kept long.
 */
export type Effort = "fast" | "usual";

/** Levels of zstd. */
const LEVELS: Readonly<Record<Effort, number>> = { fast: 1, usual: 3 };

/** A compressed file that is being written (zstd, RFC 8878: frames that follow each other are one text). */
export interface CompressedFile {
  /**
   * The bytes may be overwritten once the call has returned. A promise means that the disk is behind; it rejects when
   * that has refused.
   */
  readonly append: (bytes: Uint8Array) => void | Promise<void>;
  /** To be called once, after the last append. Rejects with the system's error, and leaves no half file then. */
  readonly close: () => Promise<void>;
  /** Gives it up: what was written is removed. Never fails. */
  readonly discard: () => Promise<void>;
}

/** A new file, made with its folder when something is written to it, for its owner only. */
export const createCompressed = (path: string, effort: Effort): CompressedFile =>
  new FrameWriter(path, LEVELS[effort]);

type Handle = Awaited<ReturnType<ReturnType<typeof fileSystem>["open"]>>;

class FrameWriter implements CompressedFile {
  readonly #path: string;
  readonly #level: number;
  #block: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;
  #handle: Handle | undefined;
  /** Compressed, and to be used again. */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #frames = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, level: number) {
    this.#path = path;
    this.#level = level;
  }

  readonly append = (bytes: Uint8Array): void | Promise<void> => {
    for (let at = 0; at < bytes.length;) {
      this.#block ??= this.#free.pop() ?? new Uint8Array(FRAME_BYTES);
      const piece = bytes.subarray(at, at + FRAME_BYTES - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === FRAME_BYTES) this.#flush();
    }
    return this.#waiting > MOST_FRAMES ? this.#last : undefined;
  };

  readonly close = async (): Promise<void> => {
    try {
      // Nothing at all is one empty frame: a file without any is no zstd file.
      if (this.#filled > 0 || this.#frames === 0) this.#flush();
      await this.#last;
      await this.#handle?.close();
    } catch (error) {
      await this.discard();
      throw error;
    }
  };

  readonly discard = async (): Promise<void> => {
    await Promise.allSettled([this.#last]);
    await Promise.allSettled([this.#handle?.close()]);
    await Promise.allSettled([fileSystem().rm(this.#path, { force: true })]);
  };

  #flush(): void {
    const block = this.#block ?? new Uint8Array(0);
    const bytes = block.subarray(0, this.#filled);
    this.#block = undefined;
    this.#filled = 0;
    this.#frames += 1;
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      const file = (this.#handle ??= await this.#open());
      await file.writeFile(await Bun.zstdCompress(bytes, { level: this.#level }));
      this.#waiting -= 1;
      this.#free.push(block);
    });
    // Whoever waits for it hears of a failure; until then nobody may.
    this.#last.catch(() => undefined);
  }

  async #open(): Promise<Handle> {
    const { mkdir, open } = fileSystem();
    await mkdir(this.#path.slice(0, this.#path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    return open(this.#path, "w", 0o600);
  }
}

/** Writes pieces of bytes to a new file, compressed. Throws the system's error and leaves no half file. */
export async function writeCompressed(
  path: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  effort: Effort,
): Promise<void> {
  const file = createCompressed(path, effort);
  try {
    for await (const part of parts) await file.append(part);
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.close();
}

/** What a compressed file holds, in pieces. Throws the system's error, or that of the unpacking. */
export async function* decompressed(path: string): AsyncGenerator<Uint8Array> {
  const unpack = new DecompressionStream("zstd");
  for await (const chunk of Bun.file(path).stream().pipeThrough(unpack)) yield chunk;
}
