import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { OwnCheck } from "#core/onboard/doctor-settings";
import { within } from "#system/clock/within";
import { canConnect, httpAnswers } from "#system/net/probe";
import { captureCommand } from "#system/process/capture";
import { shellArgv, startFailure } from "./run-command";

export interface ProbePlace {
  readonly os: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Asks the question of a check once, within its time: what is good, or what is not. */
export async function probeCheck(
  { probe, timeoutMs }: Pick<OwnCheck, "probe" | "timeoutMs">,
  { os, cwd, env, signal }: ProbePlace,
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
      const ran = await captureCommand({ argv: shellArgv(os, cmd), cwd, env, limitMs: timeoutMs, signal });
      if (!ran.ok) return err(startFailure(ran.error));
      const { exitCode, stdout, stderr } = ran.value;
      if (exitCode === 0) return ok(firstLine(stdout) || `'${cmd}' succeeds`);
      if (exitCode === null) return err(`'${cmd}': ${late}`);
      const said = lastLine(stderr) || lastLine(stdout);
      return err(`'${cmd}' exits with ${exitCode}${said === "" ? "" : `: ${said}`}`);
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
