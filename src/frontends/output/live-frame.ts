import { formatDuration } from "#base/duration";
import { INSTANCE_STATES } from "#core/model/outcome";
import type { InstanceId } from "#core/model/ids";
import type { LiveFailure, LiveState, LiveTask } from "./live-state";
import type { Look } from "./look";
import { outcomeText, STATE_WORD } from "./outcome-text";
import { truncate, visibleControls } from "./visible-text";

/** Below so many columns there is no bar. */
const BAR_COLUMNS = 34;
/** So much of a label stays before the bar is given up. */
const LEAST_LABEL = 10;
/** Times are shown in tenths of a second. */
const LEAST_SHOWN_MS = 100;

export interface FrameOptions {
  /** Milliseconds since the run started. */
  readonly now: number;
  /** Of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly look: Look;
  readonly unicode: boolean;
  /** How long an instance usually takes, where that is known. */
  readonly expected: (id: InstanceId) => number | undefined;
}

/**
 * The lines of the live view, without line ends, at most half of the terminal's rows: failures, what runs, and the counts.
 * None is as wide as the terminal, so that none wraps. A terminal of one row has no room for a line and the cursor below.
 */
export function liveFrame(state: LiveState, options: FrameOptions): string[] {
  if (options.rows < 2) return [];
  const width = Math.max(1, options.columns - 1);
  const room = Math.max(1, Math.min(Math.floor(options.rows / 2), options.rows - 1)) - 1;
  const failures = failureLines(state.failures, Math.ceil(room / 3), { ...options, width });
  const tasks = taskLines(state, room - failures.length, { ...options, width });
  // Of a single task there is nothing to count.
  const totals = state.total === 1 && tasks.length > 0 ? [] : [totalsLine(state, { ...options, width })];
  return [...failures, ...tasks, ...totals];
}

type LineOptions = FrameOptions & { readonly width: number };

/** The first that failed; those that there is no room for are counted. */
function failureLines(failures: readonly LiveFailure[], room: number, options: LineOptions): string[] {
  if (failures.length === 0 || room <= 0) return [];
  const { look, width } = options;
  const { symbols, theme } = look;
  const shown = failures.length > room ? Math.max(1, room - 1) : failures.length;
  const lines = failures.slice(0, shown).map(({ label, outcome, durationMs }) => {
    const text = `${symbols.state[outcome.state]} ${label} ${outcomeText(outcome)} (${formatDuration(durationMs)})`;
    const paint = outcome.allowed === true ? theme.warn : theme.bad;
    return paint(truncate(visibleControls(text), width, symbols.ellipsis));
  });
  const left = failures.length - shown;
  return left === 0 || lines.length >= room
    ? lines
    : [...lines, theme.bad(truncate(`${symbols.ellipsis} and ${left} more failed`, width, ""))];
}

interface TaskRow {
  readonly task: LiveTask;
  readonly time: string;
  /** Of the usual time; undefined where that is not known. */
  readonly share: number | undefined;
}

/** Those that have run longest; those that there is no room for are counted. */
function taskLines(state: LiveState, room: number, options: LineOptions): string[] {
  const { size } = state.running;
  if (size === 0 || room <= 0) return [];
  const shown = size > room ? room - 1 : size;
  const rows: TaskRow[] = [];
  for (const [id, task] of state.running) {
    if (rows.length >= shown) break;
    rows.push(taskRow(task, options.expected(id), options));
  }
  const columns = columnsOf(rows, options);
  const lines = rows.map((row) => taskLine(row, columns, options));
  if (shown === size) return lines;
  const { theme, symbols } = options.look;
  const more = `${symbols.ellipsis} and ${size - shown} more running`;
  return [...lines, theme.dim(truncate(more, options.width, ""))];
}

function taskRow(task: LiveTask, expectedMs: number | undefined, { now }: LineOptions): TaskRow {
  const elapsedMs = Math.max(0, now - task.startedAt);
  if (task.phase === "waiting") {
    const restMs = Math.max(0, (task.dueAt ?? now) - now);
    return { task, time: `try ${task.attempt + 1} in ${elapsedText(restMs)}`, share: undefined };
  }
  const again = task.attempt > 1 ? `try ${task.attempt}, ` : "";
  if (task.phase === "ready")
    return { task, time: `${again}ready, ${elapsedText(elapsedMs)}`, share: undefined };
  if (expectedMs === undefined) return { task, time: again + elapsedText(elapsedMs), share: undefined };
  return {
    task,
    time: `${again}${elapsedText(elapsedMs)} of ${elapsedText(Math.max(LEAST_SHOWN_MS, expectedMs))}`,
    share: expectedMs > 0 ? elapsedMs / expectedMs : 1,
  };
}

