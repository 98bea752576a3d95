import type { PlannedRun } from "#app/operations/plan-run";
import { environmentsOf } from "#app/operations/environments";
import { withInstalledTools } from "#app/tools/equip-plan";
import type { Instance } from "#core/model/plan";
import { instancesWithout } from "#core/plan/workflow-parts";
import { refuse } from "./refuse";
import { listOption } from "./session";
import type { Session } from "./session";
import { print } from "#system/stdio/print";
import { pairs } from "./plan-input";

const MASK = "****";

/** Prints what each planned task would see, secrets masked. */
export async function showEnvironment(given: PlannedRun, session: Session): Promise<number> {
  const planned = await withInstalledTools(given, session.host);
  const environments = environmentsOf(planned, session.host, pairs(listOption(session.options, "env")));
  const blocks: string[] = [];
  for (const instance of instancesToRun(planned)) {
    if (instance.steps.length === 0) continue;
    const made = await environments.of(instance);
    if (!made.ok) return refuse(session, { diagnostics: made.diagnostics, unread: [], texts: planned.texts });
    const { values, secretNames } = made.env;
    const lines = Object.keys(values)
      .sort()
      .map((name) => `${name}=${secretNames.has(name) ? MASK : JSON.stringify(values[name])}`);
    blocks.push(`# ${instance.id}\n${lines.join("\n")}\n`);
  }
  await print("stdout", blocks.join("\n"));
  return 0;
}

function instancesToRun({ plan, workflow }: PlannedRun): readonly Instance[] {
  if (workflow === undefined) return plan.instances;
  return instancesWithout(workflow.plan, (stage) => workflow.skip.has(stage)).filter(
    ({ id }) => !workflow.settled.has(id),
  );
}
