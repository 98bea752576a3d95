import type { Diagnostic } from "#base/diagnostic";
import { withoutMirrored } from "#base/without-mirrored";
import { checkCachedFiles } from "#core/cache/check-outputs";
import { taskKeyPlace } from "#core/config/config";
import type { TaskEntry } from "#core/config/config";
import type { ResolvedTask } from "#core/config/resolve-task";
import type { TaskTable } from "#core/config/schema/sections";
import { laterSettings } from "#core/config/later";
import type { ConfigReader } from "#core/config/config-reader";
import { mentionsHooks } from "#core/config/mentions-hooks";
import { makeRunHooks } from "#core/plan/hook-plans";
import { isRunOption } from "#core/plan/parameter-word";
import { declaredParameters } from "#core/plan/parameters";
import type { PlanRequest } from "#core/plan/request";
import { makePlan } from "#core/plan/make-plan";
import { handlerTasks } from "#core/workspace/handler-tasks";
import { uniqueDiagnostics } from "#core/plan/unique-diagnostics";
import type { Workspace } from "#core/workspace/workspace";
import { withoutFollowUps } from "#app/follow-ups";
import { isRefused, readWorkspace } from "#app/load-workspace";
import type { LoadOptions } from "#app/load-workspace";
import { faultyTasks, isPlannable, taskOf } from "#app/plannable";
import type { Problems } from "#app/problems";
import { workerSlots } from "#app/operations/plan-run";
import { GivenByStages } from "#app/operations/given-by-stages";
import { mentionsOnboarding } from "#app/onboard/mentions-onboarding";
import { mentionsResults, tasksInContext } from "#app/tasks-in-context";
import { RunConditions } from "#app/run-conditions";
import type { Host } from "#system/host";
import { validateEnvironments } from "./validate-environments";
import { mentionsWatch, validateWatch } from "./validate-watch";

export interface Validation extends Problems {
  readonly files: number;
  readonly tasks: number;
}

/** Codes that depend on a command line and so say nothing about a file. */
const REQUEST_CODES: ReadonlySet<string> = new Set(["E161"]);

/** Codes of a task that does not run before another, which may depend on who runs that. */
const BEFORE_CODES: ReadonlySet<string> = new Set(["E174", "E216", "E217"]);

/** Codes of what is wrong with the way one task names another. */
const CALL_CODES: ReadonlySet<string> = new Set(["E161", "E162", "E163", "E169"]);

/** Codes of what is wrong with a reference, in what a task gives to another as elsewhere. */
const VALUE_CODES: ReadonlySet<string> = new Set(["E172", "E178", "E189"]);

/**
 * Checks everything that can be known without running anything: files, names, every task's strings and conditions.
 * `reader` stands for the disk, for files that are not written yet.
 */
export async function validate(load: LoadOptions, host: Host, reader?: ConfigReader): Promise<Validation> {
  const read = await readWorkspace(load, reader);
  if (!read.ok) return { ...read.error, files: read.error.texts.size, tasks: 0 };
  const { workspace, texts, unread, diagnostics: known } = read.value;
  const files = isRefused(read.value) ? texts.size : filesOf(workspace);
  if (unread.length > 0 || !isPlannable(known))
    return { diagnostics: withoutFollowUps(known, unread), unread, texts, files, tasks: 0 };
  const { diagnostics, tasks } = await checkWorkspace(workspace, host);
  const faulty = faultyTasks(known);
  const planned = diagnostics.filter((problem) => !faulty.has(taskOf(problem)));
  const all = withoutMirrored(uniqueDiagnostics([...withoutFollowUps(known, unread), ...planned]));
  return { diagnostics: all, unread, texts, files, tasks };
}

export interface WorkspaceCheck {
  readonly diagnostics: readonly Diagnostic[];
  /** How many tasks were looked at. */
  readonly tasks: number;
}

/**
 * Everything that is to be said of files that can be used: what this version can't do, and what planning each task and
 * workflow brings to light. `pause` is called between tasks; false ends the check with what was found so far.
 */
