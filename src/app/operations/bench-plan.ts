import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import type { LoadedWorkspace } from "#app/load-workspace";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { planLoaded } from "./plan-run";
import type { PlanInput, PlannedRun } from "./plan-run";

/** A task that is to be measured. */
export interface BenchSubject {
  readonly id: InstanceId;
  /** Run once, before everything: the task with what it depends on; undefined where it depends on nothing. */
  readonly first: PlannedRun | undefined;
  /** Run for each measurement: the task alone, or with the servers that it needs. */
  readonly again: PlannedRun;
}

/** Plans the measurements of the task that `input.words` ask for. */
export async function planBench(
  loaded: LoadedWorkspace,
  input: PlanInput,
): Promise<Result<BenchSubject, Problems>> {
  const whole = await planLoaded(loaded, input);
  if (!whole.ok) return whole;
  const { plan } = whole.value;
  const [id, ...others] = plan.requested;
  const instance = plan.instances.find((one) => one.id === id);
  if (id === undefined || instance === undefined || others.length > 0)
    return err(
      usageProblem("E184", { command: "zr bench", what: `one task, such as ${plan.requested.join(" or ")}` }),
    );
  const reason = unmeasurable(instance);
  if (reason !== undefined) return err(usageProblem("E296", { task: id, reason }));
  const own = (planned: PlannedRun): PlannedRun => asMeasured(planned, id);
  if (!plan.instances.some((one) => one.edges.length > 0 && one.id === id))
    return ok({ id, first: undefined, again: own(whole.value) });
  const needsServer = plan.instances.some((one) => one.persistent);
  if (needsServer) return ok({ id, first: whole.value, again: own(whole.value) });
  const alone = await planLoaded(loaded, { ...input, only: true });
  return alone.ok ? ok({ id, first: whole.value, again: own(alone.value) }) : alone;
}

function unmeasurable({ steps, persistent }: Instance): string | undefined {
  if (steps.length === 0) return "it has no command of its own";
  return persistent ? "it is persistent and does not end" : undefined;
}

/** The same plan without what keeps a command from being run, and without hooks: only the command's time counts. */
function asMeasured(planned: PlannedRun, id: InstanceId): PlannedRun {
  const { hooks: _hooks, plan, ...rest } = planned;
  const instances = plan.instances.map((instance): Instance => {
    if (instance.id !== id) return instance;
    const { retry: _retry, ...kept } = instance;
    return { ...kept, status: [] };
  });
  return { ...rest, plan: { ...plan, instances } };
}
