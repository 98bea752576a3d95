import { formatDuration } from "#base/duration";
import type { ReadyProbe, Shell } from "#core/model/plan";
import { canConnect, httpAnswers } from "#system/net/probe";
import { spawnChild } from "#system/process/spawn";
import { signalTree } from "#system/process/tree";
import { randomKey } from "#system/random-key";
import { shellCommand } from "./command";

export interface ProbeContext {
  readonly shell: Shell;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly matchesOutput: (pattern: string) => boolean;
  readonly stop: AbortSignal;
}

/**
 * Looks at every part of a probe until all hold at once. Gives nothing where they do, and otherwise, when the probe's
 * time is over or the instance has ended, what did not hold, in words. Nothing that it has started runs on.
 */
export async function waitUntilReady(probe: ReadyProbe, context: ProbeContext): Promise<string | undefined> {
  const over = new AbortController();
  const end = (): void => over.abort();
  const timer = setTimeout(end, probe.timeoutMs);
  context.stop.addEventListener("abort", end);
  if (context.stop.aborted) end();
  const within = { ...context, stop: over.signal };
  const isOver = ended(over.signal);
  let missing: string | undefined;
  const note = (part: string | undefined): void => void (missing = part);
  try {
    do {
      // A part that never answers is no reason to wait longer than the probe's time.
      const isReady = await Promise.race([holds(probe, within, note), isOver]);
      if (isReady === true && !over.signal.aborted) return undefined;
      await Promise.race([after(probe.intervalMs), isOver]);
    } while (!over.signal.aborted);
    return `${missing ?? "its probe"} within ${formatDuration(probe.timeoutMs)}`;
  } finally {
    clearTimeout(timer);
    context.stop.removeEventListener("abort", end);
  }
}

/** Whether every part holds; `note` hears of each part, before it is looked at, what it means that it does not. */
async function holds(
  probe: ReadyProbe,
  context: ProbeContext,
  note: (missing: string) => void,
): Promise<boolean> {
  if (probe.log !== undefined) {
    note(`no '${probe.log}' in its output`);
    if (!context.matchesOutput(probe.log)) return false;
  }
  if (probe.tcp !== undefined) {
    note(`no connection to ${probe.tcp}`);
    if (!(await canConnect(probe.tcp))) return false;
  }
  if (probe.http !== undefined) {
    note(`no good answer from ${probe.http}`);
    if (!(await httpAnswers(probe.http))) return false;
  }
  if (probe.exec === undefined) return true;
  note(`no success of '${probe.exec}'`);
  return succeeds(probe.exec, context);
}

/** By it the processes of one look are told from those of the instance that is looked at. */
const MARKER_NAME = "ZR_READY_PROBE";

async function succeeds(text: string, { shell, cwd, env, stop }: ProbeContext): Promise<boolean> {
  if (stop.aborted) return false;
  const { argv } = shellCommand(text, shell, []);
  const marker = { name: MARKER_NAME, value: randomKey() };
  const spawned = spawnChild({
    argv,
    cwd,
    env: { ...env, [marker.name]: marker.value },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    ownGroup: true,
  });
  if (!spawned.ok) return false;
  const { pid, exited } = spawned.value;
  const kill = (): void => void signalTree({ pid, signal: "SIGKILL", marker });
  stop.addEventListener("abort", kill);
  const { code } = await exited;
  stop.removeEventListener("abort", kill);
  return code === 0;
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
