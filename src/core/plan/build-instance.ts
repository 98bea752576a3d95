import type { Diagnostic, Place } from "#base/diagnostic";
import { parseTimer } from "#base/duration";
import { resolveFrom } from "#base/path";
import { taskKeyPlace, taskPlace } from "#core/config/config";
import { PLATFORM_ALIASES } from "#core/config/formats";
import type { TaskTable } from "#core/config/schema/sections";
import type { EnvEntry, EnvSource } from "#core/model/environment";
import { taskId } from "#core/model/ids";
import type {
  ConditionSource,
  Instance,
  Limits,
  ReadyProbe,
  Redirect,
  RetryPolicy,
  Shell,
  Silence,
} from "#core/model/plan";
import { envSource, taskSources } from "./env-sources";
import { Interpolation } from "./interpolation";
import type { PlaceOf } from "./interpolation";
import type { PlanNode } from "./node";
import { declaredParameters, parameterText, parameterVariable } from "./parameters";
import type { PlanRequest } from "./request";
import { shellOf } from "./shells";
import { buildSteps } from "./steps";

const NO_LIMITS: Limits = { weight: 1, groups: [], exclusive: false, priority: 0 };
const NO_IO = {};
const NO_ENV: readonly EnvSource[] = [];
const DEFAULT_GRACE_MS = 5000;

/** What building an instance needs beside its node. */
export interface InstanceContext {
  readonly root: string;
  readonly request: PlanRequest;
  /** `[vars]` of the node's package with the request's on top. */
  readonly vars: Readonly<Record<string, unknown>>;
  readonly rank: number;
  readonly diagnostics: Diagnostic[];
}

/** Works out everything that an instance needs to run: commands, folder, shell, environment, limits. */
export function buildInstance(node: PlanNode, context: InstanceContext): Instance {
  const { pkg, task } = node;
  const { table, sources, entry } = task;
  const fill = new Interpolation(() => ({
    matrix: node.matrix,
    args: node.params,
    declaredArgs: declaredParameters(table).map((parameter) => parameter.name),
    vars: context.vars,
    match: node.match,
    task: { name: node.name },
    package: { name: pkg.name, path: pkg.path, dir: pkg.dir },
    workspace: { root: context.root },
  }));
  const at: At =
    (key, ...rest) =>
    () => ({ place: taskKeyPlace(sources, key, ...rest), where: `'${key}' of task '${entry.name}'` });
  const shell = shellOf(table.shell ?? pkg.config.global.shell, context.request.host.os);
  const cwd =
    table.cwd === undefined ? pkg.dir : resolvePath(fill.plain(table.cwd, at("cwd")), pkg.dir, context.root);
  const body = buildSteps({
    node,
    table,
    shell,
    fill,
    at,
    host: context.request.host,
    problems: context.diagnostics,
  });
  const place = taskPlace(entry);
  const instance: Instance = {
    id: node.id,
    task: taskId(pkg.prefix, node.name),
    name: node.name,
    package: pkg.prefix,
    ...(table.description === undefined ? {} : { description: table.description }),
    tags: table.tags ?? [],
    matrix: node.matrix,
    match: node.match,
    params: node.params,
    args: node.args,
    reason: node.reason,
    edges: node.edges,
    ...(node.zone === "main" ? {} : { heldBy: heldBy(node) }),
    steps: body.steps,
    calls: node.calls,
    shell,
    cwd,
    environment: pkg.dir,
    env: environment(node, { cwd, fill, shell, at }),
    requiredEnv: table.required_env ?? [],
    secrets: table.secrets ?? [],
    ...optionalParts(table, at),
    preconditions: table.preconditions === undefined ? [] : preconditions(table.preconditions, at),
    platforms: body.platforms ?? table.platforms ?? [],
    status:
      table.status === undefined
        ? []
        : manyOf(table.status).map((text) => fill.shell(text, shell, at("status"))),
    graceMs: milliseconds(table.grace_period ?? pkg.config.global.grace_period) ?? DEFAULT_GRACE_MS,
    stopSignal: table.stop_signal === undefined ? "SIGTERM" : `SIG${table.stop_signal.replace(/^SIG/, "")}`,
    ...flags(table),
    silent: silence(table.silent),
    limits: limits(table),
    io: table.io === undefined ? NO_IO : redirects(table.io, cwd),
    rank: context.rank,
    place,
  };
  if (fill.problems.length > 0) context.diagnostics.push(...fill.problems);
  return instance;
}

