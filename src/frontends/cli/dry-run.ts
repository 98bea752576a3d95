import { relativeTo } from "#base/path";
import { maskValues } from "#app/catalogue/mask-values";
import { explainRun } from "#app/operations/explain";
import type { RunnablePlan, StagedRun } from "#app/operations/plan-run";
import type { Instance, Plan } from "#core/model/plan";
import type { RunHooks } from "#core/model/run-hooks";
import { plannedStages } from "#core/plan/workflow-parts";
import { commandText } from "#engine/exec/command-text";
import { jsonDocument } from "#frontends/output/json-document";
import { reasonText } from "#frontends/output/reason-text";
import { loadTheme } from "#frontends/output/theme";
import type { Theme } from "#frontends/output/theme";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";
import { isTerminal } from "#system/stdio/is-terminal";
import { resolveColor } from "./environment-options";
import { cacheOptions } from "./cache-options";
import { pairs } from "./plan-input";
import { formatOption, listOption } from "./session";
import type { Session } from "./session";

/** Shows a plan by levels, each instance with what it runs, where and why, and whether its condition holds; starts no task. */
export async function showDryRun(planned: RunnablePlan, session: Session): Promise<number> {
  const { plan, hooks } = planned;
  const isCached = plan.instances.some(({ cache }) => cache !== undefined);
  const explained =
    planned.conditions === undefined && !isCached
      ? []
      : await explainRun(planned, session.host, {
          cache: { ...cacheOptions(session.options), why: true },
          env: pairs(listOption(session.options, "env")),
        });
  const verdicts = new Map(explained.map(({ id, verdict }) => [id, verdict]));
  const tell = await tellerOf(planned, session);
  if (formatOption(session.options) === "json") {
    // Masking keeps the form of what it is given.
    await print("stdout", jsonDocument(maskValues(dryDocument(planned, verdicts), tell) as object));
    return 0;
  }
  const theme = await loadTheme(resolveColor(session.options, session.host.env, isTerminal(1)));
  const lines: string[] = [];
  const details = detailer(planned, verdicts);
  const parts = planned.workflow === undefined ? levelParts(plan) : stageParts(planned.workflow);
  for (const [number, { title, notes, instances }] of parts.entries()) {
    if (number > 0) lines.push("");
    lines.push(theme.strong(visibleControls(title)));
    for (const note of notes) lines.push(theme.dim(`  ${visibleControls(note)}`));
    for (const instance of instances) {
      const command = commandText(instance);
      lines.push(
        `  ${theme.good(instance.id)}  ${command === "" ? theme.dim("(group)") : visibleControls(firstLine(command))}`,
      );
      lines.push(theme.dim(`    ${visibleControls(details(instance))}`));
    }
  }
  if (hooks !== undefined)
    lines.push(...hookRows(hooks).flatMap(({ title, commands }) => hookLines(title, commands, theme)));
  await print("stdout", tell(`${lines.join("\n")}\n`));
  return 0;
}

/** How texts of the plan are told: values of the command line that stand in them may be secret. */
const tellerOf = async (
  planned: RunnablePlan,
  { options, host }: Session,
): Promise<(text: string) => string> =>
  listOption(options, "set").length === 0
    ? (text) => text
    : (await import("./own-secrets")).withoutOwnSecrets(planned, host);

/** What hooks run, in the order of a run; those around tasks once for all packages with the same. */
function hookRows({
  beforeRun,
  afterRun,
  tasks,
}: RunHooks): readonly { readonly title: string; readonly commands: readonly string[] }[] {
  const ofPlan = (plan: Plan | undefined): readonly string[] => {
    if (plan === undefined) return [];
    const instances = new Map(plan.instances.map((instance) => [instance.id, instance]));
    return plan.requested.flatMap((id) => {
      const entry = instances.get(id);
      const called = entry?.calls.flat().map((other) => instances.get(other)?.task ?? other) ?? [];
      if (called.length > 0) return [`zr run ${called.join(" ")}`];
      return entry === undefined ? [] : [commandText(entry)];
    });
  };
  const around = (when: "before" | "after"): readonly string[] => [
    ...new Set(
      [...tasks.values()].flatMap((hooks) =>
        hooks[when].map(({ instance, step }) => commandText({ ...instance, steps: [step] })),
      ),
    ),
  ];
  return [
    { title: "before_run", commands: ofPlan(beforeRun) },
    { title: "before_task", commands: around("before") },
    { title: "after_task", commands: around("after") },
    { title: "after_run", commands: ofPlan(afterRun) },
  ].filter(({ commands }) => commands.length > 0);
}

