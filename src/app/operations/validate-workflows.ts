import type { Diagnostic } from "#base/diagnostic";
import { declaredInputs, planWorkflow } from "#core/plan/plan-workflow";
import type { WorkflowRequest } from "#core/plan/plan-workflow";
import { allWorkflows } from "#core/workspace/workflows";
import type { Workspace } from "#core/workspace/workspace";
import { SharedOutputs } from "#engine/exec/shared-outputs";
import type { RunConditions } from "#app/run-conditions";
import { WorkflowConditions } from "#app/stage-conditions";

/** Problems that say that a value was not given, which a check of the file gives none of. */
const REQUEST_CODES: ReadonlySet<string> = new Set(["E161", "E269"]);

/** What is wrong with the strings, tasks and conditions of every workflow, as far as that needs no run. */
export function validateWorkflows(
  workspace: Workspace,
  request: Omit<WorkflowRequest, "inputs">,
  conditions: RunConditions,
): readonly Diagnostic[] {
  return allWorkflows(workspace).flatMap((found) => {
    const inputs = { words: [], named: {} };
    let planned = planWorkflow(workspace, found, { ...request, inputs });
    if (planned.kind === "open") {
      // Whatever may be a dependency is taken for one.
      const answers = new Map(planned.conditions.map(({ key }) => [key, true]));
      planned = planWorkflow(workspace, found, { ...request, inputs, answers });
    }
    if (planned.kind === "problems")
      return planned.diagnostics.filter(({ code }) => !REQUEST_CODES.has(code));
    if (planned.kind === "open") return [];
    const stages = new WorkflowConditions(planned.plan, {
      conditions,
      inputs: declaredInputs(found),
      outputs: new SharedOutputs(),
    });
    return [...conditions.check(planned.plan.plan), ...stages.check()];
  });
}
