import { err, ok, type Result } from "#base/result";
import { compareCommands, filled, type CommandComparison } from "#core/migrate/compare-commands";
import type { Instance, Plan, Step } from "#core/model/plan";
import { planRun, type PlannedRun } from "#app/operations/plan-run";
import { dryRuns } from "#app/source-dry-runs";
import { plainProblems, type Problems } from "#app/problems";
import type { SourceTool } from "#core/migrate/conversion";
import type { Host } from "#system/host";
import { captureCommand } from "#system/process/capture";

export interface VerifyRequest {
  readonly tool: SourceTool;
  /** The folder of both tools' files, absolute. */
  readonly folder: string;
  /** The source file, absolute, where it is not the one that the tool would find. */
  readonly source?: string;
  readonly host: Host;
  /** What the other tool calls each task, where that is not its name. */
  readonly names: Readonly<Record<string, string>>;
}

/** What both tools would do for one task. */
export interface VerifiedTask extends CommandComparison {
  readonly task: string;
  /** Why the other tool said nothing of use. */
  readonly reason?: string;
}

/**
 * Compares what both tools say that they would run, for every task that both have. The other tool runs what it runs in
 * a dry run: `$(shell …)` of a Makefile, dynamic variables of a Taskfile.
 */
export async function verifyConversion(
  request: VerifyRequest,
): Promise<Result<readonly VerifiedTask[], Problems>> {
  const { folder, host, tool } = request;
  const other = dryRuns[tool];
  const missing = (program: string): Result<never, Problems> =>
    err(plainProblems({ code: "E484", severity: "error", data: { program } }));
  if (other === undefined) return missing(`a dry run of ${tool}`);
  const first = await plan(request, []);
  if (!first.ok) return first;
  const { workspace } = first.value;
  const values = await valuesOf(first.value, { host, runs: other.keepsCommands !== true });
  const results: VerifiedTask[] = [];
  for (const entry of workspace.current.config.tasks.values()) {
    if (entry.name.includes("*")) continue;
    const args = (workspace.current.resolve(entry).table.args ?? []).filter(
      ({ required }) => required === true,
    );
    const words = args.map(({ choices }, index) => choices?.[0] ?? `arg${index + 1}`);
    const given = Object.fromEntries(
      args.flatMap(({ env }, index) => (env === undefined ? [] : [[env, words[index] ?? ""] as const])),
    );
    const asked = await captureCommand({
      argv: other.argv({
        task: entry.name,
        words,
        ...(request.source === undefined ? {} : { source: request.source }),
      }),
      cwd: folder,
      env: { ...host.env, PWD: folder, ...other.env },
      limitMs: 20_000,
    });
    if (!asked.ok && asked.error.kind === "not-found") return missing(other.program);
    const empty = { task: entry.name, missing: [], added: [] };
    if (!asked.ok || asked.value.exitCode !== 0) {
      const said = asked.ok ? (asked.value.stderr.trim().split("\n").at(-1) ?? "") : asked.error.kind;
      results.push({ ...empty, verdict: "open", reason: said });
      continue;
    }
    const planned = await plan(request, [entry.name, ...words]);
    if (!planned.ok) {
      results.push({
        ...empty,
        verdict: "different",
        reason: planned.error.diagnostics.map(({ code }) => code).join(" "),
      });
      continue;
    }
    const theirs = other.commands(asked.value);
    if (theirs.every((line) => line.trim() === "")) {
      results.push({ ...empty, verdict: "open", reason: `${other.program} says nothing` });
      continue;
    }
    const ours = await commandsOf(planned.value, values, { host, callText: other.call });
    results.push({ task: entry.name, ...compareCommands(theirs, ours, { ...values, ...given }) });
  }
  return ok(results);
}

const plan = ({ folder, host }: VerifyRequest, words: readonly string[]): ReturnType<typeof planRun> =>
  planRun({
    host,
    cwd: folder,
    words,
    extra: [],
    only: false,
    env: {},
    vars: {},
    isTerminal: false,
    ...(words.length === 0 ? { targets: [] } : {}),
  });

