import type { Diagnostic, Place } from "#base/diagnostic";
import { parseTimer } from "#base/duration";
import { resolveFrom } from "#base/path";
import { taskKeyPlace, taskPlace } from "#core/config/config";
import { cpuShare, memoryBytes } from "./machine-share";
import type { TaskSource } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";
import { taskId } from "#core/model/ids";
import type {
  ConditionSource,
  Instance,
  Limits,
  ReadyProbe,
  Redirect,
  RetryPolicy,
  Silence,
} from "#core/model/plan";
import { cacheParts } from "./cache-rule";
import { instanceEnv } from "./instance-env";
import { Interpolation } from "./interpolation";
import type { PlaceOf } from "./interpolation";
import { isHeldZone } from "./node";
import type { PlanNode } from "./node";
import { nodeScope } from "./node-scope";
import type { OutputReference } from "./output-reference";
import type { PlanHost, PlanRequest } from "./request";
import { isRemote, remoteHost } from "./remote";
import { sandboxRule } from "./sandbox";
import { shellOf } from "./shells";
import { buildSteps } from "./steps";
import { checkCapture, checkPty, taskExtras } from "./task-extras";
import { typedValues } from "./typed-values";
import { resolvePath } from "#base/workspace-path";

const NO_LIMITS: Limits = { weight: 1, groups: [], exclusive: false, priority: 0 };
const NO_IO = {};
const DEFAULT_GRACE_MS = 5000;

/** What building an instance needs beside its node. */
export interface InstanceContext {
  readonly root: string;
  readonly request: PlanRequest;
  /** `[vars]` of the node's package with the request's on top. */
  readonly vars: Readonly<Record<string, unknown>>;
  readonly rank: number;
  readonly diagnostics: Diagnostic[];
  /** What `${output.KEY}` means in the node's strings. */
  readonly output: (key: string) => OutputReference;
}

/** Works out everything that an instance needs to run: commands, folder, shell, environment, limits. */
export function buildInstance(node: PlanNode, context: InstanceContext): Instance {
  const { pkg, task } = node;
  const { table, sources, entry } = task;
  const fill = new Interpolation(() => nodeScope(node, { ...context, os: context.request.host.os }));
  const at: At =
    (key, ...rest) =>
    () => ({ place: taskKeyPlace(sources, key, ...rest), where: `'${key}' of task '${entry.name}'` });
  const os = isRemote(table) ? "posix" : context.request.host.os;
  const shell = shellOf(table.shell ?? pkg.config.global.shell, os);
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
    ...typedPart(node, body.steps),
    args: node.args,
    reason: node.reason,
    edges: node.edges,
    ...(isHeldZone(node.zone) ? { heldBy: heldBy(node) } : {}),
    steps: body.steps,
    calls: node.calls,
    shell,
    ...remoteHost(table, { task: entry.name, fill, shell, at, problems: context.diagnostics }),
    cwd,
    environment: pkg.dir,
    env: instanceEnv(node, { fill, at, workflow: context.request.workflow }),
    ...(table.tools === undefined ? {} : { tools: table.tools }),
    requiredEnv: table.required_env ?? [],
    secrets: table.secrets ?? [],
    ...optionalParts(table, at),
    ...taskExtras(table, { fill, at }),
    preconditions: table.preconditions === undefined ? [] : preconditions(table.preconditions, at),
    platforms: body.platforms ?? table.platforms ?? [],
    status:
      table.status === undefined
        ? []
        : manyOf(table.status).map((text) => fill.shell(text, shell, at("status"))),
    graceMs: milliseconds(table.grace_period ?? pkg.config.global.grace_period) ?? DEFAULT_GRACE_MS,
    stopSignal: table.stop_signal === undefined ? "SIGTERM" : `SIG${table.stop_signal.replace(/^SIG/, "")}`,
    ...flags(table, node),
    silent: silence(table.silent),
    limits: limits(table, context.request.host),
    io: table.io === undefined ? NO_IO : redirects(table.io, cwd),
    rank: context.rank,
    place,
  };
  return completed(instance, { table, sources, fill, at, context });
}

interface Completion {
  readonly table: TaskTable;
  readonly sources: readonly TaskSource[];
  readonly fill: Interpolation;
  readonly at: At;
  readonly context: InstanceContext;
}

