import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Result } from "#base/result";
import { monotonicMs } from "#system/clock/clock";
import type { Problems } from "#app/problems";
import type { BenchSubject } from "./bench-plan";
import type { PlannedRun } from "./plan-run";

/** How long and how often is measured. */
export interface BenchEffort {
  /** Exactly so many measurements. */
  readonly runs?: number;
  /** Runs before, which do not count. */
  readonly warmup: number;
  /** Without `runs`: measure for about so long. */
  readonly timeMs: number;
  /** Without `runs`: at least so many measurements, however long they take. */
  readonly minRuns: number;
}

/** Without a given number never more measurements than this. */
const MOST_RUNS = 1000;

export interface BenchInput {
  readonly subjects: readonly BenchSubject[];
  readonly effort: BenchEffort;
  /** Does one run; the subscriber has to be among its readers. */
  readonly run: (planned: PlannedRun, subscriber: RunSubscriber) => Promise<Result<BenchRun, Problems>>;
  /** Told before each run. */
  readonly progress: (step: BenchStep) => void;
}

/** How one run ended. */
export interface BenchRun {
  readonly exitCode: number;
  readonly isInterrupted: boolean;
}

export interface BenchStep {
  readonly subject: InstanceId;
  readonly phase: "before" | "warm-up" | "measuring";
  /** From 1. */
  readonly number: number;
}

/** What was measured of one subject. */
export interface BenchSample {
  readonly subject: InstanceId;
  readonly timesMs: readonly number[];
  readonly cpuMs: readonly number[];
}

export type BenchEnd =
  | { readonly kind: "measured"; readonly samples: readonly BenchSample[] }
  /** A run failed or was interrupted; it has been told of. */
  | { readonly kind: "failed"; readonly subject: InstanceId; readonly exitCode: number }
  /** The command was not run, which takes no time. */
  | { readonly kind: "not-run"; readonly subject: InstanceId; readonly outcome: Outcome }
  | { readonly kind: "problems"; readonly problems: Problems };

interface Measurement {
  readonly timeMs: number;
  readonly cpuMs: number;
}

type Attempt = { readonly measurement: Measurement } | { readonly end: BenchEnd };

/**
 * Runs each subject again and again and takes the time of its own commands. Subjects take turns, each round in the other
 * order, so that what changes on the machine meanwhile falls on all of them alike.
 */
export async function bench(input: BenchInput): Promise<BenchEnd> {
  const { subjects, effort, progress } = input;
  for (const subject of subjects) {
    if (subject.first === undefined) continue;
    progress({ subject: subject.id, phase: "before", number: 1 });
    const result = await input.run(subject.first, { event: () => undefined });
    if (!result.ok) return { kind: "problems", problems: result.error };
    if (result.value.exitCode !== 0)
      return { kind: "failed", subject: subject.id, exitCode: result.value.exitCode };
  }
  const rounds: Measurement[][] = subjects.map(() => []);
  let started = monotonicMs();
  for (let round = 0; ; round += 1) {
    const number = round - effort.warmup + 1;
    if (number === 1) started = monotonicMs();
    if (number > 0 && isEnough(effort, number - 1, monotonicMs() - started)) break;
    const order = [...subjects.entries()];
    if (round % 2 === 1) order.reverse();
    for (const [index, subject] of order) {
      const isWarmup = number < 1;
      progress({
        subject: subject.id,
        phase: isWarmup ? "warm-up" : "measuring",
        number: isWarmup ? round + 1 : number,
      });
      const attempt = await measure(subject, input);
      if ("end" in attempt) return attempt.end;
      if (!isWarmup) rounds[index]?.push(attempt.measurement);
    }
  }
  const samples = subjects.map(({ id }, index) => ({
    subject: id,
    timesMs: rounds[index]?.map(({ timeMs }) => timeMs) ?? [],
    cpuMs: rounds[index]?.map(({ cpuMs }) => cpuMs) ?? [],
  }));
  return { kind: "measured", samples };
}

function isEnough({ runs, timeMs, minRuns }: BenchEffort, done: number, spentMs: number): boolean {
  if (runs !== undefined) return done >= runs;
  return done >= MOST_RUNS || (done >= minRuns && spentMs >= timeMs);
}

/** One run of a subject: the time from the start of its first command to the end of its last. */
async function measure(subject: BenchSubject, { run }: BenchInput): Promise<Attempt> {
  let timeMs: number | undefined;
  let cpuMs = 0;
  let outcome: Outcome | undefined;
  const result = await run(subject.again, {
    event: (event) => {
      if (event.type === "instance.attempt-finished" && event.id === subject.id) timeMs = event.durationMs;
      if (event.type !== "instance.finished" || event.id !== subject.id) return;
      outcome = event.outcome;
      cpuMs = event.cpuMs ?? 0;
    },
  });
  if (!result.ok) return { end: { kind: "problems", problems: result.error } };
  const { exitCode, isInterrupted } = result.value;
  const failed = { kind: "failed", subject: subject.id } as const;
  if (exitCode !== 0 || isInterrupted) return { end: { ...failed, exitCode } };
  if (outcome?.state === "success" && timeMs !== undefined) return { measurement: { timeMs, cpuMs } };
  // A failure that the task allows counts as a failure here: its time says nothing.
  if (outcome?.failure !== undefined) return { end: { ...failed, exitCode: 1 } };
  return { end: { kind: "not-run", subject: subject.id, outcome: outcome ?? { state: "skipped" } } };
}
