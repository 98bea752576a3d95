import type { RunEvent, RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { monotonicMs } from "#system/clock/clock";
import type { LiveProgress, LiveTerminal } from "./live-progress";
import type { RendererOptions, Write } from "./renderer-options";

/** Runs of several commands that are over before this show no progress. */
const DELAY_MS = 150;
/** As `DELAY_MS`, where a single command shows its output as it comes. */
const SINGLE_DELAY_MS = 1000;

const NEWLINE = 10;

export interface LateProgressOptions {
  readonly write: Write;
  /** Asked only where there is something to draw. */
  readonly renderer: Pick<RendererOptions, "color" | "unicode" | "background">;
  readonly window: LiveTerminal["window"];
  /** How long instances usually take. */
  readonly expected: () => Promise<(id: InstanceId) => number | undefined>;
}

/**
 * The live view of a run that takes long enough to need one: until then it keeps events, and nothing of the view is
 * loaded.
 */
export class LateProgress {
  readonly #options: LateProgressOptions;
  #early: RunEvent[] = [];
  #startedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #progress: LiveProgress | undefined;
  #isLineOpen = false;
  #isOver = false;
  #isPaused = false;

  constructor(options: LateProgressOptions) {
    this.#options = options;
  }

  /** What the renderer has to write through. */
  readonly write: Write = (stream, bytes) => {
    if (this.#progress !== undefined) return this.#progress.write(stream, bytes);
    if (bytes.length > 0) this.#isLineOpen = bytes[bytes.length - 1] !== NEWLINE;
    return this.#options.write(stream, bytes);
  };

  /** The renderer with the view around it. */
  around(renderer: RunSubscriber): RunSubscriber {
    return {
      ...renderer,
      event: (event) => {
        this.#note(event);
        renderer.event(event);
      },
    };
  }

  /** Asks something on the terminal, which is the question's until it is answered. */
  async during<T>(question: () => Promise<T>): Promise<T> {
    this.#isPaused = true;
    this.#progress?.pause();
    try {
      return await question();
    } finally {
      this.#isPaused = false;
      this.#progress?.resume();
    }
  }

  #note(event: RunEvent): void {
    if (event.type === "run.finished") {
      this.#isOver = true;
      clearTimeout(this.#timer);
      this.#progress?.[Symbol.dispose]();
    } else if (this.#progress !== undefined) this.#progress.event(event);
    else this.#early.push(event);
    if (event.type === "run.started") this.#startedAt = monotonicMs() - event.at;
    if (event.type === "run.planned") {
      const isSingle = event.instances.filter(({ group }) => !group).length === 1;
      this.#timer = setTimeout(() => void this.#begin(), isSingle ? SINGLE_DELAY_MS : DELAY_MS);
    }
  }

  async #begin(): Promise<void> {
    const { renderer, write, window } = this.#options;
    const { color, unicode, background } = renderer;
    const [{ LiveProgress: Made }, { isInForeground, onTerminalSignals }, { loadLook }, expected] =
      await Promise.all([
        import("./live-progress"),
        import("#system/stdio/terminal-signals"),
        import("./look"),
        this.#options.expected(),
      ]);
    const look = await loadLook({ color, unicode, background });
    if (this.#isOver) return;
    const progress = new Made({
      write,
      terminal: { window, isOurs: isInForeground, listen: onTerminalSignals, after },
      look,
      unicode,
      expected,
      now: () => monotonicMs() - this.#startedAt,
      isLineOpen: this.#isLineOpen,
    });
    this.#progress = progress;
    if (this.#isPaused) progress.pause();
    progress.catchUp(this.#early);
    this.#early = [];
  }
}

function after(ms: number, callback: () => void): Disposable {
  const timer = setTimeout(callback, ms);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
