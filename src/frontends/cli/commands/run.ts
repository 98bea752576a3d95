import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import { planLoaded } from "#app/operations/plan-run";
import type { PlanInput, PlannedRun } from "#app/operations/plan-run";
import type { FailedPart } from "#app/operations/retry-failed";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import type { Invocation } from "#engine/history/stored-run";
import { endReadTrace } from "#system/fs/read-trace";
import { onEndSignals } from "#system/signals";
import type { CommandBody, CommandLine, ParsedCommand } from "#frontends/cli/command";
import { invocationOf, optionWords } from "#frontends/cli/invocation";
import { launchRun } from "#frontends/cli/launch-run";
import type { RunKeeper } from "#frontends/cli/settled-run";
import { planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { AskedTasks } from "#frontends/cli/select-targets";
import type { Session } from "#frontends/cli/session";
import { beginRecollection, isKept, settledPlace } from "#frontends/cli/settled-place";
import type { Recollection } from "#frontends/cli/settled-place";
import { taggedTasks } from "#frontends/cli/tagged-tasks";

export const body: CommandBody = {
  run: (parsed, line) => runTasks(parsed, openSession(parsed.options, line), { line }),
};

/** `zr NAME`: a task, or one of the user's own command shortcuts. */
export const runNamed = (
  parsed: ParsedCommand,
  line: CommandLine,
  later: string | undefined,
): Promise<number> => runTasks(parsed, openSession(parsed.options, line), { line, shorthand: { later } });

interface Origin {
  readonly line: CommandLine;
  /** Set where the first word may be more than a task. */
  readonly shorthand?: {
    /** The feature that a command of this name belongs to, where there is no such task. */
    readonly later: string | undefined;
  };
}

async function runTasks(
  parsed: ParsedCommand,
  session: Session,
  { line, shorthand }: Origin,
): Promise<number> {
  const { options, words } = parsed;
  const [first] = words;
  const tags = listOption(options, "tag");
  const isRetry = isOn(options, "retry-failed");
  if (first === undefined && tags.length === 0 && isRetry)
    return (await import("./rerun")).retryLast(parsed, session, line);
  if (first === undefined && tags.length === 0) return (await import("./run-nothing")).runNothing(session);
  const recollection = await recall(parsed, { line, session });
  if (typeof recollection === "number") return recollection;
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) {
    if (shorthand?.later !== undefined)
      return refuse(session, usageProblem("E186", { what: first ?? "", feature: shorthand.later }));
    return refuse(session, loaded.error);
  }
  if (shorthand !== undefined && first !== undefined) {
    const elsewhere = await followShorthand(first, parsed, {
      line,
      session,
      later: shorthand.later,
      workspace: loaded.value.workspace,
    });
    if (elsewhere !== undefined) return elsewhere;
  }
  if (textOption(options, "affected") !== undefined) {
    const { runAffectedOnly } = await import("#frontends/cli/run-affected");
    const run = isOn(options, "watch") ? watchTargets : runTargets;
    return runAffectedOnly(parsed, { session, line, loaded: loaded.value, run });
  }
  const tagged = tags.length === 0 ? [] : taggedTasks(loaded.value, tags);
  const chosen = await chooseTargets({ words, tagged }, { session, loaded: loaded.value, recollection });
  if (typeof chosen === "number") return chosen;
  if (isOn(options, "watch"))
    return (await import("./watch")).watchTasks(parsed, session, { line, targets: chosen });
  const input = {
    ...planInput(parsed, session),
    words: [...words, ...tagged],
    ...(chosen === undefined ? {} : { targets: chosen }),
  };
  return planAndRun(input, parsed, { session, line, loaded: loaded.value, command: "run", recollection });
}

/** The exit code of a run that had nothing to do before and has nothing to do now; else what this one may leave. */
async function recall(
  parsed: ParsedCommand,
  { line, session }: { readonly line: CommandLine; readonly session: Session },
): Promise<Recollection | number | undefined> {
  const place = settledPlace(parsed, session);
  if (place === undefined) return undefined;
  if (isKept(place)) {
    const { recallRun } = await import("#frontends/cli/settled-run");
    const invocation = invocationOf("run", parsed, { line, session });
    const recalled = await recallRun(place, parsed, { session, invocation });
    if (typeof recalled === "number") return recalled;
    if (recalled !== undefined)
      return execute(recalled.planned, session, { invocation, again: undefined, keep: recalled.keep });
  }
  return beginRecollection(place);
}

/** Whether options choose packages. */
const choosesPackages = (options: Session["options"]): boolean =>
  options["filter"] !== undefined || isOn(options, "all");

/** What the words mean where options choose packages, or where the root stands for all of them; the exit code of a mistake. */
async function chooseTargets(
  asked: AskedTasks,
  { session, loaded, recollection }: Pick<PlanSetting, "session" | "loaded" | "recollection">,
): Promise<PlanInput["targets"] | number> {
  const { options } = session;
  if (choosesPackages(options))
    return (await import("#frontends/cli/select-targets")).selectTargets(asked, { session, loaded });
  const { packages, current, rootPackage } = loaded.workspace;
  if (packages.size > 1 && current === rootPackage && !isOn(options, "quiet")) {
    const { sayPackages } = await import("#frontends/cli/say-packages");
    const said = await sayPackages(asked.words, loaded.workspace);
    if (recollection !== undefined) recollection.said = said;
  }
  return undefined;
}

