import { isTerminal, setRawMode } from "./is-terminal";
import { isInForeground } from "./terminal-signals";

/** Reads keys from the terminal as they are pressed. */
export interface KeyReader extends Disposable {
  /** Leaves the terminal to others, with its usual manners. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Stops this program as Ctrl-Z does, until somebody lets it go on. */
  readonly suspendProgram: () => void;
}

/**
 * Hears every key, one character each, Ctrl-C (`\x03`) too: it does not arrive as a signal then. Undefined where standard
 * input is no terminal or where another program has it.
 */
export function openKeyReader(hear: (key: string) => void): KeyReader | undefined {
  return isTerminal(0) && isInForeground() ? new TerminalKeys(hear) : undefined;
}

class TerminalKeys implements KeyReader {
  readonly #hear: (key: string) => void;
  readonly #restore = (): void => this.pause();
  #reader: ReturnType<typeof openTerminal> | undefined;

  constructor(hear: (key: string) => void) {
    this.#hear = hear;
    // However the program ends, the terminal is left as it was.
    process.on("exit", this.#restore);
    this.resume();
  }

  pause(): void {
    if (this.#reader === undefined) return;
    const reader = this.#reader;
    this.#reader = undefined;
    void reader.cancel();
    setRawMode(false);
  }

  resume(): void {
    if (this.#reader !== undefined) return;
    setRawMode(true);
    const reader = openTerminal();
    this.#reader = reader;
    void this.#read(reader);
  }

  suspendProgram(): void {
    this.pause();
    process.once("SIGCONT", () => this.resume());
    process.kill(process.pid, "SIGTSTP");
  }

  [Symbol.dispose](): void {
    process.off("exit", this.#restore);
    this.pause();
  }

  async #read(reader: ReturnType<typeof openTerminal>): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const next = await reader.read().catch(() => undefined);
      if (next === undefined || next.done || this.#reader !== reader) return;
      for (const key of decoder.decode(next.value, { stream: true })) this.#hear(key);
    }
  }
}

/** Opened anew each time: a pending read of standard input would take what is meant for others. */
const openTerminal = () =>
  (process.platform === "win32" ? Bun.stdin : Bun.file("/dev/tty")).stream().getReader();
