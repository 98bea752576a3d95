import type { Result } from "#base/result";
import { err, ok } from "#base/result";

/** Lines longer than this are no message of ours. */
const LONGEST_LINE_BYTES = 64 * 1024 * 1024;

export interface LineConnection {
  /** The lines as they come, without their ends; over when the other side closes. */
  readonly lines: AsyncIterable<string>;
  readonly close: () => void;
}

/** Connects to a socket that sends lines; the reason where nobody answers there. */
export async function connectLines(address: string): Promise<Result<LineConnection, string>> {
  const queue = new LineQueue();
  try {
    const socket = await Bun.connect({
      unix: address,
      socket: {
        data: (self, bytes) => {
          if (!queue.push(bytes)) self.terminate();
        },
        close: () => queue.end(),
        error: () => queue.end(),
      },
    });
    return ok({
      lines: queue,
      close: () => {
        queue.end();
        socket.end();
      },
    });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

class LineQueue implements AsyncIterable<string> {
  readonly #decoder = new TextDecoder();
  readonly #lines: string[] = [];
  #rest: string[] = [];
  #restLength = 0;
  #isOver = false;
  #wake: (() => void) | undefined;

  /** False where a line is too long. */
  push(bytes: Uint8Array): boolean {
    const parts = this.#decoder.decode(bytes, { stream: true }).split("\n");
    const last = parts.pop() ?? "";
    for (const part of parts) {
      this.#lines.push(this.#rest.join("") + part);
      this.#rest = [];
      this.#restLength = 0;
    }
    this.#rest.push(last);
    this.#restLength += last.length;
    this.#wake?.();
    return this.#restLength <= LONGEST_LINE_BYTES;
  }

  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) {
        yield line;
        continue;
      }
      if (this.#isOver) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
