import type { WatchSession } from "#app/watch/watch-session";
import { openKeyReader } from "#system/stdio/key-reader";
import type { KeyReader } from "#system/stdio/key-reader";
import type { OptionValues } from "./command";
import { isOn } from "./session";
import type { WatchConsole } from "./watch-console";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_Z = "\u001A";

/** The keys of a watch, where there is a terminal. */
export class WatchKeys {
  readonly #isWanted: boolean;
  #reader: KeyReader | undefined;

  constructor(options: OptionValues) {
    this.#isWanted = !isOn(options, "no-input");
  }

  /** Whether keys are heard. */
  get isOpen(): boolean {
    return this.#reader !== undefined;
  }

  open(watch: WatchSession, console: WatchConsole): Disposable {
    if (this.#isWanted) this.#reader = openKeyReader((key) => this.#press(key, watch, console));
    return { [Symbol.dispose]: () => this.#reader?.[Symbol.dispose]() };
  }

  pause(): void {
    this.#reader?.pause();
  }

  resume(): void {
    this.#reader?.resume();
  }

  /** Does something that wants the terminal for itself. */
  async withoutKeys<T>(work: () => Promise<T>): Promise<T> {
    this.pause();
    try {
      return await work();
    } finally {
      this.resume();
    }
  }

  #press(key: string, watch: WatchSession, console: WatchConsole): void {
    switch (key) {
      case "r":
        return watch.ask("again");
      case "a":
        return watch.ask("all");
      case "f":
        return watch.ask("failed");
      case "p":
        return watch.pause(!watch.isPaused);
      case "c":
        return void console.clear();
      case "h":
      case "?":
        return void console.help();
      case "q":
      case CTRL_D:
        return watch.stop("SIGINT", 0);
      case CTRL_C:
        return watch.stop("SIGINT");
      case CTRL_Z:
        return this.#reader?.suspendProgram();
    }
  }
}
