import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Plan } from "#core/model/plan";
import type { RunHooks } from "#core/model/run-hooks";
import { makeRunHooks } from "#core/plan/hook-plans";
import type { PlanRequest } from "#core/plan/request";
import type { Workspace } from "#core/workspace/workspace";
import type { RunConditions } from "#app/run-conditions";

export interface HookPlanning {
  readonly workspace: Workspace;
  readonly plan: Plan;
  readonly request: PlanRequest;
  /** The conditions of the run, made when they are asked for. */
  readonly conditions: () => Promise<RunConditions>;
  readonly hasCondition: (instance: Plan["instances"][number]) => boolean;
}

/** What `[hooks]` of the workspace root and of the plan's packages run around the plan. Loaded only where there are hooks. */
export async function planHooks(planning: HookPlanning): Promise<Result<RunHooks, readonly Diagnostic[]>> {
  const { workspace, plan, request, conditions, hasCondition } = planning;
  let planned = makeRunHooks(workspace, plan, request);
  if (planned.kind === "open") {
    const answers = await (await conditions()).answer(planned.conditions);
    if (!answers.ok) return answers;
    planned = makeRunHooks(workspace, plan, { ...request, answers: answers.value });
  }
  if (planned.kind === "open") throw new Error("every condition of the hooks has been answered");
  if (planned.kind === "problems") return err(planned.diagnostics);
  const { beforeRun, afterRun } = planned.plan;
  for (const hooks of [beforeRun, afterRun]) {
    if (hooks === undefined || !hooks.instances.some(hasCondition)) continue;
    const wrong = (await conditions()).check(hooks);
    if (wrong.length > 0) return err(wrong);
  }
  // What strings want of git is asked where conditions ask.
  const commands = [...planned.plan.tasks.values()].flatMap(({ before, after }) => [...before, ...after]);
  if (commands.some(({ instance }) => hasCondition(instance))) await conditions();
  return ok(planned.plan);
}
