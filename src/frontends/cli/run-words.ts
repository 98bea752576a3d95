import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import type { PlanInput, PlannedRun } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import type { CommandLine, ParsedCommand } from "./command";
import { optionWords } from "./invocation";
import type { Recollection } from "./recollection";
import { planAndRun, runTargets } from "./plan-and-run";
import type { PlanSetting, TargetRun } from "./plan-and-run";
import { planInput } from "./plan-input";
import { refuse } from "./refuse";
import type { AskedTasks } from "./select-targets";
import { isOn, listOption, textOption } from "./session";
import type { Session } from "./session";
import { taggedTasks, tagProblem } from "./tagged-tasks";

/** Where the words of a request come from. */
export interface Origin {
  readonly line: CommandLine;
  /** Set where the first word may be more than a task. */
  readonly shorthand?: {
    /** The feature that a command of this name belongs to, where there is no such task. */
    readonly later: string | undefined;
  };
}

/** Loads the configuration, plans what the words ask for, and runs it. */
export async function runWords(
  parsed: ParsedCommand,
  session: Session,
  { line, shorthand, recollection }: Origin & { readonly recollection: Recollection | undefined },
): Promise<number> {
  const { options, words } = parsed;
  const [first] = words;
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
  const tags = listOption(options, "tag");
  const wrongTag = tagProblem(loaded.value, tags);
  if (wrongTag !== undefined) return refuse(session, wrongTag);
  if (textOption(options, "affected") !== undefined) {
    const { runAffectedOnly } = await import("./run-affected");
    const run = isOn(options, "watch") ? watchTargets : runTargets;
    return runAffectedOnly(parsed, { session, line, loaded: loaded.value, run });
  }
  const taggedIn = (some: LoadedWorkspace): AskedTasks["tagged"] =>
    tags.length === 0 ? [] : taggedTasks(some, tags);
  const tagged = taggedIn(loaded.value);
  const chosen = await chooseTargets({ words, tagged }, { session, loaded: loaded.value, recollection });
  if (typeof chosen === "number") return chosen;
  if (isOn(options, "watch"))
    return (await import("./commands/watch")).watchTasks(parsed, session, {
      line,
      targets: chosen,
      choose: (anew) =>
        chooseTargets({ words, tagged: taggedIn(anew) }, { session, loaded: anew, recollection: undefined }),
    });
  const input = {
    ...planInput(parsed, session),
    words: [...words, ...tagged],
    ...(chosen === undefined ? {} : { targets: chosen }),
  };
  return planAndRun(input, parsed, { session, line, loaded: loaded.value, command: "run", recollection });
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
    return (await import("./select-targets")).selectTargets(asked, { session, loaded });
  const { packages, current, rootPackage } = loaded.workspace;
  if (packages.size > 1 && current === rootPackage && !isOn(options, "quiet")) {
    const { sayPackages } = await import("./say-packages");
    const said = await sayPackages(asked.words, loaded.workspace, recollection?.said);
    if (recollection !== undefined) recollection.said = said;
  }
  return undefined;
}

const watchTargets = async (parsed: ParsedCommand, { session, line, targets }: TargetRun): Promise<number> =>
  (await import("./commands/watch")).watchTasks(parsed, session, { line, targets });

/** Where the first word is no task: the exit code of what it is; undefined for a task. */
async function followShorthand(
  first: string,
  { words, extra }: ParsedCommand,
  { line, session, later, workspace }: ShorthandSetting,
): Promise<number | undefined> {
  const { expandShortcut, nameOf } = await import("./shorthand");
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

const aliasCircle = (names: readonly string[]): Problems =>
  usageProblem("E134", {
    kind: "aliases",
    cycle: names.slice(names.indexOf(names.at(-1) ?? "")).join(" → "),
  });
