import type { InstanceId } from "#core/model/ids";
import { wasCalledFor } from "#core/model/outcome";
import type { InstanceState, Outcome } from "#core/model/outcome";
import { runStatus } from "#engine/history/stored-run";
import type { StoredRun } from "#engine/history/stored-run";
import { logProblems } from "#app/log-problems";
import type { LogProblem } from "#app/log-problems";
import type { LogExcerpt } from "#app/log-excerpt";
import { cutText } from "./fit";
import type { Mask, Wording } from "./operation";
import type { DeskRun } from "./run-desk";

/** A run, in progress or from the history, as far as an answer needs it. */
export interface SeenRun {
  readonly run: string;
  /** How it ended, or `running`. */
  readonly status: string;
  readonly exitCode?: number;
  readonly durationMs: number;
  readonly workflow?: string;
  readonly stages: readonly { readonly name: string; readonly state: string; readonly why?: string }[];
  readonly requested: readonly InstanceId[];
  readonly instances: readonly SeenInstance[];
}

export interface SeenInstance {
  readonly id: InstanceId;
  readonly command: string;
  readonly durationMs: number;
  readonly attempts: number;
  readonly outcome?: Outcome;
  readonly isRunning: boolean;
  /** Reads its log; undefined where there is none. */
  readonly log?: () => Promise<LogExcerpt | undefined>;
}

export function seenDeskRun({ id, record, logs }: DeskRun, nowMs: number): SeenRun {
  const instances = [...(record?.instances.values() ?? [])];
  const ended = record?.exitCode;
  return {
    run: id,
    status:
      ended === undefined
        ? "running"
        : runStatus({
            exitCode: ended,
            ...(record?.interrupted === undefined ? {} : { interrupted: record.interrupted }),
          }),
    ...(ended === undefined ? {} : { exitCode: ended }),
    durationMs: record === undefined ? 0 : (record.durationMs ?? nowMs - record.wallMs),
    ...(record?.workflow === undefined ? {} : { workflow: record.workflow }),
    stages: record?.stages ?? [],
    requested: record?.requested ?? [],
    instances: instances.map(({ planned, phase, durationMs, attempts, outcome }) => {
      const log = logs.get(planned.id);
      return {
        id: planned.id,
        command: planned.command,
        durationMs,
        attempts,
        isRunning: phase === "running" || phase === "ready",
        ...(outcome === undefined ? {} : { outcome }),
        ...(log === undefined ? {} : { log: () => Promise.resolve(log) }),
      };
    }),
  };
}

export function seenStoredRun(
  stored: StoredRun,
  readExcerpt: (instance: StoredRun["instances"][number]) => Promise<LogExcerpt | undefined>,
): SeenRun {
  return {
    run: stored.run,
    status: runStatus(stored),
    exitCode: stored.exitCode,
    durationMs: stored.durationMs,
    ...(stored.workflow === undefined ? {} : { workflow: stored.workflow }),
    stages: stored.stages ?? [],
    requested: stored.requested,
    instances: stored.instances.map((instance) => ({
      id: instance.id,
      command: instance.command,
      durationMs: instance.durationMs,
      attempts: instance.attempts,
      outcome: instance.outcome,
      isRunning: false,
      ...(instance.log === undefined ? {} : { log: () => readExcerpt(instance) }),
    })),
  };
}

const MOST_FAILED = 5;
const MOST_PROBLEMS = 5;
const FAILED_LINES = 12;
const GOOD_LINES = 6;
const TAIL_BYTES = 8 * 1024;
const LINE_LENGTH = 240;

export interface AnswerOptions {
  readonly words: Wording;
  readonly mask: Mask;
  /** Every instance, and more of the output. */
  readonly verbose: boolean;
}

