import { ok } from "#base/result";
import type { Result } from "#base/result";
import type { PlannedRun, RunnablePlan } from "#app/operations/plan-run";
import type { Problems } from "#app/problems";
import type { Host } from "#system/host";
import type { ToolGate } from "./ensure-tools";
import { planMentionsTools } from "./mentions-tools";
import { withProjectFolders } from "./project-folders";

/**
 * The same run with what is installed in its packages and the tools that its tasks ask for. Those that are missing go
 * through the gate; without one they are left out.
 */
export async function equip(
  planned: PlannedRun,
  host: Host,
  openGate: (() => Promise<ToolGate>) | undefined,
): Promise<Result<PlannedRun, Problems>> {
  const housed = withProjectFolders(planned, host);
  if (!planMentionsTools(planned.plan, planned.workspace)) return ok(housed);
  return (await import("./with-tools")).withTools(housed, host, openGate);
}

/** The same with the tools that are installed, for those who look at environments and start nothing. */
export async function withInstalledTools(planned: PlannedRun, host: Host): Promise<PlannedRun> {
  const equipped = await equip(planned, host, undefined);
  return equipped.ok ? equipped.value : withProjectFolders(planned, host);
}

/** The plan with all that its run would look up in its workspace; undefined where tools have to be found first. */
export function completePlanOf(planned: PlannedRun, host: Host): RunnablePlan | undefined {
  if (planMentionsTools(planned.plan, planned.workspace)) return undefined;
  const { workspace: _workspace, ...complete } = withProjectFolders(planned, host);
  return complete;
}
