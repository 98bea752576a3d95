import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { OwnCheck } from "#core/onboard/doctor-settings";
import { within } from "#system/clock/within";
import { canConnect, httpAnswers } from "#system/net/probe";
import type { Guard } from "#system/process/guard";
import { runStepCommand } from "./run-command";
import type { ShellWords } from "./run-command";

export interface ProbePlace {
  /** How a text of the configuration is run. */
  readonly shell: (cmd: string) => ShellWords;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly guard: Guard;
}

/** Asks the question of a check once, within its time: what is good, or what is not. */
export async function probeCheck(
  { probe, timeoutMs }: Pick<OwnCheck, "probe" | "timeoutMs">,
  { shell, cwd, env, signal, guard }: ProbePlace,
): Promise<Result<string, string>> {
  const late = `no answer within ${timeoutMs / 1000} s`;
  switch (probe?.kind) {
    case "tcp": {
      const isOpen = await inTime(timeoutMs, canConnect(probe.address));
      if (isOpen === undefined) return err(`${probe.address}: ${late}`);
      return isOpen ? ok(`${probe.address} accepts connections`) : err(`nothing listens on ${probe.address}`);
    }
    case "http": {
      const answers = await inTime(timeoutMs, httpAnswers(probe.url));
      if (answers === undefined) return err(`${probe.url}: ${late}`);
      return answers ? ok(`${probe.url} answers`) : err(`${probe.url} does not answer with 2xx or 3xx`);
    }
    case "cmd": {
      const { cmd } = probe;
      const words = shell(cmd);
      const ran = await runStepCommand({
        argv: words.argv,
        cwd,
        env: { ...env, ...words.env },
        limitMs: timeoutMs,
        signal,
        guard,
      });
      if (ran.ok) return ok(firstLine(ran.value) || `'${cmd}' succeeds`);
      const { reason, log } = ran.error;
      const said = lastLine(log);
      return err(`'${cmd}': ${reason}${said === "" ? "" : `: ${said}`}`);
    }
    case undefined:
      return err("it asks nothing");
  }
}

async function inTime<T>(limitMs: number, answer: Promise<T>): Promise<T | undefined> {
  let found: T | undefined;
  await within(
    limitMs,
    answer.then((value) => (found = value)),
  );
  return found;
}

const LINE = 200;
const firstLine = (text: string): string => (text.trim().split("\n", 1)[0] ?? "").slice(0, LINE);
const lastLine = (text: string): string => (text.trim().split("\n").at(-1) ?? "").slice(0, LINE);