/** With what few tasks have, and with the problems of its strings told. */
function completed(
  instance: Instance,
  { table, sources, fill, at, context: { request, root, diagnostics } }: Completion,
): Instance {
  const isWithoutDeps = request.only;
  const cached = cacheParts(table, instance, {
    fill,
    at,
    sources,
    isWithoutDeps,
    root,
    problems: diagnostics,
  });
  if (fill.problems.length > 0) diagnostics.push(...fill.problems);
  diagnostics.push(...checkCapture(instance, at));
  if (instance.pty === true) diagnostics.push(...checkPty(instance, at));
  const sandbox = sandboxRule(table, instance, { os: request.host.os, at, problems: diagnostics });
  const isPlain = fill.late.length === 0 && (cached.cache ?? cached.declares) === undefined;
  return isPlain
    ? instance
    : {
        ...instance,
        ...cached,
        ...(sandbox === undefined ? {} : { sandbox }),
        ...(fill.late.length === 0 ? {} : { late: fill.late }),
      };
}

const flags = (
  table: TaskTable,
  { mayFail }: PlanNode,
): Pick<Instance, "allowFailure" | "interactive" | "persistent" | "pty"> => ({
  allowFailure: mayFail ?? table.allow_failure ?? false,
  interactive: table.interactive ?? false,
  ...(table.pty === true ? { pty: true } : {}),
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

const heldBy = ({ reason, id }: PlanNode): Instance["id"] => ("of" in reason ? reason.of : id);

type At = (key: string, ...rest: readonly (string | number)[]) => PlaceOf;

const NOTHING: Partial<Instance> = {};

function optionalParts(table: TaskTable, at: At): Partial<Instance> {
  const { condition, timeout, retry, ready } = table;
  if ((condition ?? timeout ?? retry ?? ready) === undefined) return NOTHING;
  const timeoutMs = milliseconds(table.timeout);
  return {
    ...(table.condition === undefined
      ? {}
      : { condition: conditionSource(table.condition, at("condition")().place) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(table.retry === undefined || table.retry === 0 ? {} : { retry: retryPolicy(table.retry) }),
    ...(table.ready === undefined ? {} : { ready: readyProbe(table.ready) }),
  };
}

const conditionSource = (source: string, place: Place): ConditionSource => ({ source, place });

const milliseconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseTimer(text);

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

/** Of a task with conditions: what they see that is no text. */
function typedPart(node: PlanNode, steps: Instance["steps"]): Pick<Instance, "typed"> {
  const { condition, skip_if, confirm_if, output_if, preconditions, args, matrix } = node.task.table;
  if ((args ?? matrix) === undefined) return NOTHING;
  const hasCondition =
    (condition ?? skip_if ?? confirm_if ?? output_if ?? preconditions) !== undefined ||
    steps.some((step) => step.condition !== undefined);
  if (!hasCondition) return NOTHING;
  const typed = typedValues(node);
  return (typed.args ?? typed.matrix) === undefined ? NOTHING : { typed };
}

function limits(table: TaskTable, host: PlanHost): Limits {
  const { resources, nice, cpu_affinity: cpuAffinity } = table;
  if ((resources ?? nice ?? cpuAffinity) === undefined && table.interactive !== true) return NO_LIMITS;
  const mutex = resources?.mutex ?? [];
  return {
    weight: resources?.weight ?? 1,
    ...(resources?.max_concurrent === undefined ? {} : { maxConcurrent: resources.max_concurrent }),
    groups: typeof mutex === "string" ? [mutex] : mutex,
    exclusive: (resources?.exclusive ?? false) || table.interactive === true,
    priority: resources?.priority ?? 0,
    ...machineLimits(table, host),
  };
}

/** What it may take of the machine, and where its processes are placed. */
function machineLimits(
  { resources, nice, cpu_affinity: cpuAffinity }: TaskTable,
  host: PlanHost,
): Partial<Limits> {
  return {
    ...(resources?.max_memory === undefined ? {} : { memoryBytes: memoryBytes(resources.max_memory, host) }),
    ...(resources?.max_cpu === undefined ? {} : { cpus: cpuShare(resources.max_cpu, host) }),
    ...(nice === undefined ? {} : { nice }),
    ...(cpuAffinity === undefined ? {} : { cpuAffinity }),
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