export async function checkWorkspace(
  workspace: Workspace,
  host: Host,
  pause?: () => Promise<boolean>,
): Promise<WorkspaceCheck> {
  const diagnostics = checkSections(workspace);
  const hasWorkflows = [...workspace.packages.values()].some((pkg) => pkg.config.workflows.size > 0);
  const given = hasWorkflows ? new GivenByStages(workspace) : undefined;
  const refs: string[] = [];
  let inContext: ReadonlySet<TaskEntry> | undefined;
  let handlers: ReadonlySet<TaskEntry> | undefined;
  let tasks = 0;
  for (const pkg of workspace.packages.values()) {
    for (const entry of pkg.config.tasks.values()) {
      tasks += 1;
      diagnostics.push(...hiddenParameters(pkg.resolve(entry), entry));
      if (entry.name.includes("*")) continue;
      if (pause !== undefined && tasks % TASKS_AT_ONCE === 0 && !(await pause()))
        return { diagnostics, tasks };
      // Each task for itself: what is wrong with one must not hide the rest.
      const ref = pkg.prefix === "" ? `//:${entry.name}` : `${pkg.prefix}:${entry.name}`;
      refs.push(ref);
      const { table } = pkg.resolve(entry);
      const refersBack = mentionsResults(table);
      const asHandlers = mentionsEnd(table) && (handlers ??= handlerTasks(workspace)).has(entry);
      const checked = checkTask(workspace, { ref, host, refersBack, asHandlers });
      const found = given === undefined ? checked : given.without(checked, entry);
      const isJudged = refersBack && !(inContext ??= tasksInContext(workspace)).has(entry);
      diagnostics.push(...(isJudged ? found : found.filter(({ code }) => !BEFORE_CODES.has(code))));
    }
  }
  const called = checkCalls(workspace, refs, host);
  diagnostics.push(...(given === undefined ? called : given.without(called)));
  if ([...workspace.packages.values()].some((pkg) => pkg.config.files.some(mentionsHooks)))
    diagnostics.push(...checkHooks(workspace, host));
  if ([...workspace.packages.values()].some(mentionsWatch)) diagnostics.push(...validateWatch(workspace));
  const { validateTools } = await import("./validate-tools");
  diagnostics.push(...(await validateTools(workspace)));
  if (mentionsOnboarding(workspace)) {
    const { checkOnboarding } = await import("#app/onboard/check-settings");
    diagnostics.push(...(await checkOnboarding(workspace)));
  }
  diagnostics.push(...(await validateEnvironments(workspace, host.os)));
  if (hasWorkflows) {
    const { validateWorkflows } = await import("./validate-workflows");
    const request = { jobs: jobsFor(workspace, host), env: {}, vars: {}, host };
    diagnostics.push(...validateWorkflows(workspace, request, conditionsFor(workspace, host)).map(softened));
  }
  return { diagnostics: uniqueDiagnostics(diagnostics), tasks };
}

/** So many tasks take a few milliseconds. */
const TASKS_AT_ONCE = 32;

/** How many files the configuration stands in; manifests are none of it. */
const filesOf = ({ packages }: Workspace): number =>
  new Set([...packages.values()].flatMap(({ config }) => config.files.map(({ path }) => path))).size;

/** As many worker slots as the configuration asks for; what it leaves open limits nothing. */
function jobsFor(workspace: Workspace, host: Host): number {
  const isLimited = workspace.current.config.global.resources?.max_workers !== undefined;
  return isLimited ? workerSlots({ host }, workspace) : Number.MAX_SAFE_INTEGER;
}

const conditionsFor = ({ root }: Workspace, { env, os, arch }: Host): RunConditions =>
  new RunConditions({ root, env, os, arch, isTerminal: false });

/** What one task asks of another: arguments that it does not take, combinations that it does not have, on a condition. */
function checkCalls(workspace: Workspace, refs: readonly string[], host: Host): readonly Diagnostic[] {
  const targets = refs.map((ref) => ({ ref, words: [], named: {} }));
  const planned = makePlan(workspace, {
    targets,
    extra: [],
    only: false,
    jobs: Number.MAX_SAFE_INTEGER,
    env: {},
    vars: {},
    host,
  });
  if (planned.kind === "plan") return [];
  const conditions = conditionsFor(workspace, host);
  const open = (planned.conditions ?? []).flatMap((condition) => conditions.checkOpen(condition));
  if (planned.kind === "open") return open;
  const calls = planned.diagnostics.filter(
    ({ code, place }) =>
      place !== undefined && (CALL_CODES.has(code) || (VALUE_CODES.has(code) && isOfCall(place.path ?? []))),
  );
  return [...calls, ...open];
}

