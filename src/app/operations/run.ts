import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { RunSubscriber } from "#core/model/event";
import { runId } from "#core/model/ids";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";
import { version } from "#base/version";
import type { CacheSession } from "#engine/cache/cache-session";
import type { SameResult } from "#engine/cache/result-memory";
import type { Conditions } from "#engine/exec/conditions";
import type { SharedOutputs } from "#engine/exec/shared-outputs";
import type { Environments } from "#engine/exec/instance-environment";
import type { Confirm, TraceCommand } from "#engine/exec/run-context";
import type { ResourceOptions } from "#engine/exec/run-resources";
import { runPlan } from "#engine/exec/run-plan";
import type { ExitPolicy, RunOptions, StartedPlan } from "#engine/exec/run-plan";
import { randomUnit, wallMs } from "#system/clock/clock";
import { expectCommands } from "#system/process/compiler";
import type { Host } from "#system/host";
import type { CacheOptions } from "#app/open-task-cache";
import { machineLimits } from "#app/machine-limits";
import type { Problems } from "#app/problems";
import type { RunHistory } from "#app/run-history";
import type { ToolGate } from "#app/tools/ensure-tools";
import { environmentsOf } from "./environments";
import type { RunnablePlan } from "./plan-run";

export interface RunInput {
  readonly host: Host;
  readonly failFast: boolean;
  readonly killOnFail: boolean;
  readonly timeoutMs?: number;
  /** `-e NAME=VALUE`. */
  readonly env: Readonly<Record<string, string>>;
  readonly subscribers: readonly RunSubscriber[];
  /** How a command may be told; there where values of the command line stand in the commands. */
  readonly tellCommand?: (command: string) => string;
  readonly confirm: Confirm;
  /** `--monitor`, `--verbose`. */
  readonly resources?: Pick<ResourceOptions, "monitor" | "verbose">;
  readonly exit: ExitPolicy;
  /** What is said about the cache; nothing of it is used where nothing is said. */
  readonly cache?: CacheOptions;
  readonly profile?: string;
  /** `--label KEY=VAL`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Where the run is recorded; not there where no history is kept. */
  readonly history?: RunHistory;
  /** Instances that have ended before and count as they did. */
  readonly settled?: ReadonlyMap<InstanceId, Outcome>;
  /** Where tasks put what they share, with what was shared before. */
  readonly outputs?: SharedOutputs;
  /** There where commands are watched. */
  readonly trace?: TraceCommand;
  /** How missing tools are gone about; not given: nothing is started where one is missing. */
  readonly tools?: () => Promise<ToolGate>;
}

const refuseTools = (): Promise<ToolGate> =>
  Promise.resolve({
    mayInstall: () => Promise.resolve(false),
    report: () => undefined,
    done: () => Promise.resolve(),
    signal: AbortSignal.abort(),
  });

const NO_CONDITIONS: Conditions = {
  decide: () => Promise.resolve({ kind: "error", message: "no conditions were planned" }),
  git: () => Promise.resolve(err("no values of git were planned")),
  finished: () => undefined,
};

/** A name for a run that sorts by time: date, time and four characters against two in one second. */
export function newRunId(): RunId {
  const iso = new Date(wallMs()).toISOString();
  const day = `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}`;
  const stamp = `${day}-${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}`;
  let tail = "";
  while (tail.length < 4) tail += Math.floor(randomUnit() * 36).toString(36);
  return runId(`${stamp}-${tail}`);
}

/** Sets a planned run going. Fails before anything is started where the environment lacks what tasks say they need. */
export async function startRun(
  planned: RunnablePlan,
  id: RunId,
  input: RunInput,
): Promise<Result<StartedPlan, Problems>> {
  const { workspace } = planned;
  if (workspace === undefined) return startWithTools(planned, id, input);
  const { equip } = await import("#app/tools/equip-plan");
  const equipped = await equip({ ...planned, workspace }, input.host, input.tools ?? refuseTools);
  return equipped.ok ? startWithTools(equipped.value, id, input) : equipped;
}

