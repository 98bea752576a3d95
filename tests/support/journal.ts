import type { PlannedInstance, RunEvent, RunEventBody } from "#core/model/event";
import { instanceId, runId } from "#core/model/ids";

export interface JournalShape {
  readonly tasks: number;
  readonly jobs: number;
  readonly seed: number;
}

/**
 * The journal of a run of independent tasks that take between 50 ms and 2 s, the same one for the same shape: of 50 one
 * fails, of 20 one needs a second attempt, each prints a line or two.
 */
export function makeJournal({ tasks, jobs, seed }: JournalShape): readonly RunEvent[] {
  let state = seed;
  // The linear congruential generator of "Numerical Recipes", of which the upper bits are random enough for this.
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const bodies: { readonly at: number; readonly body: RunEventBody }[] = [];
  const tell = (at: number, body: RunEventBody): void => void bodies.push({ at, body });
  const planned = Array.from({ length: tasks }, (_, index) =>
    plannedTask(`packages/p${index % 40}:task-${index}`),
  );
  const ids = planned.map(({ id }) => id);
  tell(0, { type: "run.started", wallMs: 0, zr: "1.0.0", root: "/repo", request: ["all"], jobs });
  tell(0, { type: "run.planned", instances: planned, requested: ids, criticalPath: [] });
  for (const id of ids) tell(0, { type: "instance.queued", id });
  const free = Array.from({ length: jobs }, () => 1);
  for (const [index, id] of ids.entries()) {
    const slot = free.indexOf(Math.min(...free));
    const start = free[slot] ?? 0;
    const ms = 50 + Math.floor(random() * 1950);
    const fails = random() < 0.02;
    const again = !fails && random() < 0.05;
    free[slot] = runOne({ id, index, start, ms, fails, again }, tell);
  }
  const end = Math.max(...free);
  tell(end, { type: "run.finished", exitCode: 1, durationMs: end });
  return bodies
    .sort((one, other) => one.at - other.at)
    .map(({ at, body }, seq) => ({ v: 1, run: runId("20240101-000000-abcd"), seq, at, ...body }));
}

interface OneTask {
  readonly id: PlannedInstance["id"];
  readonly index: number;
  readonly start: number;
  readonly ms: number;
  readonly fails: boolean;
  readonly again: boolean;
}

/** Tells what becomes of a task; gives the time at which its slot is free again. */
function runOne(
  { id, index, start, ms, fails, again }: OneTask,
  tell: (at: number, body: RunEventBody) => void,
): number {
  const failure = { kind: "exit", code: 1 + (index % 7) } as const;
  let at = start;
  tell(at, { type: "instance.started", id, attempt: 1 });
  if (again) {
    at += Math.floor(ms / 2);
    tell(at, {
      type: "instance.attempt-finished",
      id,
      attempt: 1,
      durationMs: at - start,
      failure,
      retryInMs: 200,
    });
    at += 200;
    tell(at, { type: "instance.started", id, attempt: 2 });
  }
  tell(at + 10, { type: "instance.output", id, stream: "stdout", text: `output of ${index}\n` });
  at += ms;
  const attempts = again ? 2 : 1;
  tell(at, {
    type: "instance.attempt-finished",
    id,
    attempt: attempts,
    durationMs: ms,
    ...(fails ? { failure } : {}),
  });
  tell(at, {
    type: "instance.finished",
    id,
    outcome: fails ? { state: "failed", failure } : { state: "success" },
    durationMs: at - start,
    attempts,
  });
  return at + 1;
}

function plannedTask(label: string): PlannedInstance {
  return {
    id: instanceId(label),
    label,
    package: label.split(":")[0] ?? "",
    task: label.split(":")[1] ?? "",
    command: `do ${label}`,
    cwd: "/repo",
    edges: [],
    reason: { kind: "requested" },
    tags: [],
    group: false,
    interactive: false,
  };
}
