import { failureText } from "./outcome-text";
import type { AttemptRecord, FinishedRun } from "./run-reports";

const PROCESS = 1;

/**
 * A run in the JSON form of the Chrome trace event format, which Perfetto opens: a lane for each worker slot, a complete
 * event (`X`) for each attempt, an instant event (`i`) where another attempt follows. Times are microseconds.
 */
export function traceReport(run: FinishedRun): string {
  const lanes: number[] = [];
  const events = run.attempts.flatMap((attempt) => {
    const lane = takeLane(lanes, attempt);
    return [completeEvent(run, attempt, lane), ...retryEvents(run, attempt, lane)];
  });
  const { record } = run;
  const names = [
    metadata("process_name", 0, `zr run ${record.request.join(" ")}`),
    ...lanes.map((_, lane) => metadata("thread_name", lane + 1, `slot ${lane + 1}`)),
  ];
  const document = {
    displayTimeUnit: "ms",
    otherData: {
      run: record.run,
      zr: record.zr,
      root: record.root,
      startedAt: new Date(record.wallMs).toISOString(),
      jobs: record.jobs,
      exitCode: record.exitCode,
    },
    traceEvents: [...names, ...events],
  };
  return `${JSON.stringify(document)}\n`;
}

/** The first lane that is free when the attempt starts, from 1; `lanes` holds when each becomes free. */
function takeLane(lanes: number[], { startedAt, endedAt }: AttemptRecord): number {
  const free = lanes.findIndex((until) => until <= startedAt);
  const lane = free === -1 ? lanes.length : free;
  lanes[lane] = endedAt;
  return lane + 1;
}

const micros = (ms: number): number => Math.round(ms * 1000);

function completeEvent({ record }: FinishedRun, attempt: AttemptRecord, lane: number): object {
  const instance = record.instances.get(attempt.id);
  const isLast = instance?.attempts === attempt.attempt;
  const { planned, outcome } = instance ?? {};
  return {
    name: planned?.label ?? attempt.id,
    cat: "task",
    ph: "X",
    ts: micros(attempt.startedAt),
    dur: micros(attempt.endedAt) - micros(attempt.startedAt),
    pid: PROCESS,
    tid: lane,
    args: {
      id: attempt.id,
      attempt: attempt.attempt,
      state: isLast ? outcome?.state : "failed",
      failure: attempt.failure === undefined ? undefined : failureText(attempt.failure),
      package: planned?.package,
      command: planned?.command,
      cwd: planned?.cwd,
      pid: attempt.pid,
      cpuMs: isLast ? instance.cpuMs : undefined,
    },
  };
}

function retryEvents({ record }: FinishedRun, attempt: AttemptRecord, lane: number): readonly object[] {
  const { id, retryInMs } = attempt;
  if (retryInMs === undefined) return [];
  return [
    {
      name: `retry ${record.instances.get(id)?.planned.label ?? id}`,
      cat: "retry",
      ph: "i",
      s: "t",
      ts: micros(attempt.endedAt),
      pid: PROCESS,
      tid: lane,
      args: { id, after: attempt.attempt, inMs: retryInMs },
    },
  ];
}

const metadata = (name: string, lane: number, value: string): object => ({
  name,
  ph: "M",
  pid: PROCESS,
  tid: lane,
  args: { name: value },
});