/** Short, and never ahead of the time: `0.4s`, `12s`, `2m 5s`. */
function elapsedText(ms: number): string {
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)}s`;
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);
}

interface Columns {
  /** 0: there is no room for columns. */
  readonly label: number;
  /** 0: no bar. */
  readonly bar: number;
  readonly time: number;
}

function columnsOf(rows: readonly TaskRow[], { width, unicode }: LineOptions): Columns {
  const widest = (text: (row: TaskRow) => string): number =>
    rows.reduce((most, row) => Math.max(most, Bun.stringWidth(text(row))), 0);
  const time = widest((row) => row.time);
  const label = widest(({ task }) => visibleControls(task.label));
  // A sign and a blank before the label, a blank before the time.
  const room = width - 3 - time;
  const isKnown = rows.some(({ share }) => share !== undefined);
  const frame = unicode ? 1 : 3;
  const bar = width >= BAR_COLUMNS && isKnown ? Math.min(24, Math.max(8, Math.floor(width / 5))) : 0;
  if (bar > 0 && room - bar - frame >= Math.min(label, LEAST_LABEL))
    return { label: Math.min(label, room - bar - frame), bar, time };
  return { label: room < Math.min(label, 4) ? 0 : Math.min(label, room), bar: 0, time };
}

function taskLine({ task, time, share }: TaskRow, columns: Columns, options: LineOptions): string {
  const { look, unicode, width } = options;
  const { theme, symbols } = look;
  const name = visibleControls(task.label);
  if (columns.label === 0) return truncate(`${name} ${time}`, width, symbols.ellipsis);
  const label = padEnd(truncateMiddle(name, columns.label, symbols.ellipsis), columns.label);
  const isLate = share !== undefined && share > 1;
  const shown = (isLate ? theme.warn : theme.dim)(time.padStart(columns.time));
  const bar = columns.bar === 0 ? "" : ` ${barText(share, columns.bar, options)}`;
  return `${signOf(task, unicode, look)} ${label}${bar} ${shown}`;
}

function signOf({ phase }: LiveTask, unicode: boolean, { theme, symbols }: Look): string {
  if (phase === "waiting") return theme.warn(symbols.retry);
  if (phase === "ready") return theme.good(unicode ? "●" : "*");
  return unicode ? "›" : ">";
}

function barText(share: number | undefined, width: number, { unicode, look }: LineOptions): string {
  if (share === undefined) return " ".repeat(unicode ? width : width + 2);
  const done = Math.min(width, Math.floor(share * width));
  const paint = share > 1 ? look.theme.warn : look.theme.good;
  const [full, rest] = unicode ? (["━", "─"] as const) : (["=", "-"] as const);
  const text = paint(full.repeat(done)) + look.theme.dim(rest.repeat(width - done));
  return unicode ? text : `[${text}]`;
}

const padEnd = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - Bun.stringWidth(text)));

/** Its beginning and its end where it is too wide: labels often differ in the one or in the other. */
function truncateMiddle(text: string, columns: number, ellipsis: string): string {
  if (Bun.stringWidth(text) <= columns) return text;
  const room = columns - Bun.stringWidth(ellipsis);
  const head = truncate(text, Math.ceil(room / 2), "");
  const tail = truncate(reversed(text), Math.floor(room / 2), "");
  return head + ellipsis + reversed(tail);
}

const reversed = (text: string): string =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
    .reverse()
    .join("");

/** `12 of 40 · 2 running · 1 failed · 9 ok · 4.5s`; where it is too wide, without what matters least. */
function totalsLine(state: LiveState, { now, width, look }: LineOptions): string {
  const { theme, symbols } = look;
  const plain = (text: string): string => text;
  const parts = [
    { text: `${state.finished} of ${state.total}`, paint: theme.strong, rank: 0 },
    ...(state.stage === undefined ? [] : [{ text: visibleControls(state.stage), paint: plain, rank: 3 }]),
    { text: `${state.running.size} running`, paint: plain, rank: 2 },
    ...INSTANCE_STATES.flatMap((name) => {
      const count = state.counts[name] ?? 0;
      if (count === 0) return [];
      const isBad = name === "failed" || name === "timed_out";
      const rank = isBad ? 0 : name === "success" ? 5 : 4;
      return [{ text: `${count} ${STATE_WORD[name]}`, paint: isBad ? theme.bad : plain, rank }];
    }),
    { text: elapsedText(now), paint: theme.dim, rank: 1 },
  ];
  const gap = ` ${symbols.dot} `;
  let kept = parts;
  const widthOf = (): number =>
    kept.reduce((sum, { text }) => sum + Bun.stringWidth(text), (kept.length - 1) * gap.length);
  for (let rank = 5; rank > 0 && widthOf() > width; rank -= 1) kept = kept.filter((part) => part.rank < rank);
  return widthOf() > width
    ? truncate(kept.map(({ text }) => text).join(gap), width, "")
    : kept.map(({ text, paint }) => paint(text)).join(gap);
}
