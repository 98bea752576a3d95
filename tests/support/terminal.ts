import { Terminal as ScreenEmulator } from "@xterm/headless";
import { withDeadline } from "./deadline";

export type TerminalSize = { readonly cols?: number; readonly rows?: number };
export type TerminalSetting = TerminalSize & {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};
export type TerminalExit = { readonly code: number | null; readonly signal: Bun.Subprocess["signalCode"] };

const KEYS = {
  enter: "\r",
  tab: "\t",
  escape: "\u001B",
  backspace: "\u007F",
  up: "\u001B[A",
  down: "\u001B[B",
  right: "\u001B[C",
  left: "\u001B[D",
  "page-up": "\u001B[5~",
  "page-down": "\u001B[6~",
  home: "\u001B[H",
  end: "\u001B[F",
  "ctrl-c": "\u0003",
  "ctrl-d": "\u0004",
  "ctrl-l": "\f",
  "ctrl-z": "\u001A",
} as const;

type ScreenWait = {
  readonly wanted: string | RegExp;
  readonly settle: PromiseWithResolvers<readonly string[]>;
};

/** Starts a program in a pseudo-terminal of its own, 80 by 24 unless told otherwise. */
export function openTerminal(words: readonly string[], setting: TerminalSetting): TerminalRun {
  return new TerminalRun(words, setting);
}

/** A program in a terminal, and what a person would see there. */
export class TerminalRun implements AsyncDisposable {
  readonly pid: number;
  readonly #words: readonly string[];
  readonly #emulator: ScreenEmulator;
  readonly #terminal: Bun.Terminal;
  readonly #process: Bun.Subprocess;
  readonly #waits = new Set<ScreenWait>();
  readonly #ended: Promise<TerminalExit>;
  #raw = "";

  constructor(words: readonly string[], { cols = 80, rows = 24, cwd, env }: TerminalSetting) {
    this.#words = words;
    this.#emulator = new ScreenEmulator({ cols, rows, allowProposedApi: true });
    const decoder = new TextDecoder();
    // Programs ask the terminal where its cursor is, and the like.
    this.#emulator.onData((answer) => this.type(answer));
    // A terminal made by spawn itself is the program's controlling one: only so do Ctrl-C and
    // a resize reach it as signals.
    const data = (_terminal: Bun.Terminal, bytes: Uint8Array): void => {
      this.#raw += decoder.decode(bytes, { stream: true });
      this.#emulator.write(bytes.slice(), () => this.#checkWaits(false));
    };
    this.#process = Bun.spawn([...words], { cwd, env, terminal: { cols, rows, data } });
    if (this.#process.terminal === undefined) throw new Error("this platform has no pseudo-terminals");
    this.#terminal = this.#process.terminal;
    this.pid = this.#process.pid;
    this.#ended = this.#follow();
  }

  /** Types text, or bytes as a terminal sends them. */
  type(text: string): void {
    if (!this.#terminal.closed) this.#terminal.write(text);
  }

  /** Presses keys one after the other. */
  press(...keys: readonly (keyof typeof KEYS)[]): void {
    for (const key of keys) this.type(KEYS[key]);
  }

  /** The lines on the screen, without the blanks at their ends and the empty lines below. */
  screen(): string[] {
    const buffer = this.#emulator.buffer.active;
    const lines = Array.from({ length: this.#emulator.rows }, (_, row) =>
      lineText(buffer, buffer.baseY + row),
    );
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
  }

  /** The screen with all that has scrolled off its top. */
  scrollback(): string[] {
    const buffer = this.#emulator.buffer.active;
    const lines = Array.from({ length: buffer.length }, (_, row) => lineText(buffer, row));
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
  }

  /** Where the cursor is, from 0. */
  cursor(): { readonly row: number; readonly col: number } {
    const { cursorX, cursorY } = this.#emulator.buffer.active;
    return { row: cursorY, col: cursorX };
  }

  /** What programs can switch: which screen is shown, what is told of the mouse and of pasted text. */
  modes(): { readonly screen: "normal" | "alternate"; readonly mouse: string; readonly paste: boolean } {
    const { buffer, modes } = this.#emulator;
    return { screen: buffer.active.type, mouse: modes.mouseTrackingMode, paste: modes.bracketedPasteMode };
  }

  /** Everything the program wrote, escapes included. */
  raw(): string {
    return this.#raw;
  }

  /** Waits until the screen's lines, joined by line breaks, hold the text; gives the lines. */
  waitForScreen(wanted: string | RegExp): Promise<readonly string[]> {
    const wait: ScreenWait = { wanted, settle: Promise.withResolvers() };
    this.#waits.add(wait);
    this.#checkWaits(false);
    void this.#ended.then(() => this.#checkWaits(true));
    return withDeadline(wait.settle.promise, `the screen to show ${Bun.inspect(wanted)}`, () =>
      this.transcript(),
    );
  }

  /** Changes the size; the program gets SIGWINCH. */
  resize(cols: number, rows: number): void {
    this.#emulator.resize(cols, rows);
    this.#terminal.resize(cols, rows);
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#process.kill(signal);
  }

  /** How it ended, once the screen shows all it wrote. */
  get exited(): Promise<TerminalExit> {
    return withDeadline(this.#ended, "it to exit", () => this.transcript());
  }

  get hasExited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** The command, how it stands, and the screen in a frame. */
  transcript(): string {
    const { exitCode, signalCode } = this.#process;
    const state = this.hasExited ? (signalCode ?? `exit code ${exitCode}`) : `running, pid ${this.pid}`;
    const { cols, rows } = this.#emulator;
    const edge = `+${"-".repeat(cols)}+`;
    const lines = this.screen().map((line) => `|${line.padEnd(cols)}|`);
    return [`$ ${this.#words.join(" ")}   (${state}, terminal ${cols}x${rows})`, edge, ...lines, edge].join(
      "\n",
    );
  }

  /** Closes the terminal: the program gets SIGHUP, and can neither read nor write it any more. */
  hangUp(): void {
    this.#terminal.close();
  }

  /** Hangs up: the program gets SIGHUP, then SIGKILL. */
  close(): void {
    if (!this.#terminal.closed) this.#terminal.close();
    if (!this.hasExited) this.#process.kill("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#ended;
    this.#emulator.dispose();
  }

  async #follow(): Promise<TerminalExit> {
    await this.#process.exited;
    const { promise, resolve } = Promise.withResolvers<void>();
    // Writes are taken in order: this one is through when all before it are on the screen.
    this.#emulator.write("", resolve);
    await promise;
    const { exitCode, signalCode } = this.#process;
    return { code: signalCode === null ? exitCode : null, signal: signalCode };
  }

  #checkWaits(isOver: boolean): void {
    const shown = this.screen();
    for (const wait of this.#waits) {
      if (holds(shown.join("\n"), wait.wanted)) wait.settle.resolve(shown);
      else if (isOver)
        wait.settle.reject(
          new Error(`the screen never showed ${Bun.inspect(wait.wanted)}\n${this.transcript()}`),
        );
      else continue;
      this.#waits.delete(wait);
    }
  }
}

function holds(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
}

function lineText(buffer: ScreenEmulator["buffer"]["active"], row: number): string {
  return buffer.getLine(row)?.translateToString(true).trimEnd() ?? "";
}
