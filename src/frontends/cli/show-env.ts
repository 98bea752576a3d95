import type { PlannedRun } from "#app/operations/plan-run";
import { MASK, maskOf } from "#app/operations/env";
import type { Show } from "#app/operations/env";
import { environmentsOf } from "#app/operations/environments";
import { withInstalledTools } from "#app/tools/equip-plan";
import type { Instance } from "#core/model/plan";
import { instancesWithout } from "#core/plan/workflow-parts";
import { refuse } from "./refuse";
import { jsonDocument } from "#frontends/output/json-document";
import { formatOption, listOption } from "./session";
import type { Session } from "./session";
import { print } from "#system/stdio/print";
import { pairs } from "./plan-input";

/** Prints what each planned task would see, secrets masked, also inside of other values: as lines of `NAME="value"`, or as one JSON document. */
export async function showEnvironment(given: PlannedRun, session: Session): Promise<number> {
  const planned = await withInstalledTools(given, session.host);
  const environments = environmentsOf(planned, session.host, pairs(listOption(session.options, "env")));
  const shown: ShownEnvironment[] = [];
  for (const instance of instancesToRun(planned)) {
    if (instance.steps.length === 0) continue;
    const made = await environments.of(instance);
    if (!made.ok) return refuse(session, { diagnostics: made.diagnostics, unread: [], texts: planned.texts });
    shown.push({ id: instance.id, values: made.env.values, show: maskOf([made.env]) });
  }
  const text =
    formatOption(session.options) === "json"
      ? jsonDocument({ instances: shown.map(environmentDocument) })
      : shown.map(environmentText).join("\n");
  await print("stdout", text);
  return 0;
}

/** What an instance would see. */
interface ShownEnvironment {
  readonly id: string;
  readonly values: Readonly<Record<string, string>>;
  readonly show: Show;
}

const environmentText = ({ id, values, show }: ShownEnvironment): string => {
  const lines = Object.entries(values)
    .sort(byName)
    .map(([name, value]) => {
      const shown = show(name, value);
      return `${name}=${shown === MASK ? MASK : JSON.stringify(shown)}`;
    });
  return `# ${id}\n${lines.join("\n")}\n`;
};

const environmentDocument = ({ id, values, show }: ShownEnvironment): object => ({
  id,
  env: Object.fromEntries(
    Object.entries(values)
      .sort(byName)
      .map(([name, value]) => [name, show(name, value)]),
  ),
});

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

function instancesToRun({ plan, workflow }: PlannedRun): readonly Instance[] {
  if (workflow === undefined) return plan.instances;
  return instancesWithout(workflow.plan, (stage) => workflow.skip.has(stage)).filter(
    ({ id }) => !workflow.settled.has(id),
  );
}
