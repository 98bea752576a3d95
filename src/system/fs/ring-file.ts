import { fileSystem } from "#system/runtime-modules";

export interface RingOptions {
  /** Most bytes that the file takes. */
  readonly size: number;
  /** The first so many bytes are never given up. */
  readonly head: number;
}

/** What a ring has kept. */
export interface SealedRing {
  readonly head: AsyncIterable<Uint8Array>;
  /** What came last. */
  readonly tail: AsyncIterable<Uint8Array>;
  /** Bytes between the two. */
  readonly leftOut: number;
}

/** A file of bounded size that keeps the beginning and the newest part of what is appended to it. */
export interface RingFile {
  /** Rejects when the disk refuses. A promise means that the disk is behind. */
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

/** Makes the file, with its folder, for its owner only. Rejects with the system's error. */
export async function openRing(path: string, options: RingOptions): Promise<RingFile> {
  const { mkdir, open } = fileSystem();
  await mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  return new Ring(path, await open(path, "w+", 0o600), options);
}

/**
 * ```
 *   0 ········ head ·················· size
 *   │ first    │ tail, written round and round; the next byte goes where the oldest one is
 * ```
 */
class Ring implements RingFile {
  readonly #path: string;
  readonly #handle: Handle;
  readonly #options: RingOptions;
  #block = new Uint8Array(BLOCK_BYTES);
  /** Written and to be used again. */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #filled = 0;
  /** Bytes handed to the disk, ever. */
  #written = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, handle: Handle, options: RingOptions) {
    this.#path = path;
    this.#handle = handle;
    this.#options = options;
  }

  readonly append = (bytes: Uint8Array): void | Promise<void> => {
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + BLOCK_BYTES - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === BLOCK_BYTES) this.#flush();
    }
    return this.#waiting > MOST_BLOCKS ? this.#last : undefined;
  };

  readonly seal = async (): Promise<SealedRing> => {
    this.#flush();
    await this.#last;
    const { size, head } = this.#options;
    const total = this.#written;
    const room = size - head;
    const leftOut = Math.max(0, total - size);
    const end = Math.min(total, size);
    const oldest = leftOut === 0 ? Math.min(head, end) : head + ((total - head) % room);
    return {
      head: this.#read([[0, Math.min(head, end)]]),
      tail: this.#read(
        leftOut === 0
          ? [[oldest, end]]
          : [
              [oldest, size],
              [head, oldest],
            ],
      ),
      leftOut,
    };
  };

  readonly remove = async (): Promise<void> => {
    await Promise.allSettled([this.#last]);
    await Promise.allSettled([this.#handle.close()]);
    await Promise.allSettled([fileSystem().rm(this.#path, { force: true })]);
  };

  #flush(): void {
    if (this.#filled === 0) return;
    const block = this.#block;
    const bytes = block.subarray(0, this.#filled);
    const from = this.#written;
    this.#block = this.#free.pop() ?? new Uint8Array(BLOCK_BYTES);
    this.#filled = 0;
    this.#written += bytes.length;
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      await this.#place(bytes, from);
      this.#waiting -= 1;
      this.#free.push(block);
    });
    // Whoever waits for it hears of a failure; until then nobody may.
    this.#last.catch(() => undefined);
  }

  /** Writes bytes of the stream's position `from` to where they belong. */
  async #place(bytes: Uint8Array, from: number): Promise<void> {
    const { size, head } = this.#options;
    for (let at = 0; at < bytes.length;) {
      const position = from + at;
      const offset = position < head ? position : head + ((position - head) % (size - head));
      const room = position < head ? head - position : size - offset;
      const length = Math.min(bytes.length - at, room);
      const { bytesWritten } = await this.#handle.write(bytes, at, length, offset);
      at += bytesWritten;
    }
  }

  async *#read(ranges: readonly (readonly [number, number])[]): AsyncGenerator<Uint8Array> {
    for (const [start, end] of ranges) {
      for (let at = start; at < end;) {
        const block = new Uint8Array(Math.min(BLOCK_BYTES, end - at));
        const { bytesRead } = await this.#handle.read(block, 0, block.length, at);
        if (bytesRead === 0) return;
        yield block.subarray(0, bytesRead);
        at += bytesRead;
      }
    }
  }
}