const watchTargets = async (parsed: ParsedCommand, { session, line, targets }: TargetRun): Promise<number> =>
  (await import("./watch")).watchTasks(parsed, session, { line, targets });

/** Runs with fewer instances are planned as fast as they are recalled. */
const MANY_INSTANCES = 64;

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
      : await (await import("#frontends/cli/select-targets")).keepSelected(targets, setting);
  if (typeof kept === "number") return kept;
  const input = {
    ...planInput(parsed, setting.session),
    targets: kept,
    ...(base === undefined ? {} : { base }),
  };
  return planAndRun(input, parsed, setting);
}

interface PlanSetting {
  readonly session: Session;
  readonly line: CommandLine;
  readonly loaded: LoadedWorkspace;
  /** How the history calls the command. */
  readonly command: string;
  /** There where the run may be kept for another time. */
  readonly recollection?: Recollection | undefined;
}

async function planAndRun(
  input: PlanInput,
  parsed: ParsedCommand,
  { session, line, loaded, command, recollection }: PlanSetting,
): Promise<number> {
  const shard = textOption(session.options, "shard");
  const plan = async (): ReturnType<typeof planLoaded> => {
    const planned = await planLoaded(loaded, input);
    return shard === undefined || !planned.ok
      ? planned
      : (await import("#frontends/cli/run-shard")).onlyShard(planned.value, shard, session);
  };
  const planned = await plan();
  if (!planned.ok)
    return refuse(
      session,
      (await import("#frontends/cli/suggest-options")).suggestOptions(planned.error, line.runOptions()),
    );
  return runPlanned(planned.value, parsed, { session, line, plan, command, recollection });
}

/** Where the first word is no task: the exit code of what it is; undefined for a task. */
async function followShorthand(
  first: string,
  { words, extra }: ParsedCommand,
  { line, session, later, workspace }: ShorthandSetting,
): Promise<number | undefined> {
  const { expandShortcut, nameOf } = await import("#frontends/cli/shorthand");
  const everywhere = choosesPackages(session.options);
  const named = nameOf(first, { workspace, later, known: line.commandNames, everywhere });
  switch (named.kind) {
    case "task":
      return undefined;
    case "alias":
      if (line.shortcuts.includes(first)) return refuse(session, aliasCircle([...line.shortcuts, first]));
      return line.run(
        expandShortcut(named.words, { options: optionWords(line.given), words: words.slice(1), extra }),
        first,
      );
    case "later":
      return refuse(session, usageProblem("E186", { what: first, feature: named.feature }));
    case "unknown":
      return refuse(
        session,
        (await import("#app/operations/unknown-task")).unknownWord(first, workspace, named.near),
      );
  }
}

interface ShorthandSetting {
  readonly line: CommandLine;
  readonly session: Session;
  readonly later: string | undefined;
  readonly workspace: PlannedRun["workspace"];
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
    const part = await (await import("./rerun")).partThatFailed(planned, failedOf, session);
    if (typeof part === "number") return part;
    again = part;
  }
  const shown = again === undefined ? planned : { ...planned, plan: again.rest };
  if (isOn(options, "dry-run")) return (await import("#frontends/cli/dry-run")).showDryRun(shown, session);
  if (isOn(options, "show-env"))
    return (await import("#frontends/cli/show-env")).showEnvironment(shown, session);
  const past = { invocation: invocationOf(command, parsed, { line, session }), again };
  if (isOn(options, "until-fail") || textOption(options, "repeat") !== undefined) {
    const { repeatRun } = await import("#frontends/cli/repeat-run");
    return repeatRun(session, { plan, launch: (made) => launch(made, session, past) });
  }
  if (recollection === undefined || planned.plan.instances.length < MANY_INSTANCES) {
    // Nothing is kept of it, so nobody asks what it looks at.
    endReadTrace();
    return execute(planned, session, past);
  }
  const { keeperOf } = await import("#frontends/cli/settled-run");
  const keep = keeperOf(planned, parsed, { session, recollection, invocation: past.invocation });
  return execute(planned, session, { ...past, keep });
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

/** What a run is to the history. */
interface RunPast {
  readonly invocation: Invocation;
  /** Set where only what went wrong before is run. */
  readonly again: FailedPart | undefined;
  readonly keep?: RunKeeper | undefined;
}

const aliasCircle = (names: readonly string[]): Problems =>
  usageProblem("E134", {
    kind: "aliases",
    cycle: names.slice(names.indexOf(names.at(-1) ?? "")).join(" → "),
  });

const launch = (
  planned: PlannedRun,
  session: Session,
  { invocation, again, keep }: RunPast,
): ReturnType<typeof launchRun> =>
  launchRun(planned, session, {
    invocation,
    ...(again === undefined ? {} : { settled: again.settled }),
    ...(keep === undefined ? {} : { subscribers: [keep.subscriber], memory: keep.memory }),
  });

async function execute(planned: PlannedRun, session: Session, past: RunPast): Promise<number> {
  const launched = await launch(planned, session, past);
  if (!launched.ok) return refuse(session, launched.error);
  const { control, result, finish, look } = launched.value;
  const signals = onEndSignals((signal) => control.interrupt(signal));
  await result;
  signals[Symbol.dispose]();
  const exitCode = await finish();
  await past.keep?.finish(look());
  return exitCode;
}
