import { fileSystem } from "#system/runtime-modules";
import { BlockQueue } from "./block-queue";

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
  readonly #blocks: BlockQueue;
  #handle: Handle | undefined;

  constructor(path: string, level: number) {
    this.#path = path;
    this.#level = level;
    this.#blocks = new BlockQueue({
      size: FRAME_BYTES,
      most: MOST_FRAMES,
      write: (bytes) => this.#addFrame(bytes),
    });
  }

  readonly append = (bytes: Uint8Array): void | Promise<void> => this.#blocks.append(bytes);

  readonly close = async (): Promise<void> => {
    try {
      this.#blocks.flush();
      await this.#blocks.written;
      // Nothing at all is one empty frame: a file without any is no zstd file.
      if (this.#handle === undefined) await this.#addFrame(new Uint8Array(0));
      await this.#handle?.close();
    } catch (error) {
      await this.discard();
      throw error;
    }
  };

  readonly discard = async (): Promise<void> => {
    await Promise.allSettled([this.#blocks.written]);
    await Promise.allSettled([this.#handle?.close()]);
    await Promise.allSettled([fileSystem().rm(this.#path, { force: true })]);
  };

  async #addFrame(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const file = (this.#handle ??= await this.#open());
    await file.writeFile(await Bun.zstdCompress(bytes, { level: this.#level }));
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
