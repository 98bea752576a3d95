import { relativeTo } from "#base/path";
import { explainRun } from "#app/operations/explain";
import type { PlannedRun } from "#app/operations/plan-run";
import type { Instance, Plan } from "#core/model/plan";
import { commandText } from "#engine/exec/command-text";
import { reasonText } from "#frontends/output/reason-text";
import { loadTheme } from "#frontends/output/theme";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";
import { isTerminal } from "#system/stdio/is-terminal";
import { resolveColor } from "./environment-options";
import { formatOption } from "./session";
import type { Session } from "./session";

/** Shows a plan by levels, each instance with what it runs, where and why, and whether its condition holds; starts no task. */
export async function showDryRun(planned: PlannedRun, session: Session): Promise<number> {
  const { plan } = planned;
  const explained = planned.conditions === undefined ? [] : await explainRun(planned, session.host);
  const verdicts = new Map(explained.map(({ id, verdict }) => [id, verdict]));
  if (formatOption(session.options) === "json") {
    await print(
      "stdout",
      `${JSON.stringify({ v: 1, root: plan.root, requested: plan.requested, criticalPath: plan.criticalPath, levels: levelsOf(plan).map((level) => level.map((instance) => dryInstance(instance, verdicts))) }, undefined, 2)}\n`,
    );
    return 0;
  }
  const theme = await loadTheme(resolveColor(session.options, session.host.env, isTerminal(1)));
  const lines: string[] = [];
  for (const [number, level] of levelsOf(plan).entries()) {
    if (number > 0) lines.push("");
    lines.push(theme.strong(`level ${number + 1}`));
    for (const instance of level) {
      const command = commandText(instance);
      lines.push(
        `  ${theme.good(instance.id)}  ${command === "" ? theme.dim("(group)") : visibleControls(firstLine(command))}`,
      );
      lines.push(theme.dim(`    ${visibleControls(details(instance, plan.root, verdicts))}`));
    }
  }
  await print("stdout", `${lines.join("\n")}\n`);
  return 0;
}

/** What would become of each instance, in words; empty where the plan has no conditions. */
type Verdicts = ReadonlyMap<Instance["id"], string>;

function firstLine(text: string): string {
  const [line = "", ...rest] = text.trim().split("\n");
  return rest.length === 0 ? line : `${line} …`;
}

function details(instance: Instance, root: string, verdicts: Verdicts): string {
  const parts = [reasonText(instance.reason), `in ${relativeTo(root, instance.cwd)}`];
  if (instance.condition !== undefined)
    parts.push(verdicts.get(instance.id) ?? `if ${instance.condition.source}`);
  if (instance.edges.length > 0)
    parts.push(`after ${[...new Set(instance.edges.map((edge) => edge.on))].join(", ")}`);
  return parts.join(" · ");
}

const dryInstance = (instance: Instance, verdicts: Verdicts): object => ({
  id: instance.id,
  command: commandText(instance),
  cwd: instance.cwd,
  reason: instance.reason,
  needs: instance.edges,
  condition: instance.condition?.source ?? null,
  verdict: verdicts.get(instance.id) ?? "would run",
  platforms: instance.platforms,
});

/** Instances by how many others have to end before them at the least. */
function levelsOf(plan: Plan): readonly (readonly Instance[])[] {
  const level = new Map<string, number>();
  const levels: Instance[][] = [];
  for (const instance of plan.instances) {
    const own = instance.edges.reduce((deepest, edge) => Math.max(deepest, (level.get(edge.on) ?? 0) + 1), 0);
    level.set(instance.id, own);
    (levels[own] ??= []).push(instance);
  }
  return levels;
}