/** Whether a place is a name of another task, or in the `args` or the `env` of an entry that has one. */
const isOfCall = (path: readonly (string | number)[]): boolean =>
  path.some(
    (key, index) =>
      CALL_KEYS.has(String(key)) &&
      (index >= path.length - 2 || ["task", "args", "env"].includes(String(path[index + 2]))),
  );

/** Keys of a task that name others. */
const CALL_KEYS: ReadonlySet<string> = new Set([
  "deps",
  "deps_serial",
  "pipeline",
  "wait_for",
  "finally",
  "on_success",
  "on_failure",
  "cmds",
]);

/** Whether a condition of a task may speak of an end: its own, or the one that it handles. */
const mentionsEnd = ({ condition, skip_if, confirm_if, preconditions, cmds }: TaskTable): boolean =>
  (condition ?? skip_if ?? confirm_if ?? preconditions ?? cmds) !== undefined &&
  /\b(?:exit_code|allow_failure|attempt)\b/.test(
    JSON.stringify([condition, skip_if, confirm_if, preconditions, cmds]),
  );

interface TaskCheck {
  readonly ref: string;
  readonly host: Host;
  /** Whether the task speaks of what runs before it, so that this has to be planned too. */
  readonly refersBack: boolean;
  /** Whether it handles the end of another task somewhere and speaks of that. */
  readonly asHandlers: boolean;
}

function checkTask(
  workspace: Workspace,
  { ref, host, refersBack, asHandlers }: TaskCheck,
): readonly Diagnostic[] {
  const request: PlanRequest = {
    targets: [{ ref, words: [], named: {} }],
    extra: [],
    only: !refersBack,
    jobs: jobsFor(workspace, host),
    env: {},
    vars: {},
    host,
  };
  let planned = makePlan(workspace, request);
  if (planned.kind === "open" && refersBack) {
    // Whatever may be a dependency is taken for one.
    const answers = new Map(planned.conditions.map(({ key }) => [key, true]));
    planned = makePlan(workspace, { ...request, answers });
  }
  if (planned.kind === "problems")
    return planned.diagnostics.filter((problem) => !REQUEST_CODES.has(problem.code)).map(softened);
  if (planned.kind === "open") return [];
  return [
    ...conditionsFor(workspace, host).check(planned.plan, { asHandlers }),
    ...checkCachedFiles(planned.plan, workspace),
  ];
}

function checkHooks(workspace: Workspace, host: Host): readonly Diagnostic[] {
  const packages = Object.fromEntries(
    [...workspace.packages.values()].map(({ dir, name, path, tags }) => [
      dir,
      { name, path, tags, vars: {} },
    ]),
  );
  const jobs = Number.MAX_SAFE_INTEGER;
  const request = { targets: [], extra: [], only: false, jobs, env: {}, vars: {}, host };
  const planned = makeRunHooks(workspace, { packages }, request);
  return planned.kind === "problems" ? planned.diagnostics.map(softened) : [];
}

/** Parameters that can't be given by `--name`, as zr takes that for itself: E144. */
function hiddenParameters({ table, sources }: ResolvedTask, { name: task }: TaskEntry): Diagnostic[] {
  if (table.args === undefined) return [];
  return declaredParameters(table).flatMap(({ name, type }, index) => {
    if (!isRunOption(name) && !(type === "boolean" && isRunOption(`no-${name}`))) return [];
    const place = taskKeyPlace(sources, "args", index, "name");
    return [{ code: "E144", severity: "warning" as const, data: { name, task }, place }];
  });
}

/** What this version can't do yet is refused when it is used; in a file it is only worth a warning. */
const softened = (problem: Diagnostic): Diagnostic =>
  problem.code === "E166" ? { ...problem, severity: "warning" } : problem;

function checkSections(workspace: Workspace): Diagnostic[] {
  const files = new Set(
    [...workspace.packages.values()].flatMap((pkg) =>
      pkg.config.files.filter((file) => file.layer !== "root"),
    ),
  );
  return [...files].flatMap(laterSettings);
}
