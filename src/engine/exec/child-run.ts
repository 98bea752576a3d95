import type { Failure } from "#core/model/outcome";
import type { Instance, Redirect } from "#core/model/plan";
import type { SecretAutomaton } from "#engine/env/secret-automaton";
import { openSink } from "#system/fs/file-sink";
import type { FileSink } from "#system/fs/file-sink";
import { isFolder } from "#system/fs/is-folder";
import { pathExists } from "#system/fs/path-exists";
import { spawnChild } from "#system/process/spawn";
import { monotonicMs } from "#system/clock/clock";
import type { Child, ChildStream, ExitStatus, SpawnFailure, SpawnRequest } from "#system/process/spawn";
import { groupRuns } from "#system/process/tree";
import type { Command } from "./command";
import { pumpOutput } from "./output-pump";
import type { OutputPump } from "./output-pump";
import type { RunContext } from "./run-context";
import { stopSequence } from "./stop-sequence";

/** How long output may go on after the leader has ended and its group is gone: somebody outside the group holds the pipe. */
const DRAIN_MS = 250;

export interface ChildOptions {
  readonly instance: Instance;
  readonly env: Readonly<Record<string, string>>;
  /** What to mask in the output. */
  readonly secrets: () => SecretAutomaton | undefined;
  readonly isShown: boolean;
  readonly isFirst: boolean;
  /** Gets every piece of output beside its readers. */
  readonly tap?: (bytes: Uint8Array, stream: "stdout" | "stderr") => void;
  /** Gets stdout as it came, nothing masked. */
  readonly capture?: (bytes: Uint8Array) => void;
  /** `atMs` is when the system was asked to start it; monotonic. It may have run for some time since. */
  readonly onStart: (child: Child, atMs: number) => void;
}

export type ChildEnd =
  | { readonly kind: "exit"; readonly status: ExitStatus }
  | { readonly kind: "failure"; readonly failure: Failure };

/** Runs one command to its end: all output carried, nothing of its process group left. */
export async function runChild(
  command: Command,
  options: ChildOptions,
  context: RunContext,
): Promise<ChildEnd> {
  const { instance } = options;
  if (command.failure !== undefined) return { kind: "failure", failure: command.failure };
  const { stdin } = instance.io;
  if (stdin?.kind === "file" && !(await pathExists(stdin.path)))
    return { kind: "failure", failure: { kind: "io", path: stdin.path, message: "no such file" } };
  const sinks = hasSinks(instance) ? await openSinks(instance, options.isFirst) : NO_SINKS;
  if (!sinks.ok) return { kind: "failure", failure: sinks.failure };
  const request = spawnRequest(command, options, context);
  const atMs = monotonicMs();
  const started = instance.pty === true ? startOnPty(request, command) : start(request, command, spawnChild);
  const spawned = started instanceof Promise ? await started : started;
  if (!spawned.ok) {
    await sinks.close();
    return { kind: "failure", failure: await describe(spawned.error, instance.cwd) };
  }
  const child = command.remote === undefined ? spawned.value : command.remote.attach(spawned.value);
  if (request.ownGroup) context.guard.add(child.pid);
  options.onStart(child, atMs);
  const pumps = pumpAll(child, { options, context, sinks });
  const status = await child.exited;
  if (request.ownGroup) {
    if (groupRuns(child.pid)) await endGroup(child.pid, instance, context);
    context.guard.remove(child.pid);
  }
  if (!pumps.every((pump) => pump.isDone())) await drain(pumps);
  if (sinks !== NO_SINKS) await sinks.close();
  const failure = command.remote?.failure(status);
  return failure === undefined ? { kind: "exit", status } : { kind: "failure", failure };
}

type Spawn = typeof spawnChild;

function start(request: SpawnRequest, command: Command, spawn: Spawn): ReturnType<Spawn> {
  const spawned = spawn(request);
  return !spawned.ok && spawned.error.kind === "no-format" && command.fallback !== undefined
    ? spawn({ ...request, argv: command.fallback() })
    : spawned;
}

async function startOnPty(request: SpawnRequest, command: Command): Promise<ReturnType<Spawn>> {
  return start(request, command, (await import("#system/process/pty")).spawnOnPty);
}

function spawnRequest(command: Command, { instance, env }: ChildOptions, context: RunContext): SpawnRequest {
  const { io, interactive } = instance;
  const stdin =
    command.remote !== undefined
      ? "pipe"
      : io.stdin?.kind === "file"
        ? { file: io.stdin.path }
        : io.stdin?.kind === "inherit" || interactive
          ? "inherit"
          : "ignore";
  const inherit = context.slots?.inherit ?? [];
  return {
    argv: command.argv,
    cwd: instance.cwd,
    env: command.replaceEnv ?? (command.env === undefined ? env : { ...env, ...command.env }),
    stdin,
    stdout: childStream(io.stdout, interactive),
    stderr: childStream(io.stderr, interactive),
    ...(inherit.length === 0 ? {} : { inherit }),
    ownGroup: !interactive,
  };
}

