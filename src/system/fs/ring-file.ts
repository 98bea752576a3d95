import { fileSystem } from "#system/runtime-modules";
import { BlockQueue } from "./block-queue";

/** What a ring has kept. */
export interface SealedRing {
  /** What came last. */
  readonly newest: AsyncIterable<Uint8Array>;
  /** Bytes that came before it. */
  readonly leftOut: number;
}

/** A file of bounded size that keeps the newest part of what is appended to it. */
export interface RingFile {
  /**
   * The bytes may be overwritten once the call has returned. A promise means that the disk is behind; it rejects when
   * that has refused.
   */
  readonly append: (bytes: Uint8Array) => void | Promise<void>;
  /** To be called once, after the last append. Rejects when the disk has refused. */
  readonly seal: () => Promise<SealedRing>;
  /** Closes and removes the file. Never fails. */
  readonly remove: () => Promise<void>;
}

const BLOCK_BYTES = 512 * 1024;
/** Blocks on their way to the disk before whoever appends has to wait. */
const MOST_BLOCKS = 3;

type Handle = Awaited<ReturnType<ReturnType<typeof fileSystem>["open"]>>;

/**
 * A ring that is made with its folder when something is written to it, for its owner only.
 *
 * @param size most bytes that the file takes; at least one.
 */
export const openRing = (path: string, size: number): RingFile => new Ring(path, size);

/** Written round and round: the next byte goes where the oldest one is. */
class Ring implements RingFile {
  readonly #path: string;
  readonly #size: number;
  readonly #blocks: BlockQueue;
  #handle: Handle | undefined;
  /** Bytes that it has taken, ever. */
  #written = 0;

  constructor(path: string, size: number) {
    this.#path = path;
    this.#size = size;
    this.#blocks = new BlockQueue({
      size: BLOCK_BYTES,
      most: MOST_BLOCKS,
      write: (bytes) => this.#place(bytes),
    });
  }

  readonly append = (bytes: Uint8Array): void | Promise<void> => this.#blocks.append(bytes);

  readonly seal = async (): Promise<SealedRing> => {
    this.#blocks.flush();
    await this.#blocks.written;
    const leftOut = Math.max(0, this.#written - this.#size);
    const end = Math.min(this.#written, this.#size);
    const oldest = leftOut === 0 ? 0 : this.#written % this.#size;
    return {
      newest: this.#read([
        [oldest, end],
        [0, oldest],
      ]),
      leftOut,
    };
  };

  readonly remove = async (): Promise<void> => {
    await Promise.allSettled([this.#blocks.written]);
    await Promise.allSettled([this.#handle?.close()]);
    await Promise.allSettled([fileSystem().rm(this.#path, { force: true })]);
  };

  async #place(bytes: Uint8Array): Promise<void> {
    const file = (this.#handle ??= await this.#open());
    // What this block itself would write over again need not be written at all.
    const skipped = Math.max(0, bytes.length - this.#size);
    this.#written += skipped;
    for (let at = skipped; at < bytes.length;) {
      const offset = this.#written % this.#size;
      const length = Math.min(bytes.length - at, this.#size - offset);
      const { bytesWritten } = await file.write(bytes, at, length, offset);
      this.#written += bytesWritten;
      at += bytesWritten;
    }
  }

  async #open(): Promise<Handle> {
    const { mkdir, open } = fileSystem();
    await mkdir(this.#path.slice(0, this.#path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    return open(this.#path, "w+", 0o600);
  }

  async *#read(ranges: readonly (readonly [number, number])[]): AsyncGenerator<Uint8Array> {
    for (const [start, end] of ranges) {
      for (let at = start; at < end;) {
        const block = new Uint8Array(Math.min(BLOCK_BYTES, end - at));
        const read = await this.#handle?.read(block, 0, block.length, at);
        if (read === undefined || read.bytesRead === 0) return;
        yield block.subarray(0, read.bytesRead);
        at += read.bytesRead;
      }
    }
  }
}
