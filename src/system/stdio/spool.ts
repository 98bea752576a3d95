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
    // Large slices, the next one read while the last is used: the runtime's own stream waits a thread's turn for
    // every 64 KB.
    const file = Bun.file(this.#path);
    const size = file.size;
    const slice = (at: number): Promise<Uint8Array> | undefined =>
      at < size ? file.slice(at, at + SLICE_BYTES).bytes() : undefined;
    let next = slice(0);
    for (let at = SLICE_BYTES; next !== undefined; at += SLICE_BYTES) {
      const bytes = await next;
      next = slice(at);
      yield bytes;
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
