import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { globMatcher } from "#base/glob";
import type { RunEvent } from "#core/model/event";
import type { Instance } from "#core/model/plan";
import type { PlannedRun } from "#app/operations/plan-run";
import { newRunId, startRun } from "#app/operations/run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { openRunHistory } from "#app/run-history";
import type { Invocation } from "#engine/history/stored-run";
import { consentTo } from "./consent";
import type { OperationContext } from "./operation";
import { ACTIVE_LIMIT } from "./run-desk";
import type { DeskRun } from "./run-desk";

export interface DeskStart {
  readonly invocation: Invocation;
  /** Whoever wants it agrees to what tasks and stages ask. */
  readonly confirm: boolean;
  readonly keepGoing: boolean;
  readonly force: boolean;
  readonly onEvent: (event: RunEvent, run: DeskRun) => void;
}

/** Starts a planned run for a program that has no terminal, and keeps it on the desk. */
export async function startDeskRun(
  planned: PlannedRun,
  context: OperationContext,
  start: DeskStart,
): Promise<Result<DeskRun, Problems>> {
  const { invocation } = start;
  const instances = everything(planned);
  const refused = unfit(instances) ?? forbidden(planned, invocation, context);
  if (refused !== undefined) return err(refused);
  const consent = start.confirm ? ok(true) : await consentTo({ planned, instances, invocation }, context);
  if (!consent.ok) return consent;
  const { host, profile, timeoutMs } = context;
  const id = newRunId();
  const run = context.runs.open(id, start.onEvent);
  if (run === undefined) return err(usageProblem("E465", { count: ACTIVE_LIMIT }));
  const settled = planned.workflow?.settled;
  const history = openRunHistory(planned, {
    host,
    invocation,
    carried: settled === undefined ? [] : [...settled.keys()],
  });
  try {
    const started = await startRun(planned, id, {
      host,
      failFast: !start.keepGoing && planned.settings.global.fail_fast !== false,
      killOnFail: false,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      env: {},
      subscribers: [run],
      confirm: () => Promise.resolve(consent.value ? true : undefined),
      exit: { ownCode: true },
      cache: { isOff: false, force: start.force, why: false, verbose: false },
      ...(profile === undefined ? {} : { profile }),
      ...(history === undefined ? {} : { history }),
      ...(settled === undefined ? {} : { settled }),
    });
    if (!started.ok) {
      context.runs.drop(run);
      return started;
    }
    run.started(started.value.control);
    void finish(run, started.value.result, history);
    return ok(run);
  } catch (error) {
    context.runs.drop(run);
    throw error;
  }
}

async function finish(
  run: DeskRun,
  result: Promise<{ readonly exitCode: number }>,
  history: ReturnType<typeof openRunHistory>,
): Promise<void> {
  let exitCode = INTERNAL_EXIT_CODE;
  try {
    ({ exitCode } = await result);
    await history?.finish();
  } finally {
    run.ended(exitCode);
  }
}

const INTERNAL_EXIT_CODE = 4;

/** Everything that a run may start. */
function everything({ plan, hooks }: PlannedRun): readonly Instance[] {
  if (hooks === undefined) return plan.instances;
  const around = [...hooks.tasks.values()].flatMap(({ before, after }) => [...before, ...after]);
  return [
    ...plan.instances,
    ...(hooks.beforeRun?.instances ?? []),
    ...(hooks.afterRun?.instances ?? []),
    ...around.map(({ instance }) => instance),
  ];
}

/** Why nobody but a person at a terminal can run this. */
function unfit(instances: readonly Instance[]): Problems | undefined {
  const wantsTerminal = ({ interactive, io }: Instance): boolean =>
    interactive || [io.stdin, io.stdout, io.stderr].some((stream) => stream?.kind === "inherit");
  const talking = instances.find(wantsTerminal);
  return talking === undefined ? undefined : usageProblem("E463", { task: talking.id });
}

/** Why this server may not run it. What a task needs is run with it, whatever its name. */
function forbidden(
  { plan, workflow }: PlannedRun,
  { words }: Invocation,
  { limits }: OperationContext,
): Problems | undefined {
  const { allowedTasks } = limits;
  if (allowedTasks === undefined) return undefined;
  const matchers = allowedTasks.map((glob) => globMatcher(glob));
  const isAllowed = (name: string): boolean => matchers.some((matches) => matches(name));
  const names = workflow === undefined ? plan.requested.map(String) : [words[0] ?? ""];
  const wrong = names.find((name) => {
    const instance = plan.instances.find(({ id }) => id === name);
    return !isAllowed(name) && !(instance !== undefined && isAllowed(instance.task));
  });
  return wrong === undefined
    ? undefined
    : usageProblem("E461", { task: wrong, allowed: allowedTasks.join(", ") });
}
