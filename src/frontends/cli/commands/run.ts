import type { Invocation } from "#engine/history/stored-run";
import type { CommandBody, CommandLine, ParsedCommand } from "#frontends/cli/command";
import { invocationOf } from "#frontends/cli/invocation";
import { beginRecollection, placeOfRun } from "#frontends/cli/recollection";
import { recallRun } from "#frontends/cli/recall-run";
import type { Origin } from "#frontends/cli/run-words";
import { isOn, listOption, openSession } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";

export const body: CommandBody = {
  run: (parsed, line) => runTasks(parsed, openSession(parsed.options, line), { line }),
};

/** `zr NAME`: a task, or one of the user's own command shortcuts. */
export const runNamed = (
  parsed: ParsedCommand,
  line: CommandLine,
  later: string | undefined,
): Promise<number> => runTasks(parsed, openSession(parsed.options, line), { line, shorthand: { later } });

async function runTasks(
  parsed: ParsedCommand,
  session: Session,
  { line, shorthand }: Origin,
): Promise<number> {
  const { options, words } = parsed;
  if (isOn(options, "watch")) {
    const { watchConflict } = await import("#frontends/cli/watch-conflict");
    const conflict = watchConflict(options);
    if (conflict !== undefined) return (await import("#frontends/cli/refuse")).refuse(session, conflict);
  }
  if (words.length === 0 && listOption(options, "tag").length === 0)
    return isOn(options, "retry-failed")
      ? (await import("./rerun")).retryLast(parsed, session, line)
      : (await import("./run-nothing")).runNothing(session);
  // A part of a run is planned by what that run has left.
  const place = line.failedOf === undefined ? placeOfRun(parsed, session) : undefined;
  const invocation = (): Invocation => invocationOf("run", parsed, { line, session });
  const recalled = place === undefined ? { said: "" } : await recallRun(place, { session, invocation });
  if ("exitCode" in recalled) return recalled.exitCode;
  const { said } = recalled;
  const recollection = place === undefined ? undefined : { ...beginRecollection(place), said };
  const { runWords } = await import("#frontends/cli/run-words");
  return runWords(parsed, session, { line, ...(shorthand === undefined ? {} : { shorthand }), recollection });
}
