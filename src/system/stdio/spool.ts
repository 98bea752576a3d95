import { fileSystem } from "#system/runtime-modules";

/** A file that takes bytes now and gives them back later. */
export interface Spool {
  /** Appends bytes, which may be overwritten once the call has returned. Rejects when the disk refuses. */
  readonly append: (bytes: Uint8Array) => void | Promise<void>;
  /** What was appended, in order, in chunks of about a megabyte. To be called once, after the last append. */
  readonly read: () => AsyncIterable<Uint8Array>;
  /** Removes the file. */
  readonly remove: () => Promise<void>;
}

const SLICE_BYTES = 1024 * 1024;

export type OpenSpool = (path: string) => Spool;

/** A spool on the file `path`, which is made by the first append, with its folder. */
export const openFileSpool: OpenSpool = (path) => new FileSpool(path);

class FileSpool implements Spool {
  readonly #path: string;
  #sink: Bun.FileSink | undefined;
  /** The end of the appends that wait for the file to be made. */
  #pending: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  readonly append = (bytes: Uint8Array): void | Promise<void> => {
    if (this.#sink !== undefined && this.#pending === undefined) return settle(this.#sink, bytes);
    const copy = bytes.slice();
    const appended = (this.#pending ?? this.#create()).then(() => this.#sink && settle(this.#sink, copy));
    this.#pending = appended;
    return appended.finally(() => {
      if (this.#pending === appended) this.#pending = undefined;
    });
  };

  readonly read = async function* (this: FileSpool): AsyncIterable<Uint8Array> {
    await this.#pending;
    await this.#sink?.end();
    if (this.#sink === undefined) return;
    const file = await fileSystem().open(this.#path, "r");
    try {
      // Two buffers, the one filled while the other is used: memory that is new each time costs more than the reading.
      const buffers = [new Uint8Array(SLICE_BYTES), new Uint8Array(SLICE_BYTES)] as const;
      const fill = (turn: number) =>
        file.read(buffers[turn % 2 === 0 ? 0 : 1], 0, SLICE_BYTES, turn * SLICE_BYTES);
      let next = fill(0);
      for (let turn = 0; ; turn += 1) {
        const { buffer, bytesRead } = await next;
        if (bytesRead === 0) break;
        next = fill(turn + 1);
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  };

  readonly remove = async (): Promise<void> => {
    // Whether the last bytes could be written makes no difference any more.
    await Promise.allSettled([this.#pending]);
    await Promise.allSettled([(async () => this.#sink?.end())()]);
    try {
      await Bun.file(this.#path).delete();
    } catch {
      // It was never made, or its folder has been removed. Anything else is left to the owner of the folder.
      return;
    }
  };

  async #create(): Promise<void> {
    await Bun.write(this.#path, "", { createPath: true, mode: 0o600 });
    this.#sink = Bun.file(this.#path).writer();
  }
}

function settle(sink: Bun.FileSink, bytes: Uint8Array): void | Promise<void> {
  const written = sink.write(bytes);
  const flushed = sink.flush();
  if (!(written instanceof Promise) && !(flushed instanceof Promise)) return undefined;
  return Promise.all([written, flushed]).then(() => undefined);
}
