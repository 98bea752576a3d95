import { blockingFileSystem } from "#system/runtime-modules";
import { isTerminal, windowSize } from "./is-terminal";
import type { WindowSize } from "./is-terminal";
import { openKeyReader } from "./key-reader";
import type { KeyReader } from "./key-reader";
import { isInForeground } from "./terminal-signals";

/*
 * Modes of xterm and of those that follow it (xterm's "Control Sequences"): 1049 the other screen, 25 the cursor,
 * 7 lines that go on in the next, 1000 presses and the wheel of the mouse, 1006 these with coordinates as digits,
 * 2004 marks around what is pasted.
 */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[2J\x1b[H";
const LEAVE = "\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l";

/** How long the rest of a key may be on its way: terminals send the bytes of a key in one go. */
const REST_OF_KEY_MS = 40;

export interface FullScreenHooks {
  /** What was typed, as it came: bytes of keys, of the mouse, of what was pasted, as text. */
  readonly input: (text: string) => void;
  readonly resized: (size: WindowSize) => void;
  /** The screen is ours again and empty: everything has to be drawn. */
  readonly entered: () => void;
  /** The terminal is no more. */
  readonly closed: () => void;
}

/** The whole terminal, taken over. However the program ends, by itself or by a bug, it is given back as it was. */
export interface FullScreen extends Disposable {
  readonly size: () => WindowSize;
  /** Gives the terminal back for a while: to another program. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Gives the terminal back and stops this program as Ctrl-Z does, until somebody lets it go on. */
  readonly suspend: () => void;
}

/** Undefined where standard input or output is no terminal, or another program has it. */
export function openFullScreen(hooks: FullScreenHooks): FullScreen | undefined {
  if (!isTerminal(1)) return undefined;
  const typed = new TypedText(hooks.input);
  const keys = openKeyReader((key) => typed.take(key), hooks.closed);
  return keys === undefined ? undefined : new TerminalScreen(keys, hooks);
}

class TerminalScreen implements FullScreen {
  readonly #keys: KeyReader;
  readonly #hooks: FullScreenHooks;
  readonly #restore = (): void => this.#leave();
  readonly #resized = (): void => this.#hooks.resized(this.size());
  #isEntered = false;
  /** In the background there is nothing to draw on. */
  readonly #goOn = (): void => {
    if (isInForeground()) return queueMicrotask(() => this.resume());
    process.once("SIGCONT", this.#goOn);
    process.kill(process.pid, "SIGSTOP");
  };

  constructor(keys: KeyReader, hooks: FullScreenHooks) {
    this.#keys = keys;
    this.#hooks = hooks;
    process.on("exit", this.#restore);
    process.on("SIGWINCH", this.#resized);
    this.#enter();
  }

  size(): WindowSize {
    // Some terminals do not say how large they are.
    return windowSize(1) ?? { columns: 80, rows: 24 };
  }

  pause(): void {
    this.#leave();
    this.#keys.pause();
  }

  resume(): void {
    this.#keys.resume();
    this.#enter();
    this.#resized();
    this.#hooks.entered();
  }

  suspend(): void {
    // Windows has no jobs to go back to.
    if (process.platform === "win32") return;
    this.#leave();
    // The keys' own listener stands before this one: the terminal is in the right mode when it is drawn on.
    process.once("SIGCONT", this.#goOn);
    this.#keys.suspendProgram();
  }

  [Symbol.dispose](): void {
    process.off("exit", this.#restore);
    process.off("SIGWINCH", this.#resized);
    this.#leave();
    this.#keys[Symbol.dispose]();
  }

  #enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    writeNow(ENTER);
  }

  #leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    writeNow(LEAVE);
  }
}

/** Puts the characters of one read together again, and keys of which only the beginning has come. */
class TypedText {
  readonly #hear: (text: string) => void;
  #text = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(hear: (text: string) => void) {
    this.#hear = hear;
  }

  take(character: string): void {
    if (this.#text === "") queueMicrotask(() => this.#flush());
    else if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      queueMicrotask(() => this.#flush());
    }
    this.#text += character;
  }

  #flush(): void {
    if (this.#timer !== undefined || this.#text === "") return;
    if (!isUnfinished(this.#text)) return this.#send();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, REST_OF_KEY_MS);
  }

  #send(): void {
    const text = this.#text;
    this.#text = "";
    this.#hear(text);
  }
}

/** Whether the text ends in the middle of an escape sequence (ECMA-48: ESC, CSI, SS3), or has only begun to be pasted. */
const isUnfinished = (text: string): boolean =>
  // oxlint-disable-next-line no-control-regex
  /\x1b(?:[[O][\d;<?]*)?$/.test(text) || text.lastIndexOf("\x1b[200~") > text.lastIndexOf("\x1b[201~");

/** At once, since a program that ends waits for nobody. A terminal that is slow is tried again, one that is gone is not. */
function writeNow(text: string): void {
  const { writeSync } = blockingFileSystem();
  let rest = Buffer.from(text);
  for (let tries = 0; rest.length > 0 && tries < 1000; tries += 1) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code !== "EAGAIN") return;
    }
  }
}
