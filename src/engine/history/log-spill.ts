import { openRing } from "#system/fs/ring-file";
import type { RingFile } from "#system/fs/ring-file";
import { writeLog } from "./log-files";
import type { StoredLog } from "./stored-run";

export interface LogSpillOptions {
  readonly folder: string;
  /** Name of the file that the log ends in. */
  readonly file: string;
  /** Most bytes to keep. */
  readonly max: number;
}

/** A log too large for memory. */
export interface LogSpill {
  /** The bytes may be overwritten once the call has returned. Never rejects. */
  readonly append: (bytes: Uint8Array) => void | Promise<void>;
  /** Compresses what is kept. Undefined where the disk has refused. */
  readonly finish: () => Promise<StoredLog | undefined>;
}

/** Opens a log that keeps a head and the newest part of what it is given. Undefined where the disk refuses. */
export async function openLogSpill({ folder, file, max }: LogSpillOptions): Promise<LogSpill | undefined> {
  const path = `${folder}/${file}.raw`;
  const ring = await openRing(path, { size: max, head: Math.floor(max / 4) }).catch(() => undefined);
  return ring === undefined ? undefined : new RingSpill(ring, { folder, file, max });
}

class RingSpill implements LogSpill {
  readonly #ring: RingFile;
  readonly #options: LogSpillOptions;
  #isBroken = false;

  constructor(ring: RingFile, options: LogSpillOptions) {
    this.#ring = ring;
    this.#options = options;
  }

  readonly append = (bytes: Uint8Array): void | Promise<void> => {
    if (this.#isBroken) return;
    const waiting = this.#ring.append(bytes);
    if (waiting === undefined) return;
    return waiting.catch(() => {
      this.#isBroken = true;
    });
  };

  readonly finish = async (): Promise<StoredLog | undefined> => {
    const { folder, file } = this.#options;
    try {
      const { head, tail, leftOut } = await this.#ring.seal();
      let bytes = 0;
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const part of joined(head, tail, leftOut)) {
          bytes += part.length;
          yield part;
        }
      };
      if (this.#isBroken || !(await writeLog(`${folder}/${file}`, counted()))) return undefined;
      return { file, start: 0, bytes, ...(leftOut === 0 ? {} : { leftOut }) };
    } catch {
      // The disk has refused; the task's own output is not affected.
      return undefined;
    } finally {
      await this.#ring.remove();
    }
  };
}

async function* joined(
  head: AsyncIterable<Uint8Array>,
  tail: AsyncIterable<Uint8Array>,
  leftOut: number,
): AsyncGenerator<Uint8Array> {
  yield* head;
  if (leftOut > 0) yield new TextEncoder().encode(`\n[zr: ${leftOut} bytes left out]\n`);
  yield* tail;
}