/** What is told of a run: how it ended, what failed with its errors and last lines, else what was asked for printed. */
export async function runAnswer(
  seen: SeenRun,
  options: AnswerOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const { words, mask, verbose } = options;
  const told = seen.instances.filter(({ outcome }) => outcome === undefined || wasCalledFor(outcome));
  const failed = told.filter(({ outcome }) => outcome?.failure !== undefined && outcome.allowed !== true);
  const lines = verbose ? 4 : 1;
  const described = await Promise.all(
    failed.slice(0, MOST_FAILED).map((instance) => failedAnswer(instance, options, FAILED_LINES * lines)),
  );
  const isOver = seen.status !== "running";
  const speaking =
    failed.length > 0 && isOver
      ? []
      : told.filter(({ id, isRunning }) => seen.requested.includes(id) || isRunning);
  const outputs = await Promise.all(
    speaking.slice(0, MOST_FAILED).map((one) => outputOf(one, mask, GOOD_LINES * lines)),
  );
  const output = Object.fromEntries(outputs.filter((one) => one !== undefined));
  return {
    run: seen.run,
    status: seen.status,
    ...(seen.exitCode === undefined ? {} : { exitCode: seen.exitCode }),
    durationMs: Math.round(seen.durationMs),
    tasks: countStates(told),
    ...(seen.workflow === undefined ? {} : { workflow: seen.workflow }),
    ...(seen.stages.length === 0 ? {} : { stages: stageWords(seen) }),
    ...(described.length === 0 ? {} : { failed: described }),
    ...(failed.length > MOST_FAILED ? { moreFailed: failed.slice(MOST_FAILED).map(({ id }) => id) } : {}),
    ...(Object.keys(output).length === 0 ? {} : { output }),
    ...(verbose ? { instances: told.map((instance) => instanceAnswer(instance, words)) } : {}),
  };
}

const stageWords = ({ stages }: SeenRun): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stages.map(({ name, state, why }) => [name, why === undefined ? state : `${state}: ${why}`]),
  );

/** `{ok: 3, failed: 1}`; what has not ended counts as running or waiting. */
function countStates(instances: readonly SeenInstance[]): Readonly<Record<string, number>> {
  const counts: Partial<Record<InstanceState | "running" | "waiting", number>> = {};
  for (const { outcome, isRunning } of instances) {
    const state = outcome?.state ?? (isRunning ? "running" : "waiting");
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

async function failedAnswer(
  instance: SeenInstance,
  { words, mask }: AnswerOptions,
  lines: number,
): Promise<Readonly<Record<string, unknown>>> {
  const { id, outcome, command, attempts } = instance;
  const log = await instance.log?.();
  const problems = log === undefined ? [] : problemsOf(log, mask, MOST_PROBLEMS);
  return {
    task: id,
    why: outcome === undefined ? "" : words.outcome(outcome),
    ...(command === "" ? {} : { command: command.split("\n", 1)[0] }),
    ...(attempts > 1 ? { attempts } : {}),
    ...(problems.length === 0 ? {} : { problems }),
    ...(log === undefined || log.bytes === 0
      ? {}
      : { output: lastLines(log, mask, lines), lines: log.lines }),
  };
}

async function outputOf(
  instance: SeenInstance,
  mask: Mask,
  lines: number,
): Promise<readonly [string, string] | undefined> {
  const log = await instance.log?.();
  return log === undefined || log.bytes === 0 ? undefined : [instance.id, lastLines(log, mask, lines)];
}

const instanceAnswer = (
  { id, outcome, isRunning, durationMs }: SeenInstance,
  words: Wording,
): Readonly<Record<string, unknown>> => ({
  task: id,
  state: outcome === undefined ? (isRunning ? "running" : "waiting") : words.outcome(outcome),
  durationMs: Math.round(durationMs),
});

/** Errors with their places, from the beginning and the end of a log. */
export function problemsOf(log: LogExcerpt, mask: Mask, limit: number): readonly LogProblem[] {
  const found = log.ends().flatMap((text) => logProblems(mask(text), limit));
  const places = new Set<string>();
  return found
    .filter(({ file, line, column }) => {
      const key = `${file}:${line}:${column ?? ""}`;
      return !places.has(key) && places.add(key);
    })
    .slice(0, limit);
}

/** The last lines that say something, long ones without their middles. */
export function lastLines(log: LogExcerpt, mask: Mask, count: number): string {
  const lines = mask(log.tail(TAIL_BYTES))
    .split("\n")
    .filter((line) => line.trim() !== "");
  return shortLines(lines.slice(-count));
}

const shortLines = (lines: readonly string[]): string =>
  lines.map((line) => cutText(line.trimEnd(), LINE_LENGTH)).join("\n");

/** Whether a run counts as one that failed. */
export const hasFailed = ({ status }: Pick<SeenRun, "status">): boolean =>
  status !== "success" && status !== "running";
