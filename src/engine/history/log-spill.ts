import { openRing } from "#system/fs/ring-file";
import type { RingFile } from "#system/fs/ring-file";
import { createCompressed } from "#system/fs/zstd-file";
import type { CompressedFile } from "#system/fs/zstd-file";
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
  /** Ends the log. Undefined where the disk has refused. */
  readonly finish: () => Promise<StoredLog | undefined>;
}

/** Opens a log that keeps the first half of what it may, and the newest part of the rest. */
export const openLogSpill = (options: LogSpillOptions): LogSpill => new HalvedSpill(options);

/** The first half is compressed while it comes. Of the rest it is not known what is kept before all of it has come. */
class HalvedSpill implements LogSpill {
  readonly #options: LogSpillOptions;
  readonly #file: CompressedFile;
  readonly #ring: RingFile;
  /** Bytes that the first half still takes. */
  #room: number;
  #ringBytes = 0;
  #isBroken = false;

  constructor(options: LogSpillOptions) {
    const { folder, file, max } = options;
    this.#options = options;
    this.#room = Math.floor(max / 2);
    this.#file = createCompressed(`${folder}/${file}`, "fast");
    this.#ring = openRing(`${folder}/${file}.raw`, Math.max(1, max - this.#room));
  }

  readonly append = (bytes: Uint8Array): void | Promise<void> => {
    if (this.#isBroken) return;
    const first = bytes.subarray(0, this.#room);
    const rest = bytes.subarray(first.length);
    this.#room -= first.length;
    this.#ringBytes += rest.length;
    const toFile = first.length === 0 ? undefined : this.#file.append(first);
    const toRing = rest.length === 0 ? undefined : this.#ring.append(rest);
    if (toFile === undefined && toRing === undefined) return;
    return Promise.all([toFile, toRing]).then(
      () => undefined,
      () => void (this.#isBroken = true),
    );
  };

  readonly finish = async (): Promise<StoredLog | undefined> => {
    const { file, max } = this.#options;
    let bytes = Math.floor(max / 2) - this.#room;
    let leftOut = 0;
    const add = async (part: Uint8Array): Promise<void> => {
      bytes += part.length;
      await this.#file.append(part);
    };
    try {
      if (this.#ringBytes > 0) {
        const sealed = await this.#ring.seal();
        leftOut = sealed.leftOut;
        if (leftOut > 0) await add(new TextEncoder().encode(`\n[zr: ${leftOut} bytes left out]\n`));
        for await (const part of sealed.newest) await add(part);
      }
      await this.#file.close();
      if (!this.#isBroken) return { file, start: 0, bytes, ...(leftOut === 0 ? {} : { leftOut }) };
    } catch {
      this.#isBroken = true;
    } finally {
      if (this.#ringBytes > 0) await this.#ring.remove();
    }
    // The disk has refused; the task's own output is not affected.
    await this.#file.discard();
    return undefined;
  };
}