async function startWithTools(
  planned: RunnablePlan,
  id: RunId,
  input: RunInput,
): Promise<Result<StartedPlan, Problems>> {
  const { plan, jobs } = planned;
  const environments = environmentsOf(planned, input.host, input.env);
  const same = sameIn(input);
  const asked = withHooks(planned).filter(({ id }) => !same.has(id));
  const missing = await checkEnvironments(asked, environments);
  if (missing.length > 0) return err({ diagnostics: missing, unread: [], texts: planned.texts });
  const isShared = plan.instances.length > 1;
  const cache = await cacheOf(planned, environments, input);
  const filesFor = await sandboxFilesOf(planned, environments, input);
  const { subscribers, history, profile, labels, settled, outputs, trace, tellCommand } = input;
  const options: RunOptions = {
    id,
    zr: version,
    request: plan.requested,
    jobs,
    failFast: input.failFast,
    killOnFail: input.killOnFail,
    ...(input.timeoutMs === undefined ? {} : { timeoutMs: input.timeoutMs }),
    os: input.host.os,
    arch: input.host.arch,
    subscribers: history === undefined ? subscribers : [...subscribers, history.record(id, environments)],
    ...(profile === undefined ? {} : { profile }),
    ...(labels === undefined ? {} : { labels }),
    ...(settled === undefined ? {} : { settled }),
    same,
    ...(planned.hooks === undefined ? {} : { hooks: planned.hooks }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(cache === undefined ? {} : { cache }),
    ...(trace === undefined ? {} : { trace }),
    ...(tellCommand === undefined ? {} : { tellCommand }),
    ...(filesFor === undefined ? {} : { filesFor }),
    environments,
    conditions: planned.conditions ?? NO_CONDITIONS,
    confirm: input.confirm,
    resources: {
      ...input.resources,
      ...machineLimits(planned.settings, input.host),
      cgroups: (input.host.env["ZR_NO_CGROUP"] ?? "") === "",
    },
    openGuard: async () => {
      expectCommands();
      return (await import("#system/process/guard")).startGuard({ runId: id });
    },
    openSlots: isShared
      ? async (folder) =>
          (await import("#app/shared-slots")).openSharedSlots({ jobs, folder, env: input.host.env })
      : undefined,
  };
  return ok(
    planned.workflow === undefined
      ? runPlan(plan, options, input.exit)
      : await planned.workflow.start(options, planned.workflow.plan),
  );
}

const NONE: ReadonlyMap<InstanceId, SameResult> = new Map();

/** Those that need only be told of again. */
const sameIn = ({ cache }: RunInput): ReadonlyMap<InstanceId, SameResult> => cache?.memory?.same ?? NONE;

/** What tasks with a sandbox are to find there; undefined where none has one. */
async function sandboxFilesOf(
  planned: RunnablePlan,
  environments: Environments,
  { host }: RunInput,
): Promise<RunOptions["filesFor"]> {
  const instances = withHooks(planned);
  if (!instances.some(({ sandbox }) => sandbox !== undefined)) return undefined;
  const { filesForSandboxes } = await import("#app/open-task-cache");
  return filesForSandboxes({ root: planned.plan.root, basis: planned.cache, host, instances, environments });
}

/** The cache of the run; opened only where a task is cached. */
async function cacheOf(
  planned: RunnablePlan,
  environments: Environments,
  { host, cache: options }: RunInput,
): Promise<CacheSession | undefined> {
  if (options === undefined || !planned.plan.instances.some(({ cache }) => cache !== undefined))
    return undefined;
  const { openTaskCache } = await import("#app/open-task-cache");
  const opened = await openTaskCache({
    root: planned.plan.root,
    basis: planned.cache,
    host,
    instances: [...withHooks(planned), ...(planned.hooks?.afterRun?.instances ?? [])],
    environments,
    options,
  });
  return opened?.session;
}

/** Every instance whose environment is made before the run. What comes after it has another by then. */
const withHooks = ({ plan, hooks }: RunnablePlan): readonly Instance[] =>
  hooks === undefined
    ? plan.instances
    : [
        ...(hooks.beforeRun?.instances ?? []),
        ...plan.instances,
        ...[...hooks.tasks.values()].flatMap(({ before, after }) =>
          [...before, ...after].map(({ instance }) => instance),
        ),
      ];

/** What tasks say they can't do without is looked for before the first of them is started. */
async function checkEnvironments(
  instances: readonly Instance[],
  environments: Environments,
): Promise<readonly Diagnostic[]> {
  const demanding = instances.filter(
    (instance) =>
      instance.env.length > 0 ||
      instance.requiredEnv.length > 0 ||
      instance.secrets.length > 0 ||
      environments.isDemanding(instance),
  );
  if (demanding.length === 0) return [];
  const missing = await Promise.all(demanding.map((instance) => environments.missing(instance)));
  if (missing.some(({ length }) => length > 0)) return onceEach(missing.flat());
  const made = await Promise.all(demanding.map((instance) => environments.of(instance)));
  return onceEach(made.flatMap((environment) => (environment.ok ? [] : environment.diagnostics)));
}

function onceEach(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const key = JSON.stringify(diagnostic);
    return !seen.has(key) && seen.add(key);
  });
}
