import { openFileSpool } from "#system/stdio/spool";
import type { OpenSpool, Spool } from "#system/stdio/spool";
import type { OutputStream, Write } from "./renderer-options";

const BLOCK_BYTES = 64 * 1024;
/** What goes beyond so many bytes is kept in a file. */
const MEMORY_LIMIT_BYTES = 1024 * 1024;

/** So many bytes in a row came from this stream. */
interface Run {
  readonly stream: OutputStream;
  bytes: number;
}

export interface HeldOutputOptions {
  /** Of the file for what goes beyond the limit. */
  readonly path: string;
  readonly openSpool?: OpenSpool | undefined;
  readonly memoryLimit?: number;
}

/** Keeps one instance's output until it is shown: its beginning in memory, what goes beyond a limit in a file. */
export class HeldOutput {
  readonly #options: HeldOutputOptions;
  #blocks: Uint8Array[] = [];
  /** Bytes used of the last block. */
  #used = 0;
  #runs: Run[] = [];
  #memoryBytes = 0;
  #spool: Spool | undefined;
  #problem: string | undefined;
  #lostBytes = 0;
  #lastByte: number | undefined;

  constructor(options: HeldOutputOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0 && this.#lostBytes === 0;
  }

  /** Bytes held in memory. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Whether the last line has no end. */
  get endsMidLine(): boolean {
    return this.#lastByte !== undefined && this.#lastByte !== 10;
  }

  get lastStream(): OutputStream {
    return this.#runs.at(-1)?.stream ?? "stdout";
  }

  /** What could not be kept, and why. */
  get loss(): { readonly bytes: number; readonly problem: string } | undefined {
    return this.#problem === undefined ? undefined : { bytes: this.#lostBytes, problem: this.#problem };
  }

  /** Keeps a copy. A promise asks the caller to wait until the file has taken it. */
  append(stream: OutputStream, bytes: Uint8Array): void | Promise<void> {
    if (bytes.length === 0) return undefined;
    if (this.#problem !== undefined) {
      this.#lostBytes += bytes.length;
      return undefined;
    }
    const last = this.#runs.at(-1);
    if (last?.stream === stream) last.bytes += bytes.length;
    else this.#runs.push({ stream, bytes: bytes.length });
    this.#lastByte = bytes[bytes.length - 1];
    if (this.#spool !== undefined) return this.#toFile(bytes);
    if (this.#memoryBytes + bytes.length <= (this.#options.memoryLimit ?? MEMORY_LIMIT_BYTES)) {
      this.#toMemory(bytes);
      return undefined;
    }
    this.#spool = (this.#options.openSpool ?? openFileSpool)(this.#options.path);
    return this.#toFile(bytes);
  }

  /** Writes everything in the order in which it came and forgets it; the file is removed whatever happens. */
  replay(write: Write): void | Promise<void> {
    const cutter = new RunCutter(this.#runs, write);
    const blocks = this.#takeBlocks();
    for (const [index, block] of blocks.entries()) {
      const wait = cutter.push(block);
      if (wait instanceof Promise) return wait.then(() => this.#replayRest(cutter, blocks.slice(index + 1)));
    }
    return this.#spool === undefined ? undefined : this.#replayRest(cutter, []);
  }

  /** Forgets everything. */
  async discard(): Promise<void> {
    this.#takeBlocks();
    await this.#spool?.remove();
  }

  #toMemory(bytes: Uint8Array): void {
    this.#memoryBytes += bytes.length;
    let from = 0;
    while (from < bytes.length) {
      let block = this.#blocks.at(-1);
      if (block === undefined || this.#used === block.length) {
        // Small outputs stay small: the first block is as large as the first piece.
        block = new Uint8Array(this.#blocks.length === 0 ? Math.max(1024, bytes.length) : BLOCK_BYTES);
        this.#blocks.push(block);
        this.#used = 0;
      }
      const part = bytes.subarray(from, from + block.length - this.#used);
      block.set(part, this.#used);
      this.#used += part.length;
      from += part.length;
    }
  }

  #takeBlocks(): Uint8Array[] {
    const blocks = this.#blocks;
    const last = blocks.pop();
    if (last !== undefined) blocks.push(last.subarray(0, this.#used));
    this.#blocks = [];
    this.#memoryBytes = 0;
    this.#used = 0;
    return blocks;
  }

  #toFile(bytes: Uint8Array): void | Promise<void> {
    try {
      const wait = this.#spool?.append(bytes);
      if (wait instanceof Promise) return wait.catch((error: unknown) => this.#fail(error, bytes.length));
    } catch (error) {
      this.#fail(error, bytes.length);
    }
    return undefined;
  }

  #fail(error: unknown, bytes: number): void {
    this.#problem ??= error instanceof Error ? error.message : String(error);
    this.#lostBytes += bytes;
  }

  async #replayRest(cutter: RunCutter, blocks: readonly Uint8Array[]): Promise<void> {
    for (const block of blocks) await cutter.push(block);
    if (this.#spool === undefined) return;
    try {
      for await (const chunk of this.#spool.read()) await cutter.push(chunk);
    } catch (error) {
      this.#fail(error, 0);
    } finally {
      await this.#spool.remove();
    }
  }
}

/** Gives bytes back to the streams they came from. */
class RunCutter {
  readonly #runs: readonly Run[];
  readonly #write: Write;
  #index = 0;
  #taken = 0;

  constructor(runs: readonly Run[], write: Write) {
    this.#runs = runs;
    this.#write = write;
  }

  push(bytes: Uint8Array): void | Promise<void> {
    let from = 0;
    let wait: void | Promise<void> = undefined;
    while (from < bytes.length) {
      const run = this.#runs[this.#index];
      if (run === undefined) break;
      const part = bytes.subarray(from, from + run.bytes - this.#taken);
      wait = this.#write(run.stream, part) ?? wait;
      from += part.length;
      this.#taken += part.length;
      if (this.#taken < run.bytes) continue;
      this.#index += 1;
      this.#taken = 0;
    }
    return wait;
  }
}
