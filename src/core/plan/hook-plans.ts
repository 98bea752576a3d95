import type { Diagnostic, Place } from "#base/diagnostic";
import type { TaskEntry } from "#core/config/config";
import { HOOK_NAMES, hooksOf } from "#core/config/hooks";
import type { HookEntry, HookName } from "#core/config/hooks";
import { mentionsHooks } from "#core/config/mentions-hooks";
import type { ResolvedTask } from "#core/config/resolve-task";
import type { TaskTable } from "#core/config/schema/sections";
import type { Instance, Plan } from "#core/model/plan";
import type { RunHooks, TaskHookCommand, TaskHooks } from "#core/model/run-hooks";
import type { Package, Workspace } from "#core/workspace/workspace";
import { makePlan } from "./make-plan";
import type { Planned, PlanRequest } from "./request";

/**
 * Plans the hooks of a run: each entry of `[hooks]` becomes a task of its own that runs the command, or calls the task.
 * The workspace root's come first, then those of each package that the plan has instances of.
 */
export function makeRunHooks(
  workspace: Workspace,
  plan: Pick<Plan, "packages">,
  request: PlanRequest,
): Planned<RunHooks> {
  const chosen = [...workspace.packages.values()].filter(
    (pkg) => pkg === workspace.rootPackage || Object.hasOwn(plan.packages, pkg.dir),
  );
  const tasks = new HookTasks(chosen);
  const planned = new Map<HookName, Plan>();
  const problems: Diagnostic[] = tasks.malformed();
  const open: Extract<Planned<RunHooks>, { kind: "open" }>["conditions"][number][] = [];
  const extended = tasks.addTo(workspace);
  for (const name of HOOK_NAMES) {
    const refs = tasks.of(name).map(({ ref }) => ref);
    if (refs.length === 0) continue;
    const targets = refs.map((ref) => ({ ref, words: [], named: {} }));
    const made = makePlan(extended, { ...request, targets, extra: [], only: false });
    if (made.kind === "problems")
      problems.push(...made.diagnostics.map((problem) => tasks.replaced(problem)));
    else if (made.kind === "open") open.push(...made.conditions);
    else planned.set(name, made.plan);
  }
  if (problems.length > 0) return { kind: "problems", diagnostics: problems };
  if (open.length > 0) return { kind: "open", conditions: open };
  const around = aroundTasks(chosen, { tasks, planned });
  if (around.problems.length > 0) return { kind: "problems", diagnostics: around.problems };
  const beforeRun = planned.get("before_run");
  const afterRun = planned.get("after_run");
  return {
    kind: "plan",
    plan: {
      ...(beforeRun === undefined ? {} : { beforeRun: inTurn(beforeRun, "serial") }),
      ...(afterRun === undefined ? {} : { afterRun: inTurn(allowed(afterRun), "order") }),
      tasks: around.hooks,
      environments: Object.assign({}, ...[...planned.values()].map(({ environments }) => environments)),
      packages: Object.assign({}, ...[...planned.values()].map(({ packages }) => packages)),
    },
  };
}

/** An entry of `[hooks]` as a task that the planner knows. */
interface HookTask {
  readonly pkg: Package;
  readonly hook: HookEntry;
  readonly ref: string;
  readonly task: ResolvedTask;
}