/** Values of the package's variables, those of commands included. */
async function valuesOf(
  { workspace }: PlannedRun,
  { host, runs }: { readonly host: Host; readonly runs: boolean },
): Promise<Record<string, string>> {
  const values: Record<string, string> = {
    ...host.env,
    PWD: workspace.root,
    ZR_PACKAGE_DIR: workspace.root,
    ZR_ROOT: workspace.root,
  };
  for (const file of workspace.current.config.files) {
    const given = { ...file.document.env, ...file.document.defaults?.tasks?.env };
    for (const [name, value] of Object.entries(given)) {
      if (typeof value === "string") values[name] = value.replaceAll("$$", "$");
      else if (typeof value === "object" && value.value !== undefined) values[name] = value.value;
      else if (typeof value === "object" && value.cmd !== undefined && !runs)
        values[name] = `$(${value.cmd})`;
      else if (typeof value === "object" && value.cmd !== undefined) {
        const said = await captureCommand({
          argv: ["sh", "-c", value.cmd],
          cwd: workspace.root,
          env: host.env,
          limitMs: 10_000,
        });
        if (said.ok) values[name] = said.value.stdout.trim().replaceAll("\n", " ");
      }
    }
  }
  return values;
}

interface CommandOptions {
  readonly host: Host;
  /** How the other tool shows a call of a task. */
  readonly callText: ((task: string) => string) | undefined;
}

/** The lines of all instances, each with the values that only it has put in. */
export async function commandsOf(
  planned: PlannedRun,
  values: Readonly<Record<string, string>>,
  options: CommandOptions,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const instance of instancesOf(planned.plan, options.callText !== undefined)) {
    const own: Record<string, string> = { ...values };
    for (const [name, text] of envTexts(instance)) own[name] = text.replaceAll("$$", "$");
    for (const [name, value] of Object.entries(instance.params))
      own[`ZR_ARG_${name.replaceAll("-", "_")}`] = typeof value === "string" ? value : value.join(" ");
    if (!isHere(instance.platforms, options.host)) continue;
    if (
      instance.condition !== undefined &&
      !(await holds(planned, instance, { condition: instance.condition, host: options.host }))
    )
      continue;
    for (const step of instance.steps)
      lines.push(...(await stepLines(planned, { instance, step }, options)).map((line) => filled(line, own)));
  }
  return lines;
}

const isHere = (platforms: readonly string[] | undefined, { os }: Host): boolean =>
  platforms === undefined || platforms.length === 0 || platforms.some((name) => name.split("/")[0] === os);

/** Without those that only a call reaches, where the other tool shows the call. */
function instancesOf(plan: Plan, withoutCalled: boolean): readonly Instance[] {
  return withoutCalled ? plan.instances.filter(({ heldBy }) => heldBy === undefined) : plan.instances;
}

function* envTexts(instance: Instance): Iterable<readonly [string, string]> {
  for (const source of instance.env)
    if ("entries" in source)
      for (const { name, value } of source.entries) if (value.kind === "text") yield [name, value.text];
}

interface StepOf {
  readonly instance: Instance;
  readonly step: Step;
}

async function stepLines(
  planned: PlannedRun,
  { instance, step }: StepOf,
  { host, callText }: CommandOptions,
): Promise<readonly string[]> {
  if (!isHere(step.platforms, host)) return [];
  if (step.condition !== undefined && !(await holds(planned, instance, { condition: step.condition, host })))
    return [];
  switch (step.kind) {
    case "shell":
      return [step.text];
    case "script":
      return [step.text];
    case "exec":
      return [step.argv.join(" ")];
    case "call": {
      const called = (instance.calls[step.call] ?? []).at(-1);
      const name = planned.plan.instances.find(({ id }) => id === called)?.name;
      return callText === undefined || name === undefined ? [] : [callText(name)];
    }
  }
}

async function holds(
  planned: PlannedRun,
  instance: Instance,
  { condition, host }: { readonly condition: NonNullable<Step["condition"]>; readonly host: Host },
): Promise<boolean> {
  const pkg = planned.plan.packages[instance.environment];
  if (planned.conditions === undefined || pkg === undefined) return true;
  const { SharedOutputs } = await import("#engine/exec/shared-outputs");
  const verdict = await planned.conditions.decide({
    condition,
    instance,
    plan: planned.plan,
    package: pkg,
    env: host.env,
    attempt: 1,
    outputs: new SharedOutputs(),
  });
  return verdict.kind === "error" || verdict.value;
}
