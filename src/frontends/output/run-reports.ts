import type { RunEvent, RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Failure } from "#core/model/outcome";
import { reduceRun } from "#core/model/record";
import type { InstanceRecord, RunRecord } from "#core/model/record";
import { TailBuffer } from "./tail-buffer";

const TAIL_BYTES = 64 * 1024;

/** One start of an instance; times in milliseconds since the run started. */
export interface AttemptRecord {
  readonly id: InstanceId;
  readonly attempt: number;
  readonly pid?: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failure?: Failure;
  /** Where another attempt followed: after this delay. */
  readonly retryInMs?: number;
}

/** Everything that a report about a run is made of. */
export interface FinishedRun {
  readonly record: RunRecord;
  /** In the order in which they were started. */
  readonly attempts: readonly AttemptRecord[];
  /** The last output of what did not succeed. */
  readonly tails: ReadonlyMap<InstanceId, TailBuffer>;
}

/** Collects a run and hands it to every report when it has ended. */
export function createRunReports(reports: readonly ((run: FinishedRun) => Promise<void>)[]): RunSubscriber {
  let record: RunRecord | undefined;
  const attempts = new Map<string, AttemptRecord>();
  const tails = new Map<InstanceId, TailBuffer>();
  return {
    event: (event) => {
      record = reduceRun(record, event);
      noteAttempt(attempts, event);
      if (event.type === "instance.finished" && event.outcome.failure === undefined) tails.delete(event.id);
    },
    output: ({ id, stream, bytes }) => {
      let tail = tails.get(id);
      if (tail === undefined) tails.set(id, (tail = new TailBuffer(TAIL_BYTES)));
      tail.append(stream, bytes);
    },
    close: async () => {
      if (record === undefined) return;
      const run: FinishedRun = { record, attempts: [...attempts.values()], tails };
      await Promise.all(reports.map((report) => report(run)));
    },
  };
}

function noteAttempt(attempts: Map<string, AttemptRecord>, event: RunEvent): void {
  if (event.type === "instance.started") {
    const { id, attempt, pid, at } = event;
    attempts.set(`${attempt}\0${id}`, {
      id,
      attempt,
      startedAt: at,
      endedAt: at,
      ...(pid === undefined ? {} : { pid }),
    });
  }
  if (event.type !== "instance.attempt-finished") return;
  const key = `${event.attempt}\0${event.id}`;
  const started = attempts.get(key);
  if (started === undefined) return;
  attempts.set(key, {
    ...started,
    endedAt: event.at,
    ...(event.failure === undefined ? {} : { failure: event.failure }),
    ...(event.retryInMs === undefined ? {} : { retryInMs: event.retryInMs }),
  });
}

/** Whether the instance failed in a way that its task does not allow. */
export const hasFailed = ({ outcome }: InstanceRecord): boolean =>
  (outcome?.state === "failed" || outcome?.state === "timed_out") && outcome.allowed !== true;

/** Groups only stand for their deps; a handler that was not called for is nothing to tell. */
export function isReported(instance: InstanceRecord): boolean {
  const { planned, outcome } = instance;
  const reason = outcome?.reason?.kind;
  if (reason === "not-needed" || (reason === "not-called" && outcome?.state === "skipped")) return false;
  return !planned.group || hasFailed(instance);
}