class HookTasks {
  readonly #tasks: Readonly<Record<HookName, HookTask[]>> = {
    before_run: [],
    after_run: [],
    before_task: [],
    after_task: [],
  };

  constructor(packages: readonly Package[]) {
    for (const pkg of packages) {
      if (!pkg.config.files.some(mentionsHooks)) continue;
      const hooks = hooksOf(pkg.config);
      for (const name of HOOK_NAMES)
        for (const [index, hook] of hooks[name].entries())
          this.#tasks[name].push(hookTask(pkg, { name, hook, index }));
    }
  }

  of(name: HookName): readonly HookTask[] {
    return this.#tasks[name];
  }

  /** Entries that are neither a command nor a task, or both. */
  malformed(): Diagnostic[] {
    return HOOK_NAMES.flatMap((name) =>
      this.#tasks[name].flatMap(({ hook }): Diagnostic[] => {
        if ((hook.run === undefined) !== (hook.cmd === undefined)) return [];
        const what = hook.run === undefined ? "'run' or 'cmd'" : "either 'run' or 'cmd', not both";
        const place = { file: hook.file, path: hook.path };
        return [{ code: "E291", severity: "error", data: { hook: name, what }, place }];
      }),
    );
  }

  /** The workspace with these tasks beside its own. */
  addTo(workspace: Workspace): Workspace {
    const all = Object.values(this.#tasks).flat();
    const resolved = new Map(all.map(({ task }) => [task.entry, task]));
    const extend = (pkg: Package): Package => {
      const own = all.filter((task) => task.pkg === pkg).map(({ task }) => task.entry);
      if (own.length === 0) return pkg;
      const tasks = new Map([...pkg.config.tasks, ...own.map((entry) => [entry.name, entry] as const)]);
      return {
        ...pkg,
        config: { ...pkg.config, tasks },
        resolve: (entry) => resolved.get(entry) ?? pkg.resolve(entry),
      };
    };
    const copies = new Map([...workspace.packages.values()].map((pkg) => [pkg, extend(pkg)]));
    const copyOf = (pkg: Package): Package => copies.get(pkg) ?? pkg;
    return {
      ...workspace,
      packages: new Map([...workspace.packages].map(([name, pkg]) => [name, copyOf(pkg)])),
      rootPackage: copyOf(workspace.rootPackage),
      current: copyOf(workspace.current),
    };
  }

  /** A problem with the places that its entries have in the file. */
  replaced(problem: Diagnostic): Diagnostic {
    const data = problem.code === "E130" ? { ...problem.data, role: "step" } : problem.data;
    const { place } = problem;
    return { ...problem, data, ...(place === undefined ? {} : { place: this.#place(place) }) };
  }

  #place(place: Place): Place {
    const { path = [] } = place;
    const owner = Object.values(this.#tasks)
      .flat()
      .find(({ hook }) => hook.file === place.file && hook.path.every((key, index) => path[index] === key));
    if (owner === undefined) return place;
    const { hook } = owner;
    return { ...place, ...hookPlace(hook, hook.run === undefined ? "cmd" : "run") };
  }
}

/** The place of a hook's text. */
const hookPlace = (hook: HookEntry, key: "run" | "cmd"): Place => ({
  file: hook.file,
  path: hook.isText ? hook.path : [...hook.path, key],
});

function hookTask(
  pkg: Package,
  { name, hook, index }: { readonly name: HookName; readonly hook: HookEntry; readonly index: number },
): HookTask {
  // Brackets can't be in the name of a task, so that no other task is meant.
  const shown = `[hooks].${name}${index === 0 ? "" : `.${index + 1}`}`;
  const table: TaskTable = hook.run === undefined ? { cmd: hook.cmd ?? "" } : { cmds: [{ task: hook.run }] };
  const sources = [{ file: hook.file, path: hook.path, table }];
  const entry: TaskEntry = {
    name: shown,
    ...(hook.namespace === undefined ? {} : { namespace: hook.namespace }),
    sources,
  };
  const ref = pkg.prefix === "" ? `//:${shown}` : `${pkg.prefix}:${shown}`;
  return { pkg, hook, ref, task: { entry, table, sources, groupEnv: [] } };
}

/** One after the other, in their order. */
function inTurn(plan: Plan, kind: "serial" | "order"): Plan {
  const turns = new Map(plan.requested.map((id, index) => [id, plan.requested[index - 1]]));
  return {
    ...plan,
    isHook: true,
    instances: plan.instances.map((instance) => {
      const before = turns.get(instance.id);
      return before === undefined
        ? instance
        : { ...instance, edges: [...instance.edges, { on: before, kind }] };
    }),
  };
}

/** What comes after a run can't make it fail. */
const allowed = (plan: Plan): Plan => ({
  ...plan,
  instances: plan.instances.map((instance) => ({ ...instance, allowFailure: true })),
});

interface Around {
  readonly hooks: ReadonlyMap<string, TaskHooks>;
  readonly problems: readonly Diagnostic[];
}

/** The commands around the tasks of each package: the root's, then its own. */
function aroundTasks(
  packages: readonly Package[],
  { tasks, planned }: { readonly tasks: HookTasks; readonly planned: ReadonlyMap<HookName, Plan> },
): Around {
  const problems: Diagnostic[] = [];
  const commands = (name: HookName): ReadonlyMap<Package, readonly TaskHookCommand[]> => {
    const plan = planned.get(name);
    const byPackage = new Map<Package, TaskHookCommand[]>();
    if (plan === undefined) return byPackage;
    for (const [index, { pkg, hook }] of tasks.of(name).entries()) {
      const found = hookCommands(plan, index);
      if (typeof found === "string")
        problems.push({
          code: "E290",
          severity: "error",
          data: { task: hook.run ?? "", hook: name, what: found },
          place: hookPlace(hook, "run"),
        });
      else byPackage.set(pkg, [...(byPackage.get(pkg) ?? []), ...found]);
    }
    return byPackage;
  };
  const before = commands("before_task");
  const after = commands("after_task");
  const root = packages[0];
  const hooks = new Map<string, TaskHooks>();
  for (const pkg of packages) {
    const owners = root === undefined || root === pkg ? [pkg] : [root, pkg];
    const own: TaskHooks = {
      before: owners.flatMap((owner) => before.get(owner) ?? []),
      after: owners.flatMap((owner) => after.get(owner) ?? []),
    };
    if (own.before.length > 0 || own.after.length > 0) hooks.set(pkg.dir, own);
  }
  return { hooks, problems };
}

/** The commands of one entry, or what it has that could not be done around every task. */
function hookCommands(plan: Plan, index: number): readonly TaskHookCommand[] | string {
  const instances = new Map(plan.instances.map((instance) => [instance.id, instance]));
  // Each entry is one target, and its task has one instance.
  const id = plan.requested[index];
  const own = id === undefined ? undefined : instances.get(id);
  if (own === undefined) throw new Error(`the plan of the hooks has no entry ${index}`);
  const commands: TaskHookCommand[] = [];
  for (const step of own.steps) {
    if (step.kind !== "call") {
      commands.push({ instance: own, step });
      continue;
    }
    for (const called of own.calls[step.call] ?? []) {
      const instance = instances.get(called);
      if (instance === undefined) continue;
      const handlers = plan.instances.some((other) => other.edges.some((edge) => edge.on === called));
      const problem = handlers ? "tasks that run after it" : beyondCommands(instance);
      if (problem !== undefined) return problem;
      for (const inner of instance.steps) if (inner.kind !== "call") commands.push({ instance, step: inner });
    }
  }
  return commands;
}

/** What an instance has beside commands. */
function beyondCommands(instance: Instance): string | undefined {
  if (instance.edges.length > 0) return "dependencies";
  if (instance.steps.some((step) => step.kind === "call")) return "steps that run tasks";
  if (instance.steps.some((step) => step.condition !== undefined)) return "steps with conditions";
  if (instance.condition !== undefined || instance.preconditions.length > 0) return "conditions";
  if (instance.status.length > 0) return "'status'";
  if (instance.retry !== undefined) return "'retry'";
  if (instance.persistent) return "'persistent'";
  if (instance.interactive || instance.confirm !== undefined) return "questions to ask";
  return undefined;
}
