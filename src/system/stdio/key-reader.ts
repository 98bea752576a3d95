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
 *
 * @param closed called when the terminal is no more; its signal, where there is one, may come later or never
 */
export function openKeyReader(hear: (key: string) => void, closed?: () => void): KeyReader | undefined {
  return isTerminal(0) && isInForeground() ? new TerminalKeys(hear, closed) : undefined;
}

class TerminalKeys implements KeyReader {
  readonly #hear: (key: string) => void;
  readonly #closed: (() => void) | undefined;
  readonly #restore = (): void => this.pause();
  #reader: ReturnType<typeof openTerminal> | undefined;

  constructor(hear: (key: string) => void, closed: (() => void) | undefined) {
    this.#hear = hear;
    this.#closed = closed;
    // However the program ends, the terminal is left as it was.
    process.on("exit", this.#restore);
    this.resume();
  }

  pause(): void {
    if (this.#reader === undefined) return;
    const reader = this.#reader;
    this.#reader = undefined;
    void reader.cancel().catch(() => undefined);
    setRawMode(false);
  }

  resume(): void {
    if (this.#reader !== undefined || !isInForeground()) return;
    try {
      setRawMode(true);
      this.#reader = openTerminal();
    } catch {
      return this.#closed?.();
    }
    void this.#read(this.#reader);
  }

  suspendProgram(): void {
    this.pause();
    process.on("SIGCONT", this.#goOn);
    process.kill(process.pid, "SIGTSTP");
  }

  /** In the background the keys are others': those are heard again when it is brought to the foreground. */
  readonly #goOn = (): void => {
    this.resume();
    if (this.#reader !== undefined) process.off("SIGCONT", this.#goOn);
  };

  [Symbol.dispose](): void {
    process.off("exit", this.#restore);
    process.off("SIGCONT", this.#goOn);
    this.pause();
  }

  async #read(reader: ReturnType<typeof openTerminal>): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const next = await reader.read().catch(() => undefined);
      if (this.#reader !== reader) return;
      if (next === undefined || next.done) return this.#closed?.();
      for (const key of decoder.decode(next.value, { stream: true })) this.#hear(key);
    }
  }
}

/** Opened anew each time: a pending read of standard input would take what is meant for others. */
const openTerminal = () =>
  (process.platform === "win32" ? Bun.stdin : Bun.file("/dev/tty")).stream().getReader();
