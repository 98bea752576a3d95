import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { parsePercent } from "#base/size";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Plan } from "#core/model/plan";
import type { SourceFile } from "#core/config/config";
import { mentionsHooks } from "#core/config/mentions-hooks";
import { runSettings } from "#core/config/run-settings";
import type { RunSettings } from "#core/config/run-settings";
import type { CacheBasis } from "#core/cache/cache-basis";
import { cacheBasis } from "#core/cache/cache-basis";
import type { RunHooks } from "#core/model/run-hooks";
import { makePlan } from "#core/plan/make-plan";
import type { Planned, PlanRequest, TargetRequest } from "#core/plan/request";
import { checkSetValues } from "#core/plan/set-values";
import type { Package, Workspace } from "#core/workspace/workspace";
import type { WorkflowPlan } from "#core/model/workflow";
import type { RunOptions, StartedPlan } from "#engine/exec/run-plan";
import type { Host } from "#system/host";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import { machineLimits } from "#app/machine-limits";
import type { Problems } from "#app/problems";
import type { RunConditions } from "#app/run-conditions";
import { splitTargets } from "#app/targets";

/** What is asked for, in the words of a command line or of a protocol. */
export interface PlanInput {
  readonly host: Host;
  /** Absolute. */
  readonly cwd: string;
  readonly configPath?: string;
  readonly profile?: string;
  /** Tasks and the values of their parameters. */
  readonly words: readonly string[];
  readonly extra: readonly string[];
  readonly only: boolean;
  /** `8` or `50%`. */
  readonly jobs?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly isTerminal: boolean;
  readonly shellRefusal?: string;
  /** Plan only what these select; all tasks of the words. */
  readonly tags?: readonly string[];
  /** What the words mean, where that is known already. */
  readonly targets?: readonly TargetRequest[];
  /** `--base`: what conditions compare with. */
  readonly base?: string;
}

/** A plan with all that it takes to carry it out, wherever it comes from. */
export interface RunnablePlan {
  readonly plan: Plan;
  readonly settings: RunSettings;
  readonly cache: CacheBasis;
  /** Of the files that were read for it, for showing lines of them. */
  readonly texts: ReadonlyMap<string, string>;
  readonly warnings: readonly Diagnostic[];
  readonly jobs: number;
  /** What it was planned from; not there where the plan is complete without: then nothing is looked up there any more. */
  readonly workspace?: Workspace;
  /** There where the plan has conditions. */
  readonly conditions: RunConditions | undefined;
  /** What runs around the plan; there where some file has hooks. */
  readonly hooks?: RunHooks;
  /** There where the plan is run stage by stage. */
  readonly workflow?: StagedRun;
}

/** A plan that has just been made. */
export interface PlannedRun extends RunnablePlan {
  readonly workspace: Workspace;
}

/** How a workflow divides its plan, and the way to run it so. */
export interface StagedRun {
  readonly plan: WorkflowPlan;
  /** Takes its plan again, as it may have been completed since. */
  readonly start: (options: RunOptions, plan: WorkflowPlan) => Promise<StartedPlan>;
  /** Stages that are not run, with the reason. */
  readonly skip: ReadonlyMap<string, { readonly why: string }>;
  /** Instances that a former run has done. */
  readonly settled: ReadonlyMap<InstanceId, Outcome>;
  /** The run that this one goes on with. */
  readonly resumed?: string;
}

/** Loads the configuration and plans the request. */
export async function planRun(input: PlanInput): Promise<Result<PlannedRun, Problems>> {
  const loaded = await loadWorkspace({
    cwd: input.cwd,
    env: input.host.env,
    ...(input.configPath === undefined ? {} : { configPath: input.configPath }),
    ...(input.profile === undefined ? {} : { profile: input.profile }),
  });
  return loaded.ok ? planLoaded(loaded.value, input) : loaded;
}

/** Plans the request over a configuration that has been loaded. */
export async function planLoaded(
  loaded: LoadedWorkspace,
  input: PlanInput,
): Promise<Result<PlannedRun, Problems>> {
  const { workspace } = loaded;
  const { targets, problems } =
    input.targets === undefined
      ? splitTargets(input.words, workspace)
      : { targets: input.targets, problems: [] };
  const planned = await completePlan(loaded, input, {
    request: { ...planRequest(workspace, input), targets },
    make: (request) => makePlan(workspace, request),
    problems,
  });
  if (planned.ok || !planned.error.diagnostics.some(({ code }) => code === "E160")) return planned;
  const { suggestingWorkflows } = await import("./unknown-task");
  return err({
    ...planned.error,
    diagnostics: suggestingWorkflows(planned.error.diagnostics, workspace),
  });
}

/** What is asked of the planner, but for the targets. */
export function planRequest(
  workspace: Workspace,
  input: Omit<PlanInput, "words">,
): Omit<PlanRequest, "targets"> {
  const { totalMemoryBytes } = machineLimits(workspace.current.config, input.host);
  return {
    extra: input.extra,
    only: input.only,
    jobs: workerSlots(input, workspace),
    ...(totalMemoryBytes === undefined ? {} : { totalMemoryBytes }),
    env: input.env,
    vars: input.vars,
    host: input.host,
  };
}

/** A plan in the making. */
export interface PlanDraft {
  readonly request: PlanRequest;
  readonly make: (request: PlanRequest) => Planned<Plan>;
  /** Of the request itself, to be told with those of the plan. */
  readonly problems?: readonly Diagnostic[];
}