const flags = (table: TaskTable): Pick<Instance, "allowFailure" | "interactive" | "persistent"> => ({
  allowFailure: table.allow_failure ?? false,
  interactive: table.interactive ?? false,
  persistent: table.persistent ?? false,
});

const manyOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

function preconditions(entries: NonNullable<TaskTable["preconditions"]>, at: At): Instance["preconditions"] {
  return entries.map((entry, index) => ({
    source: typeof entry === "string" ? entry : (entry.if ?? "true"),
    place: at("preconditions", ...(typeof entry === "string" ? [index] : [index, "if"]))().place,
    ...(typeof entry === "string" || entry.message === undefined ? {} : { message: entry.message }),
  }));
}

const heldBy = (node: PlanNode): Instance["id"] => {
  const { reason } = node;
  return reason.kind === "requested" ? node.id : reason.of;
};

type At = (key: string, ...rest: readonly (string | number)[]) => PlaceOf;

const NOTHING: Partial<Instance> = {};

function optionalParts(table: TaskTable, at: At): Partial<Instance> {
  if ((table.condition ?? table.timeout ?? table.retry ?? table.confirm ?? table.ready) === undefined)
    return NOTHING;
  const timeoutMs = milliseconds(table.timeout);
  const confirm = table.confirm === true ? "Run it?" : table.confirm === false ? undefined : table.confirm;
  return {
    ...(table.condition === undefined
      ? {}
      : { condition: conditionSource(table.condition, at("condition")().place) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(table.retry === undefined || table.retry === 0 ? {} : { retry: retryPolicy(table.retry) }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(table.ready === undefined ? {} : { ready: readyProbe(table.ready) }),
  };
}

export const conditionSource = (source: string, place: Place): ConditionSource => ({ source, place });

const milliseconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseTimer(text);

/** Relative to the package; a leading `//` means the workspace root. */
function resolvePath(path: string, dir: string, root: string): string {
  return path.startsWith("//") ? resolveFrom(root, path.slice(2)) : resolveFrom(dir, path);
}

function silence(value: TaskTable["silent"]): Silence {
  if (value === undefined || value === false) return "none";
  return value === true ? "both" : value;
}

function retryPolicy(value: NonNullable<TaskTable["retry"]>): RetryPolicy {
  const table = typeof value === "number" ? { max: value } : value;
  return {
    max: table.max ?? 1,
    delayMs: milliseconds(table.delay) ?? 0,
    backoff: table.backoff ?? "constant",
    maxDelayMs: milliseconds(table.max_delay) ?? 300_000,
    jitter: table.jitter ?? false,
    onExit: table.on_exit ?? [],
    onOutput: table.on_output ?? [],
  };
}

function readyProbe(table: NonNullable<TaskTable["ready"]>): ReadyProbe {
  const { http, tcp, log, exec } = table;
  return {
    ...(http === undefined ? {} : { http }),
    ...(tcp === undefined ? {} : { tcp }),
    ...(log === undefined ? {} : { log }),
    ...(exec === undefined ? {} : { exec }),
    timeoutMs: milliseconds(table.timeout) ?? 60_000,
    intervalMs: milliseconds(table.interval) ?? 200,
  };
}

function limits(table: TaskTable): Limits {
  const { resources } = table;
  if (resources === undefined && table.interactive !== true) return NO_LIMITS;
  const mutex = resources?.mutex ?? [];
  return {
    weight: resources?.weight ?? 1,
    ...(resources?.max_concurrent === undefined ? {} : { maxConcurrent: resources.max_concurrent }),
    groups: typeof mutex === "string" ? [mutex] : mutex,
    exclusive: (resources?.exclusive ?? false) || table.interactive === true,
    priority: resources?.priority ?? 0,
  };
}

function redirects(io: NonNullable<TaskTable["io"]>, cwd: string): Instance["io"] {
  const parse = (text: string): Redirect => {
    if (text === "null" || text === "inherit") return { kind: text };
    const append = text.startsWith("file+:");
    return { kind: "file", path: resolveFrom(cwd, text.slice(append ? 6 : 5)), append };
  };
  return {
    ...(io.stdin === undefined ? {} : { stdin: parse(io.stdin) }),
    ...(io.stdout === undefined ? {} : { stdout: parse(io.stdout) }),
    ...(io.stderr === undefined ? {} : { stderr: parse(io.stderr) }),
  };
}

interface EnvironmentParts {
  readonly cwd: string;
  readonly fill: Interpolation;
  readonly shell: Shell;
  readonly at: At;
}

/** The task's own layers, lowest first: its groups', its files, its table, what a caller gave, what zr tells it. */
function environment(node: PlanNode, { fill, at }: EnvironmentParts): readonly EnvSource[] {
  const { pkg, task } = node;
  const { table } = task;
  const isPlain = (table.env ?? table.env_file ?? table.dotenv ?? table.args) === undefined;
  if (isPlain && task.groupEnv.length === 0 && node.givenEnv.length === 0 && node.match.length === 0)
    return NO_ENV;
  const sources: EnvSource[] = [];
  const fillText = (text: string, place: Place): string =>
    fill.expanded(text, () => ({ place, where: `'env' of task '${node.name}'` }));
  for (const group of task.groupEnv) {
    if (group.table.env === undefined) continue;
    sources.push(
      envSource("group", group.table.env, {
        place: { file: group.file, path: [...group.path, "env"] },
        dir: pkg.dir,
        fill: fillText,
      }),
    );
  }
  if (table.env !== undefined || table.env_file !== undefined || table.dotenv !== undefined) {
    const filePlace = at(table.env_file === undefined ? "dotenv" : "env_file")().place;
    sources.push(...taskSources(table, { envPlace: at("env")().place, filePlace, dir: pkg.dir }, fillText));
  }
  for (const given of node.givenEnv) {
    sources.push(
      envSource("task-env", given.table, {
        place: { file: given.file, path: given.path },
        dir: pkg.dir,
        fill: fillText,
      }),
    );
  }
  const facts = taskFacts(node);
  if (facts.length > 0) sources.push({ layer: "task-env", entries: facts });
  return sources;
}

/** Parameters and pattern matches, exported so that shell texts can refer to them. */
function taskFacts(node: PlanNode): EnvEntry[] {
  const facts: EnvEntry[] = [];
  const add = (name: string, text: string): void =>
    void facts.push({ name, value: { kind: "text", text, expand: false } });
  for (const parameter of node.task.table.args === undefined ? [] : declaredParameters(node.task.table)) {
    const value = node.params[parameter.name];
    add(parameterVariable(parameter.name), value === undefined ? "" : parameterText(value));
    if (parameter.env !== undefined && value !== undefined) add(parameter.env, parameterText(value));
  }
  for (const [index, text] of node.match.entries()) add(`ZR_MATCH_${index}`, text);
  return facts;
}

/** Whether an instance may run on this machine. */
export function runsOn(platforms: readonly string[], os: string, arch: string): boolean {
  if (platforms.length === 0) return true;
  return platforms.some((platform) => {
    const [system = "", processor] = platform.split("/");
    return (
      PLATFORM_ALIASES[system] === os && (processor === undefined || PLATFORM_ALIASES[processor] === arch)
    );
  });
}
