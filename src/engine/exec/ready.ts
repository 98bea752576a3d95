import type { ReadyProbe, Shell } from "#core/model/plan";
import { monotonicMs } from "#system/clock/clock";
import { canConnect, httpAnswers } from "#system/net/probe";
import { spawnChild } from "#system/process/spawn";
import { shellCommand } from "./command";

export interface ProbeContext {
  readonly shell: Shell;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly matchesOutput: (pattern: string) => boolean;
  readonly stop: AbortSignal;
}

/** Looks at every part of a probe until all hold at once; false where the time is over or the instance has ended. */
export async function waitUntilReady(probe: ReadyProbe, context: ProbeContext): Promise<boolean> {
  const deadline = monotonicMs() + probe.timeoutMs;
  while (!context.stop.aborted && monotonicMs() < deadline) {
    if (await holds(probe, context)) return !context.stop.aborted;
    await new Promise((resolve) => setTimeout(resolve, probe.intervalMs));
  }
  return false;
}

async function holds(probe: ReadyProbe, context: ProbeContext): Promise<boolean> {
  if (probe.log !== undefined && !context.matchesOutput(probe.log)) return false;
  if (probe.tcp !== undefined && !(await canConnect(probe.tcp))) return false;
  if (probe.http !== undefined && !(await httpAnswers(probe.http))) return false;
  return probe.exec === undefined || (await succeeds(probe.exec, context));
}

async function succeeds(text: string, { shell, cwd, env }: ProbeContext): Promise<boolean> {
  const { argv } = shellCommand(text, shell, []);
  const child = spawnChild({
    argv,
    cwd,
    env,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    ownGroup: true,
  });
  return child.ok && (await child.value.exited).code === 0;
}
