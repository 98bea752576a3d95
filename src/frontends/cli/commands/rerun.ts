import { loadWorkspace } from "#app/load-workspace";
import { failedPart } from "#app/operations/retry-failed";
import type { FailedPart } from "#app/operations/retry-failed";
import type { PlannedRun } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import { isBad } from "#engine/history/stored-run";
import type { Invocation, StoredRun } from "#engine/history/stored-run";
import { commandLineOf } from "#frontends/output/history-text";
import { jsonDocument } from "#frontends/output/json-document";
import type { CommandBody, CommandLine, ParsedCommand } from "#frontends/cli/command";
import { namedRun } from "#frontends/cli/find-run";
import { isConsent, repeatedWith } from "#frontends/cli/invocation";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { print } from "#system/stdio/print";

export const body: CommandBody = {
  async run({ options, words, extra }, line) {
    const session = openSession(options);
    const [reference = "last", unexpected] = [...words, ...extra];
    if (unexpected !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr rerun", value: unexpected }));
    return repeat(reference, { session, line, isFailedOnly: isOn(options, "failed") });
  },
};

/** `!!` is the last run, `!-3` the third last. */
export async function runShorthand(
  word: string,
  { options, words, extra }: ParsedCommand,
  line: CommandLine,
): Promise<number> {
  const session = openSession(options);
  const [, unexpected] = [...words, ...extra];
  if (unexpected !== undefined)
    return refuse(session, usageProblem("E185", { command: `zr ${word}`, value: unexpected }));
  return repeat(word === "!!" ? "last" : word.slice(1), { session, line, isFailedOnly: false });
}

/** `zr run --retry-failed` without a task: what the last run was asked for. */
export const retryLast = (_parsed: ParsedCommand, session: Session, line: CommandLine): Promise<number> =>
  repeat("last", { session, line, isFailedOnly: true });

interface Repeat {
  readonly session: Session;
  readonly line: CommandLine;
  readonly isFailedOnly: boolean;
}

async function repeat(reference: string, { session, line, isFailedOnly }: Repeat): Promise<number> {
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return refuse(session, loaded.error);
  const found = await namedRun(loaded.value.workspace, reference);
  if (!found.ok) return refuse(session, found.error);
  const run = found.value;
  const refused = (reason: string): Promise<number> =>
    refuse(session, usageProblem("E403", { run: run.run, reason }));
  if (isFailedOnly && !hasFailed(run)) return nothingFailed(run, session);
  if (run.invocation.isMasked === true) return refused("its command line held a secret");
  const options = withValues(run.invocation.options, session.host.env);
  if (typeof options === "string") return refused(`the value of ${options} was a secret; set the variable`);
  await print("stderr", `repeating ${run.run}: ${commandLineOf(run)}\n`);
  const all = [...options.filter((option) => !isConsent(option)), ...repeatedWith(line)];
  if (isFailedOnly && run.invocation.command === "workflow") return line.repeat(resumption(run, all));
  return line.repeat(argvOf(run.invocation, all), isFailedOnly ? run.run : undefined);
}

const hasFailed = ({ exitCode, instances, workflow }: StoredRun): boolean =>
  workflow === undefined
    ? exitCode !== 0 && instances.some(({ outcome }) => isBad(outcome.state) && outcome.allowed !== true)
    : // A stage can fail without a task, for want of an approval.
      exitCode !== 0;

/** A workflow has its own way of going on where it was left; what chooses its stages and inputs is part of that. */
function resumption({ run, invocation }: StoredRun, options: readonly string[]): readonly string[] {
  const kept = options.filter((option) => !/^--(?:from|only|input|resume)=/.test(option));
  const words = invocation.words.slice(0, 1);
  return argvOf({ ...invocation, words }, [...kept, `--resume=${run}`]);
}

function argvOf({ command, words, extra, cwd, profile }: Invocation, options: readonly string[]): string[] {
  return [
    command,
    `--chdir=${cwd}`,
    ...(profile === undefined ? [] : [`--profile=${profile}`]),
    ...options,
    ...words,
    ...(extra.length === 0 ? [] : ["--", ...extra]),
  ];
}

/** Options with the values of secret variables, or the name of one that is not set. */
function withValues(
  options: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] | string {
  const complete: string[] = [];
  for (const option of options) {
    const name = /^--env=([^=]+)$/.exec(option)?.[1];
    const value = name === undefined ? undefined : env[name];
    if (name !== undefined && value === undefined) return name;
    complete.push(name === undefined ? option : `--env=${name}=${value}`);
  }
  return complete;
}

async function nothingFailed({ run }: StoredRun, { options }: Session): Promise<number> {
  if (formatOption(options) === "json") await print("stdout", jsonDocument({ failedOf: run, instances: [] }));
  await print("stderr", `nothing to do: nothing failed in run ${run}\n`);
  return 0;
}

/** The part of a plan that a run has left to be done; an exit code where there is none. */
export async function partThatFailed(
  planned: PlannedRun,
  reference: string,
  session: Session,
): Promise<FailedPart | number> {
  const found = await namedRun(planned.workspace, reference);
  if (!found.ok) return refuse(session, found.error);
  const part = failedPart(planned, found.value);
  return part.ok ? part.value : nothingFailed(found.value, session);
}
