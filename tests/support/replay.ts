import { Terminal } from "@xterm/headless";
import type { RunEvent, RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { createRenderer } from "#frontends/output/create-renderer";
import { LiveProgress } from "#frontends/output/live-progress";
import type { LiveTerminal } from "#frontends/output/live-progress";
import { plainLook } from "#frontends/output/look";

export interface ReplayOptions {
  readonly columns: number;
  readonly rows: number;
  readonly unicode?: boolean;
  readonly expected?: (id: InstanceId) => number | undefined;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Shows a recorded run on a screen as zr does on a terminal, in the journal's own time. */
export class Replay {
  /** How often the view was drawn or taken away. */
  writes = 0;
  readonly #screen: Terminal;
  readonly #events: readonly RunEvent[];
  readonly #progress: LiveProgress;
  readonly #renderer: Promise<RunSubscriber>;
  readonly #timers = new Set<Timer>();
  #resized: () => void = () => undefined;
  #next = 0;
  #now = 0;

  constructor(events: readonly RunEvent[], { columns, rows, unicode = true, expected }: ReplayOptions) {
    this.#events = events;
    // A terminal moves to the start of the line at a line feed, by the kernel's doing.
    this.#screen = new Terminal({
      cols: columns,
      rows,
      scrollback: 100_000,
      convertEol: true,
      allowProposedApi: true,
    });
    this.#progress = new LiveProgress({
      write: (_stream, bytes) => {
        this.writes += 1;
        this.#screen.write(bytes.slice());
      },
      terminal: this.#terminal(),
      look: plainLook(unicode),
      unicode,
      expected: expected ?? (() => undefined),
      now: () => this.#now,
      isLineOpen: false,
    });
    this.#renderer = this.#createRenderer(columns, unicode);
  }

  async #createRenderer(columns: number, unicode: boolean): Promise<RunSubscriber> {
    // What is loaded when it is first needed would come at another moment in a first replay than in a second.
    await Promise.all([
      import("#frontends/output/look"),
      import("#frontends/output/retry-text"),
      import("#frontends/output/failure-block"),
      import("#frontends/output/summary"),
    ]);
    return createRenderer("grouped", {
      write: this.#progress.write,
      color: false,
      unicode,
      columns,
      cwd: "/repo",
      spoolFolder: "/nowhere",
    });
  }

  /** Goes on to that time of the run, or to its end; gives what is on the screen. */
  async goTo(at: number): Promise<readonly string[]> {
    const renderer = await this.#renderer;
    for (;;) {
      const event = this.#events[this.#next];
      const timer = this.#firstTimer();
      const next = Math.min(event?.at ?? Infinity, timer?.at ?? Infinity);
      if (next > at || next === Infinity || (event === undefined && this.#isOver)) break;
      this.#now = Math.max(this.#now, next);
      if (timer !== undefined && timer.at <= (event?.at ?? Infinity)) {
        this.#timers.delete(timer);
        timer.callback();
      } else if (event !== undefined) {
        this.#next += 1;
        this.#tell(renderer, event);
        // What is said of an event may come in a later turn.
        await new Promise(setImmediate);
      }
    }
    if (this.#isOver) await renderer.close?.();
    await new Promise<void>((resolve) => this.#screen.write("", resolve));
    return this.screen();
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#resized();
  }

  screen(): readonly string[] {
    return this.#lines(this.#screen.buffer.active.baseY);
  }

  /** With all that has scrolled off the top. */
  everything(): readonly string[] {
    return this.#lines(0);
  }

  get #isOver(): boolean {
    return this.#next >= this.#events.length;
  }

  #tell(renderer: RunSubscriber, event: RunEvent): void {
    if (event.type === "instance.output") {
      const { id, stream, text } = event;
      void renderer.output?.({ id, stream, bytes: new TextEncoder().encode(text) });
      return;
    }
    this.#progress.event(event);
    if (event.type === "run.finished") this.#progress[Symbol.dispose]();
    renderer.event(event);
  }

  #firstTimer(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  }

  #terminal(): LiveTerminal {
    return {
      window: () => ({ columns: this.#screen.cols, rows: this.#screen.rows }),
      isOurs: () => true,
      listen: ({ resized }) => {
        this.#resized = resized;
        return { [Symbol.dispose]: () => undefined };
      },
      after: (ms, callback) => {
        const timer = { at: this.#now + ms, callback };
        this.#timers.add(timer);
        return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
      },
    };
  }

  #lines(from: number): readonly string[] {
    const buffer = this.#screen.buffer.active;
    const lines = Array.from(
      { length: buffer.length - from },
      (_, row) =>
        buffer
          .getLine(from + row)
          ?.translateToString(true)
          .trimEnd() ?? "",
    );
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
  }
}
