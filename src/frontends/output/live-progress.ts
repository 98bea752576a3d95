import type { InstanceId } from "#core/model/ids";
import type { RunEvent } from "#core/model/event";
import type { TerminalListener } from "#system/stdio/terminal-signals";
import { liveFrame } from "./live-frame";
import { LiveScreen } from "./live-screen";
import { isTerminalTaken, NO_RUN, reduceLive } from "./live-state";
import type { Look } from "./look";
import type { Write } from "./renderer-options";

/** Between two drawings at least: ten a second at most. */
const LEAST_MS = 100;
/** Between two drawings where nothing happens: for the times to go on. */
const MOST_MS = 500;

/** The terminal that is drawn on, and time. */
export interface LiveTerminal {
  /** Its size, now. */
  readonly window: () => { readonly columns: number; readonly rows: number } | undefined;
  /** Whether this program may draw on it, now. */
  readonly isOurs: () => boolean;
  readonly listen: (listener: TerminalListener) => Disposable;
  /** Calls back once, after so many milliseconds, unless disposed. */
  readonly after: (ms: number, callback: () => void) => Disposable;
}

export interface LiveProgressOptions {
  readonly write: Write;
  readonly terminal: LiveTerminal;
  readonly look: Look;
  readonly unicode: boolean;
  readonly expected: (id: InstanceId) => number | undefined;
  /** Milliseconds since the run started. */
  readonly now: () => number;
  /** Whether the last line on the terminal has no end yet. */
  readonly isLineOpen: boolean;
}

/** Draws the live view of a run, at most so often, and only while the terminal is zr's to draw on. */
export class LiveProgress implements Disposable {
  readonly #options: LiveProgressOptions;
  readonly #screen: LiveScreen;
  readonly #signals: Disposable;
  #state = NO_RUN;
  #timer: Disposable | undefined;
  /** When the timer rings, and when something was drawn, in the run's time. */
  #dueAt = Number.POSITIVE_INFINITY;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isPaused = false;
  #isOver = false;

  constructor(options: LiveProgressOptions) {
    this.#options = options;
    this.#screen = new LiveScreen(
      {
        write: options.write,
        columns: () => options.terminal.window()?.columns ?? 80,
        onWaiting: () => this.#drawSoon(),
      },
      options.isLineOpen,
    );
    this.#signals = options.terminal.listen({
      resized: () => this.#drawSoon(),
      suspending: () => this.#screen.clear(),
      resumed: () => this.#drawSoon(),
    });
  }

  /** What everything else has to be written through. */
  readonly write: Write = (stream, bytes) => this.#screen.write(stream, bytes);

  /** Takes note of events that happened before there was anything to draw. */
  catchUp(events: readonly RunEvent[]): void {
    for (const event of events) this.#state = reduceLive(this.#state, event);
    this.#drawSoon();
  }

  event(event: RunEvent): void {
    this.#state = reduceLive(this.#state, event);
    // At once: whoever has the terminal next must find it clean.
    if (this.#isHidden()) this.#screen.clear();
    else this.#drawSoon();
  }

  /** Leaves the terminal to a question. */
  pause(): void {
    this.#isPaused = true;
    this.#screen.clear();
  }

  resume(): void {
    this.#isPaused = false;
    this.#drawSoon();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
    this.#signals[Symbol.dispose]();
    this.#screen.clear();
  }

  #isHidden(): boolean {
    return this.#isOver || this.#isPaused || this.#state.isOver || isTerminalTaken(this.#state);
  }

  #drawSoon(): void {
    this.#ringAt(this.#drawnAt + LEAST_MS);
  }

  #ringAt(at: number): void {
    if (this.#isOver || this.#dueAt <= at) return;
    this.#dueAt = at;
    this.#timer?.[Symbol.dispose]();
    const { terminal, now } = this.#options;
    this.#timer = terminal.after(Math.max(0, at - now()), () => this.#draw());
  }

  #draw(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#drawnAt = this.#options.now();
    const { terminal } = this.#options;
    const size = terminal.window();
    // A program that was put into the background leaves the terminal alone, but for the output of its tasks.
    if (size === undefined || this.#isHidden() || !terminal.isOurs()) this.#screen.clear();
    else {
      const { look, unicode, expected } = this.#options;
      this.#screen.show(liveFrame(this.#state, { now: this.#drawnAt, ...size, look, unicode, expected }));
    }
    this.#ringAt(this.#drawnAt + MOST_MS);
  }
}
