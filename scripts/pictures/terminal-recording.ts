import { Terminal } from "@xterm/headless";
import { CELL_HEIGHT, PADDING, svgOf, terminalRow, TERMINAL_STYLE } from "./terminal-svg";

const KEY_MS = 55;
const BEFORE_ENTER_MS = 350;
const AFTER_COMMAND_MS = 2200;
/** What changes faster than this becomes one picture. */
const FRAME_MS = 90;
const PROMPT = "\u001B[1m$\u001B[0m ";

/** The screen at a moment: the number of what each row shows. */
interface Frame {
  readonly atMs: number;
  readonly rows: readonly number[];
}

/** How programs of a recording are started. */
export interface RecordingPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A session on a terminal: words are typed at a prompt, programs run at their own pace on a pseudo-terminal, and what the
 * screen showed at each moment is kept.
 */
export class TerminalRecording {
  readonly #terminal: Terminal;
  readonly #frames: Frame[] = [];
  /** What rows have shown, and its number. */
  readonly #shown = new Map<string, number>();
  #nowMs = 0;

  constructor(
    private readonly columns: number,
    private readonly rows: number,
  ) {
    this.#terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  /** Types a command, runs the program, and waits for its end. */
  async run(typed: string, words: readonly string[], { cwd, env }: RecordingPlace): Promise<void> {
    await this.#show(PROMPT);
    for (const key of typed) {
      this.#nowMs += KEY_MS;
      await this.#show(key);
    }
    this.#nowMs += BEFORE_ENTER_MS;
    await this.#show("\r\n");
    const [startMs, start] = [this.#nowMs, performance.now()];
    let written = Promise.resolve();
    const child = Bun.spawn([...words], {
      cwd,
      env,
      terminal: {
        cols: this.columns,
        rows: this.rows,
        data: (_terminal, bytes) => {
          const [chunk, atMs] = [bytes.slice(), startMs + performance.now() - start];
          written = written.then(() => {
            this.#nowMs = atMs;
            return this.#show(chunk);
          });
        },
      },
    });
    await child.exited;
    await written;
    this.#nowMs = startMs + performance.now() - start + AFTER_COMMAND_MS;
  }

  /** The session as an animated picture that begins again at its end; a reader who wants no motion sees the last screen. */
  svg(title: string): string {
    const height = this.rows * CELL_HEIGHT;
    const frames = spaced(this.#frames);
    const moments = frames.map(
      ({ atMs }, index) =>
        `${((atMs / this.#nowMs) * 100).toFixed(3)}%{transform:translateY(${-index * height}px)}`,
    );
    const last = `translateY(${-(frames.length - 1) * height}px)`;
    const style = [
      TERMINAL_STYLE,
      `@keyframes play{${moments.join("")}to{transform:${last}}}`,
      `.film{transform:${last};animation:play ${Math.round(this.#nowMs)}ms step-end infinite}`,
      "@media(prefers-reduced-motion:reduce){.film{animation:none}}",
    ].join("");
    const rows = [...this.#shown].map(([elements, number]) => `<g id="r${number}">${elements}</g>`);
    const film = frames.map(({ rows }, index) => {
      const uses = rows.map((row, at) => (row === 0 ? "" : `<use href="#r${row}" y="${at * CELL_HEIGHT}"/>`));
      return `<g transform="translate(0 ${index * height})">${uses.join("")}</g>`;
    });
    return svgOf({ columns: this.columns, rows: this.rows, title, style }, [
      `<defs>${rows.join("")}<clipPath id="window"><rect y="${PADDING}" width="100%" height="${height}"/></clipPath></defs>`,
      `<g clip-path="url(#window)"><g class="film">`,
      ...film,
      "</g></g>",
    ]);
  }

  async #show(text: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#terminal.write(text, resolve);
    });
    const rows = Array.from({ length: this.rows }, (_, row) =>
      this.#numberOf(terminalRow(this.#terminal, row).join("")),
    );
    this.#frames.push({ atMs: this.#nowMs, rows });
  }

  /** 0 is the empty row. */
  #numberOf(elements: string): number {
    if (elements === "") return 0;
    const number = this.#shown.get(elements) ?? this.#shown.size + 1;
    this.#shown.set(elements, number);
    return number;
  }
}

/** Of frames that follow each other at once only the last, and of equal ones only the first. */
function spaced(frames: readonly Frame[]): readonly Frame[] {
  const kept: Frame[] = [];
  for (const [index, frame] of frames.entries()) {
    const next = frames[index + 1];
    const before = kept.at(-1);
    if (before !== undefined && before.rows.join() === frame.rows.join()) continue;
    if (next === undefined || next.atMs - (before?.atMs ?? 0) > FRAME_MS) kept.push(frame);
  }
  const [first] = kept;
  return first === undefined ? [] : [{ ...first, atMs: 0 }, ...kept.slice(1)];
}