const hookLines = (title: string, commands: readonly string[], theme: Theme): readonly string[] => [
  "",
  theme.strong(`hook ${title}`),
  ...commands.map((command) => `  ${visibleControls(firstLine(command))}`),
];

/** Instances that are shown together. */
interface PlanPart {
  readonly title: string;
  readonly notes: readonly string[];
  readonly instances: readonly Instance[];
}

const levelParts = (plan: Plan): readonly PlanPart[] =>
  levelsOf(plan).map((instances, number) => ({ title: `level ${number + 1}`, notes: [], instances }));

/** The stages of a workflow with what each would be the first to run, and what would be run in the end. */
function stageParts({ plan: workflow, skip, settled }: StagedRun): readonly PlanPart[] {
  const { plan, stages, ends } = workflow;
  const byId = new Map(plan.instances.map((instance) => [instance.id, instance]));
  return plannedStages(workflow).map(({ name, role, instances }) => {
    const stage = stages.find((candidate) => role === "stage" && candidate.name === name);
    const end = ends.find((candidate) => candidate.role === role);
    const skipped = role === "stage" ? skip.get(name) : undefined;
    return {
      title: role === "stage" ? `stage ${name}` : role,
      notes: [
        ...(skipped === undefined ? [] : [skipped.why]),
        ...(stage?.condition === undefined ? [] : [`if ${stage.condition.source}`]),
        ...(stage?.approval === undefined ? [] : [`after approval: ${stage.approval}`]),
        ...(end?.always === false ? ["not after an interrupt"] : []),
      ],
      instances: instances.filter((id) => !settled.has(id)).flatMap((id) => byId.get(id) ?? []),
    };
  });
}

/** What would become of each instance, in words; empty where the plan has no conditions. */
type Verdicts = ReadonlyMap<Instance["id"], string>;

function firstLine(text: string): string {
  const [line = "", ...rest] = text.trim().split("\n");
  return rest.length === 0 ? line : `${line} …`;
}

/** Writes why and where an instance is run, and behind what. */
function detailer(
  { plan: { root }, workflow }: RunnablePlan,
  verdicts: Verdicts,
): (instance: Instance) => string {
  const folders = new Map<string, string>();
  const folderOf = (cwd: string): string => {
    let folder = folders.get(cwd);
    if (folder === undefined) folders.set(cwd, (folder = relativeTo(root, cwd)));
    return folder;
  };
  return ({ id, reason, cwd, condition, cache, edges }) => {
    let text = `${reasonText(reason)} · in ${folderOf(cwd)}`;
    const verdict = verdicts.get(id);
    if (condition !== undefined) text += ` · ${verdict ?? `if ${condition.source}`}`;
    else if (cache !== undefined && verdict !== undefined) text += ` · ${verdict}`;
    // The order of stages is seen from where they stand.
    const before = workflow === undefined ? edges : edges.filter(({ kind }) => kind !== "order");
    return before.length === 0 ? text : `${text} · after ${namesOf(before)}`;
  };
}

/** Each once, in their order. */
function namesOf(edges: Instance["edges"]): string {
  const names: string[] = [];
  for (const { on } of edges) if (!names.includes(on)) names.push(on);
  return names.join(", ");
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

const dryDocument = ({ plan, hooks, workflow }: RunnablePlan, verdicts: Verdicts): object => ({
  root: plan.root,
  requested: plan.requested,
  criticalPath: plan.criticalPath,
  levels: levelsOf(plan).map((level) => level.map((instance) => dryInstance(instance, verdicts))),
  ...(hooks === undefined
    ? {}
    : { hooks: Object.fromEntries(hookRows(hooks).map(({ title, commands }) => [title, commands])) }),
  ...(workflow === undefined ? {} : { workflow: dryWorkflow(workflow) }),
});

const dryWorkflow = ({ plan, skip }: StagedRun): object => ({
  name: plan.name,
  inputs: plan.inputs,
  stages: plannedStages(plan).map((stage) => ({
    ...stage,
    condition: plan.stages.find(({ name }) => name === stage.name)?.condition?.source ?? null,
    approval: plan.stages.find(({ name }) => name === stage.name)?.approval ?? null,
    skipped: (stage.role === "stage" ? skip.get(stage.name)?.why : undefined) ?? null,
  })),
});

/** Instances by how many others have to end before them at the least. */
function levelsOf(plan: Plan): readonly (readonly Instance[])[] {
  const level = new Map<string, number>();
  const levels: Instance[][] = [];
  for (const instance of plan.instances) {
    let own = 0;
    for (const { on } of instance.edges) own = Math.max(own, (level.get(on) ?? 0) + 1);
    level.set(instance.id, own);
    (levels[own] ??= []).push(instance);
  }
  return levels;
}
