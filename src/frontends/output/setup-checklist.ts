import { formatDuration } from "#base/duration";
import type { SetupEvent, UnitResult, UnitState } from "#engine/onboard/setup-unit";
import { LiveBlock } from "./live-block";
import type { Look } from "./look";
import { visibleControls } from "./visible-text";

export interface ChecklistOptions {
  readonly look: Look;
  /** Whether lines can be drawn over, and whether stdout is seen on the same terminal. */
  readonly isTerminal: boolean;
  readonly sharesStdout: boolean;
  readonly columns: () => number;
  /** Only what failed. */
  readonly isQuiet: boolean;
  /** Milliseconds of some clock that never goes back. */
  readonly now: () => number;
  readonly print: (stream: "stdout" | "stderr", text: string) => Promise<void>;
}

export interface Checklist {
  readonly report: (event: SetupEvent) => void;
  /**
   * Everything that was reported is written, and the lines that change are gone.
   * @throws what kept a line from being written.
   */
  readonly done: () => Promise<void>;
}

interface Running {
  readonly began: number;
  readonly detail: string;
}

/** Lines are drawn over at most so often, in milliseconds. */
const PAUSE_MS = 100;
const NAME_WIDTH = 12;
const WORD_WIDTH = 11;
const LOG_LINES = 20;

/** A line for each part that is over, and on a terminal below them those that are under way, with their times. */
export function createChecklist(options: ChecklistOptions): Checklist {
  const { look, isTerminal, columns, isQuiet, now, print } = options;
  const running = new Map<string, Running>();
  let queue: Promise<void> = Promise.resolve();
  // The setup goes on; who asks for the end hears of it.
  let lost: { readonly error: unknown } | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const block = new LiveBlock({
    sharesStdout: options.sharesStdout,
    write: (stream, bytes) => {
      const text = decoder.decode(bytes);
      queue = queue
        .then(() => print(stream, text))
        .catch((error: unknown) => {
          lost ??= { error };
        });
    },
  });
  const draw = (): void => {
    const { symbols, theme } = look;
    block.show(
      [...running].map(([id, { began, detail }]) => {
        const line = `${symbols.stage} ${columnsOf(id, "running", detail)}`;
        const time = `  ${formatDuration(now() - began)}`;
        const room = Math.max(10, columns() - 1 - Bun.stringWidth(time));
        return Bun.sliceAnsi(line, 0, room) + theme.dim(time);
      }),
    );
  };
  const end = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    report: (event) => {
      if (event.kind === "ended") {
        running.delete(event.result.id);
        if (!isQuiet || isBad(event.result.state))
          void block.write("stdout", encoder.encode(resultText(event.result, look)));
      } else {
        const began = running.get(event.id)?.began ?? now();
        running.set(event.id, { began, detail: event.detail });
      }
      if (!isTerminal || isQuiet) return;
      if (running.size === 0) end();
      else timer ??= setInterval(draw, PAUSE_MS);
      draw();
    },
    done: async () => {
      end();
      block.clear();
      await queue;
      if (lost !== undefined) throw lost.error;
    },
  };
}

const WORDS: Readonly<Record<UnitState, string>> = {
  done: "done",
  "up-to-date": "up to date",
  skipped: "skipped",
  failed: "failed",
  warning: "failed",
  blocked: "not begun",
  interrupted: "interrupted",
  todo: "to do",
};

const isBad = (state: UnitState): boolean =>
  state === "failed" || state === "warning" || state === "blocked" || state === "interrupted";

const columnsOf = (id: string, word: string, detail: string): string =>
  `${id.padEnd(NAME_WIDTH)} ${word.padEnd(WORD_WIDTH)} ${visibleControls(detail)}`.trimEnd();

/** What is said of a part that is over: one line, and the end of its output where it failed. */
function resultText(result: UnitResult, { symbols, theme }: Look): string {
  const { id, state, detail, durationMs, log, hint } = result;
  // What was not begun took no time worth telling.
  const isTimed = state === "done" || state === "failed" || state === "warning";
  const time = isTimed ? theme.dim(`  ${formatDuration(durationMs)}`) : "";
  const optional = state === "warning" ? ", optional" : "";
  const line = columnsOf(id, WORDS[state], `${detail}${optional}`);
  const paint =
    state === "warning" ? theme.warn : isBad(state) ? theme.bad : state === "done" ? theme.good : theme.dim;
  const lines = [`${paint(`${signOf(state, symbols)}`)} ${line}${time}`];
  if (log !== undefined)
    lines.push(
      ...log
        .trimEnd()
        .split(/\r\n|\r|\n/)
        .slice(-LOG_LINES)
        .map((text) => `  ${symbols.bar} ${visibleControls(text)}`),
    );
  if (hint !== undefined) lines.push(`  ${symbols.arrow} ${visibleControls(hint)}`);
  return lines.map((text) => `${text}\n`).join("");
}

function signOf(state: UnitState, { state: signs, dot }: Look["symbols"]): string {
  switch (state) {
    case "done":
    case "up-to-date":
      return signs.success;
    case "skipped":
      return signs.skipped;
    case "failed":
    case "warning":
      return signs.failed;
    case "blocked":
      return signs.blocked;
    case "interrupted":
      return signs.canceled;
    case "todo":
      return dot;
  }
}

/** What is said at the end: how it went, and what is left to do. */
export function setupSummary(
  {
    results,
    next,
    durationMs,
  }: {
    readonly results: readonly UnitResult[];
    readonly next: readonly string[];
    readonly durationMs: number;
  },
  { theme, symbols }: Look,
): string {
  const count = (...states: readonly UnitState[]): number =>
    results.filter(({ state }) => states.includes(state)).length;
  const failed = count("failed");
  const waiting = count("blocked", "interrupted");
  const todo = count("todo");
  const done = count("done");
  const time = formatDuration(durationMs);
  const said =
    failed + waiting > 0
      ? theme.bad(
          [...(failed > 0 ? [`${failed} failed`] : []), ...(waiting > 0 ? [`${waiting} not done`] : [])].join(
            ", ",
          ),
        )
      : todo > 0
        ? `${todo} to do`
        : done === 0
          ? theme.good(`everything is set up (${time})`)
          : theme.good(`set up in ${time}`);
  const steps = next.map((line) => `  ${symbols.arrow} ${visibleControls(line)}\n`).join("");
  return `\n${said}\n${steps === "" || todo > 0 ? "" : `Next:\n${steps}`}`;
}