/** Makes a plan, decides the conditions that it depends on, and checks what has to hold before anything runs. */
export async function completePlan(
  { workspace, texts, warnings }: LoadedWorkspace,
  input: ConditionInput,
  { request, make, problems = [] }: PlanDraft,
): Promise<Result<PlannedRun, Problems>> {
  const fail = (diagnostics: readonly Diagnostic[]): Result<PlannedRun, Problems> =>
    err({ diagnostics, unread: [], texts });
  const { jobs } = request;
  let planned = make(request);
  let conditions: RunConditions | undefined;
  if (planned.kind === "open") {
    conditions = await makeConditions(input, workspace);
    const answers = await conditions.answer(planned.conditions);
    if (!answers.ok) return fail(answers.error);
    planned = make({ ...request, answers: answers.value });
  }
  if (planned.kind !== "plan")
    return fail([...problems, ...(planned.kind === "problems" ? planned.diagnostics : [])]);
  if (problems.length > 0) return fail(problems);
  if (Object.keys(request.vars).length > 0) {
    const packages = packagesOf(workspace, planned.plan);
    const wrong = packages.length === 0 ? [] : checkSetValues(packages, request.vars);
    if (wrong.length > 0) return fail(wrong);
  }
  const unavailable = await settingsOfLater(workspace, planned.plan);
  if (unavailable.length > 0) return fail(unavailable);
  if (planned.plan.instances.some(hasCondition)) {
    conditions ??= await makeConditions(input, workspace);
    const wrong = conditions.check(planned.plan);
    if (wrong.length > 0) return fail(wrong);
  }
  if (planned.plan.instances.some(({ cache }) => cache !== undefined)) {
    const { checkCachedFiles } = await import("#core/cache/check-outputs");
    const wrong = checkCachedFiles(planned.plan, workspace);
    if (wrong.length > 0) return fail(wrong);
  }
  // With a slot for everyone there is no order to choose.
  const plan =
    planned.plan.instances.length > jobs
      ? await (await import("#app/expected-durations")).rankByHistory(planned.plan)
      : planned.plan;
  const made = {
    plan,
    settings: runSettings(workspace.current.config),
    cache: cacheBasis(workspace),
    workspace,
    texts,
    warnings,
    jobs,
  };
  if (!hasHooks(workspace, plan)) return ok({ ...made, conditions });
  const { planHooks } = await import("./plan-hooks");
  const makeOnce = async (): Promise<RunConditions> =>
    (conditions ??= await makeConditions(input, workspace));
  const hooks = await planHooks({ workspace, plan, request, conditions: makeOnce, hasCondition });
  if (!hooks.ok) return fail(hooks.error);
  return ok({ ...made, conditions, hooks: hooks.value });
}

const packagesOf = (workspace: Workspace, plan: Plan): Package[] =>
  [...workspace.packages.values()].filter(({ dir }) => Object.hasOwn(plan.packages, dir));

/** Whether any file that the plan has to do with says something about hooks. */
function hasHooks({ rootPackage, packages }: Workspace, plan: Plan): boolean {
  if (rootPackage.config.files.some(mentionsHooks)) return true;
  if (packages.size === 1) return false;
  for (const { dir, config } of packages.values())
    if (Object.hasOwn(plan.packages, dir) && config.files.some(mentionsHooks)) return true;
  return false;
}

/** Settings of the packages in the plan that a run would have to follow and can't. */
async function settingsOfLater(workspace: Workspace, plan: Plan): Promise<readonly Diagnostic[]> {
  const files = new Set<SourceFile>();
  let isPlain = true;
  for (const pkg of workspace.packages.values()) {
    if (!Object.hasOwn(plan.packages, pkg.dir)) continue;
    for (const file of pkg.config.files) {
      files.add(file);
      const { global, ui, include, tools } = file.document;
      isPlain &&= (global ?? ui ?? include ?? tools) === undefined;
    }
  }
  return isPlain ? [] : (await import("#core/config/later")).laterRunSettings([...files]);
}

const hasCondition = (instance: Plan["instances"][number]): boolean =>
  (instance.condition ?? instance.skipIf ?? instance.confirmIf ?? instance.outputIf) !== undefined ||
  instance.preconditions.length > 0 ||
  instance.steps.some((step) => step.condition !== undefined) ||
  // What strings want of git is asked where conditions ask.
  instance.late?.some((value) => value.kind === "git") === true;

/** What conditions have to know of the start of zr. */
export type ConditionInput = Pick<PlanInput, "host" | "isTerminal" | "shellRefusal" | "base">;

export async function makeConditions(input: ConditionInput, workspace: Workspace): Promise<RunConditions> {
  const [{ RunConditions: Made }, { changeFacts }] = await Promise.all([
    import("#app/run-conditions"),
    import("#app/change-facts"),
  ]);
  const { env, os, arch } = input.host;
  return new Made({
    root: workspace.root,
    env,
    os,
    arch,
    isTerminal: input.isTerminal,
    changes: changeFacts(workspace, input),
    ...(input.shellRefusal === undefined ? {} : { shellRefusal: input.shellRefusal }),
  });
}

/** Instances at once: by flag, by configuration, else one a CPU. */
export function workerSlots({ jobs, host }: Pick<PlanInput, "jobs" | "host">, workspace: Workspace): number {
  const wanted = jobs ?? workspace.current.config.global.resources?.max_workers;
  if (wanted === undefined) return host.cpus;
  const share = typeof wanted === "string" ? parsePercent(wanted) : undefined;
  return share === undefined ? Math.max(1, Number(wanted)) : Math.max(1, Math.round(host.cpus * share));
}
