import type { LoadedWorkspace } from "#app/load-workspace";
import { planLoaded } from "#app/operations/plan-run";
import type { PlanInput, PlannedRun } from "#app/operations/plan-run";
import type { FailedPart } from "#app/operations/retry-failed";
import type { CommandLine, ParsedCommand } from "./command";
import { execute, launch } from "./execute-run";
import { invocationOf } from "./invocation";
import type { PreparedRun } from "./keep-run";
import type { Recollection } from "./recollection";
import { planInput } from "./plan-input";
import { refuse } from "./refuse";
import { isOn, textOption } from "./session";
import type { Session } from "./session";

/** A run of tasks that were chosen by another way than the words alone. */
export interface TargetRun extends PlanSetting, Pick<PlanInput, "base"> {
  readonly targets: NonNullable<PlanInput["targets"]>;
}

/** Plans and runs these tasks with the options of the command line. */
export async function runTargets(
  parsed: ParsedCommand,
  { targets, base, ...setting }: TargetRun,
): Promise<number> {
  const { options } = setting.session;
  const kept =
    options["filter"] === undefined
      ? targets
      : await (await import("./select-targets")).keepSelected(targets, setting);
  if (typeof kept === "number") return kept;
  const input = {
    ...planInput(parsed, setting.session),
    targets: kept,
    ...(base === undefined ? {} : { base }),
  };
  return planAndRun(input, parsed, setting);
}

export interface PlanSetting {
  readonly session: Session;
  readonly line: CommandLine;
  readonly loaded: LoadedWorkspace;
  /** How the history calls the command. */
  readonly command: string;
  /** There where the run may be kept for another time. */
  readonly recollection?: Recollection | undefined;
}

/** Plans what is asked for and runs it, with the options of the command line. */
export async function planAndRun(
  input: PlanInput,
  parsed: ParsedCommand,
  { session, line, loaded, command, recollection }: PlanSetting,
): Promise<number> {
  const shard = textOption(session.options, "shard");
  const plan = async (): ReturnType<typeof planLoaded> => {
    const planned = await planLoaded(loaded, input);
    return shard === undefined || !planned.ok
      ? planned
      : (await import("./run-shard")).onlyShard(planned.value, shard, session);
  };
  const planned = await plan();
  if (!planned.ok)
    return refuse(
      session,
      (await import("./suggest-options")).suggestOptions(planned.error, line.runOptions()),
    );
  return runPlanned(planned.value, parsed, { session, line, plan, command, recollection });
}

/** Runs a plan, or the part of it that failed before, as often as the options say, or only shows it. */
async function runPlanned(
  planned: PlannedRun,
  parsed: ParsedCommand,
  { session, line, plan, command, recollection }: RunSetting,
): Promise<number> {
  const { options } = parsed;
  const failedOf = line.failedOf ?? (isOn(options, "retry-failed") ? "last" : undefined);
  let again: FailedPart | undefined;
  if (failedOf !== undefined) {
    const part = await (await import("./commands/rerun")).partThatFailed(planned, failedOf, session);
    if (typeof part === "number") return part;
    again = part;
  }
  const invocation = invocationOf(command, parsed, { line, session });
  const prepare = async (): Promise<PreparedRun> =>
    recollection === undefined
      ? { planned, keep: undefined }
      : (await import("./keep-run")).preparedToKeep(planned, {
          host: session.host,
          recollection,
          invocation,
        });
  const shown = again === undefined ? planned : { ...planned, plan: again.rest };
  if (isOn(options, "dry-run")) {
    const { keep } = await prepare();
    const exitCode = await (await import("./dry-run")).showDryRun(shown, session);
    await keep?.finish();
    return exitCode;
  }
  if (isOn(options, "show-env")) return (await import("./show-env")).showEnvironment(shown, session);
  if (isOn(options, "until-fail") || textOption(options, "repeat") !== undefined) {
    const { repeatRun } = await import("./repeat-run");
    return repeatRun(session, {
      plan,
      launch: (made, takeShown) => launch(made, session, { invocation, again, takeShown }),
    });
  }
  const prepared = await prepare();
  const executed = await execute(prepared.planned, session, { invocation, again, keep: prepared.keep });
  return executed.ok ? executed.value : refuse(session, executed.error);
}

interface RunSetting {
  readonly session: Session;
  readonly line: CommandLine;
  /** How the history calls the command. */
  readonly command: string;
  readonly recollection: Recollection | undefined;
  /** Plans the same anew. */
  readonly plan: () => ReturnType<typeof planLoaded>;
}