function childStream(redirect: Redirect | undefined, interactive: boolean): ChildStream {
  if (redirect?.kind === "null") return "ignore";
  if (redirect?.kind === "inherit") return "inherit";
  return interactive && redirect === undefined ? "inherit" : "pipe";
}

interface PumpParts {
  readonly options: ChildOptions;
  readonly context: RunContext;
  readonly sinks: Sinks;
}

function pumpAll(child: Child, parts: PumpParts): readonly OutputPump[] {
  const pumps: OutputPump[] = [];
  for (const stream of ["stdout", "stderr"] as const) {
    const started = pump(child, stream, parts);
    if (started !== undefined) pumps.push(started);
  }
  return pumps;
}

function pump(
  child: Child,
  stream: "stdout" | "stderr",
  { options, context, sinks }: PumpParts,
): OutputPump | undefined {
  const source = child[stream];
  if (source === undefined) return undefined;
  const sink = sinks[stream];
  const { tap, secrets, isShown, instance } = options;
  const raw = stream === "stdout" ? options.capture : undefined;
  const target = {
    id: instance.id,
    stream,
    hub: context.hub,
    secrets,
    isShown,
    ...(raw === undefined ? {} : { raw }),
  };
  if (sink === undefined && tap === undefined) return pumpOutput(source, target);
  const both = (bytes: Uint8Array): void | Promise<void> => {
    tap?.(bytes, stream);
    return sink?.write(bytes);
  };
  return pumpOutput(source, { ...target, tap: both });
}

/** Ends what a command has left running in its group. */
async function endGroup(pid: number, instance: Instance, context: RunContext): Promise<void> {
  await stopSequence({
    pid,
    run: context.id,
    instance: instance.id,
    signal: instance.stopSignal,
    graceMs: Math.min(instance.graceMs, 1000),
    ended: groupGone(pid),
    ownGroup: true,
  });
}

/** Settled when no process of the group is left. Groups give no event, so this looks again and again. */
async function groupGone(pid: number): Promise<void> {
  while (groupRuns(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

/**
 * Waits for the rest of the output. A stream that stays open without anything coming, since somebody outside the group
 * holds it, is given up; one whose reader is slow is waited for as long as it takes.
 */
async function drain(pumps: readonly OutputPump[]): Promise<void> {
  const all = Promise.all(pumps.map((pump) => pump.done)).then(() => true);
  for (let before = -1; ;) {
    const taken = pumps.reduce((sum, pump) => sum + pump.taken(), 0);
    if (taken === before && pumps.every((pump) => pump.isWaiting())) for (const pump of pumps) pump.cancel();
    before = taken;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isDone = await Promise.race([
      all,
      new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), DRAIN_MS);
      }),
    ]);
    clearTimeout(timer);
    if (isDone) return;
  }
}

interface Sinks {
  readonly ok: true;
  readonly stdout: FileSink | undefined;
  readonly stderr: FileSink | undefined;
  readonly close: () => Promise<void>;
}

const NO_SINKS: Sinks = { ok: true, stdout: undefined, stderr: undefined, close: () => Promise.resolve() };

const hasSinks = ({ io }: Instance): boolean => io.stdout?.kind === "file" || io.stderr?.kind === "file";

/** The files that a task's streams also go to; a step after the first goes on where the one before it stopped. */
async function openSinks(
  { io }: Instance,
  isFirst: boolean,
): Promise<Sinks | { readonly ok: false; readonly failure: Failure }> {
  const opened: FileSink[] = [];
  const open = async (redirect: Redirect | undefined): Promise<FileSink | undefined> => {
    if (redirect?.kind !== "file") return undefined;
    const sink = await openSink(redirect.path, { append: redirect.append || !isFirst });
    opened.push(sink);
    return sink;
  };
  const close = async (): Promise<void> => void (await Promise.all(opened.map((sink) => sink.close())));
  try {
    const stdout = await open(io.stdout);
    const isShared =
      io.stdout?.kind === "file" && io.stderr?.kind === "file" && io.stdout.path === io.stderr.path;
    return { ok: true, stdout, stderr: isShared ? stdout : await open(io.stderr), close };
  } catch (error) {
    await close();
    const path =
      io.stdout?.kind === "file" ? io.stdout.path : io.stderr?.kind === "file" ? io.stderr.path : "";
    return {
      ok: false,
      failure: { kind: "io", path, message: error instanceof Error ? error.message : String(error) },
    };
  }
}

async function describe(failure: SpawnFailure, cwd: string): Promise<Failure> {
  switch (failure.kind) {
    case "not-found":
      // The system tells a missing folder and a missing program by the same code.
      return (await isFolder(cwd))
        ? { kind: "not-found", program: failure.program }
        : { kind: "cwd", path: cwd };
    case "not-executable":
      return (await isFolder(cwd))
        ? { kind: "spawn", message: `${failure.program}: permission denied` }
        : { kind: "cwd", path: cwd };
    case "no-format":
      return { kind: "spawn", message: `${failure.program}: not a program` };
    case "cwd":
      return { kind: "cwd", path: cwd };
    case "other":
      return { kind: "spawn", message: failure.message };
  }
}
