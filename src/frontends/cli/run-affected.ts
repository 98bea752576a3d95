import { startChanges } from "#app/affected";
import { changeScope } from "#app/change-scope";
import type { FoundChanges } from "#app/affected";
import { affectedTargets } from "#app/affected-targets";
import type { AffectedTargets } from "#app/affected-targets";
import type { LoadedWorkspace } from "#app/load-workspace";
import { plainProblems, usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { TargetRequest } from "#core/plan/request";
import { parseReference, resolveReference } from "#core/workspace/references";
import { affectedText } from "#frontends/output/affected-text";
import { print } from "#system/stdio/print";
import { changeQuestion, reachOf } from "./affected-options";
import type { CommandLine, ParsedCommand } from "./command";
import { listAffected, sayBase, sayNothing } from "./list-affected";
import { refuse } from "./refuse";
import { isOn, listOption, textOption } from "./session";
import type { Session } from "./session";
import { taggedTasks, tagProblem } from "./tagged-tasks";

/** Plans and runs tasks that were chosen by another way than the words alone; gives the exit code. */
export type RunTargets = (
  parsed: ParsedCommand,
  run: {
    readonly session: Session;
    readonly line: CommandLine;
    readonly loaded: LoadedWorkspace;
    readonly command: string;
    readonly targets: readonly TargetRequest[];
    readonly base?: string;
  },
) => Promise<number>;

/** A command about what is affected, with what has changed. */
export interface AffectedSetting {
  readonly session: Session;
  readonly line: CommandLine;
  readonly loaded: LoadedWorkspace;
  readonly found: FoundChanges;
  /** Plans and runs tasks, with this command line. */
  readonly run: RunTargets;
  /** How the history calls the command; `affected` where nothing is said. */
  readonly command?: string;
  /** The words as they were given, where those that are meant are others. */
  readonly given?: readonly string[];
  /** Done before it is said that there is nothing to run. */
  readonly onNothing?: () => Promise<void>;
}

/** Runs or lists what the changes affect. */
export async function runAffected(parsed: ParsedCommand, setting: AffectedSetting): Promise<number> {
  const { session } = setting;
  const all = await chooseTargets(parsed, setting);
  if (!all.ok) return refuse(session, all.error);
  const chosen = await inSelected(all.value, setting);
  if (typeof chosen === "number") return chosen;
  const { options } = session;
  const listing = { session, found: setting.found, scope: changeScope(setting.loaded.workspace) };
  const hasWords = parsed.words.length + listOption(options, "tag").length > 0;
  if (isOn(options, "list") || !hasWords) return listAffected({ ...chosen, hasWords }, listing);
  if (isOn(options, "verbose") || isOn(options, "explain")) await sayBase(setting.found);
  if (isOn(options, "explain")) await print("stderr", affectedText(chosen.packages));
  const { targets } = chosen;
  if (targets.length === 0) {
    await setting.onNothing?.();
    return sayNothing(listing);
  }
  const base = textOption(options, "base") ?? (textOption(options, "affected") || undefined);
  return setting.run(setting.given === undefined ? parsed : { ...parsed, words: setting.given }, {
    session,
    line: setting.line,
    loaded: setting.loaded,
    command: setting.command ?? "affected",
    targets,
    ...(base === undefined ? {} : { base }),
  });
}

/** What the words of the command line mean in the packages that are affected. */
async function chooseTargets(
  { words }: ParsedCommand,
  { session, loaded, found }: AffectedSetting,
): Promise<Result<AffectedTargets, Problems>> {
  const tags = listOption(session.options, "tag");
  const wrongTag = tagProblem(loaded, tags);
  if (wrongTag !== undefined) return err(wrongTag);
  const tagged = taggedTasks(loaded, tags);
  const scope = { workspace: loaded.workspace, found };
  const asked = [...words, ...tagged];
  const reach = reachOf(session);
  // Without a task there are no inputs of one.
  const chosen = await affectedTargets(asked, scope, {
    ...reach,
    taskInputs: reach.taskInputs && asked.length > 0,
  });
  if (chosen.problems.length > 0) return err({ ...plainProblems(...chosen.problems), texts: loaded.texts });
  const [unknown] = chosen.unknown;
  if (unknown === undefined) return ok(chosen);
  const { unknownTask } = await import("#app/operations/unknown-task");
  return err(unknownTask(unknown.ref, loaded.workspace));
}

/** Of what is affected that in the packages that `--filter` means; the exit code where it means nothing. */
async function inSelected(
  all: AffectedTargets,
  { session, loaded }: AffectedSetting,
): Promise<AffectedTargets | number> {
  if (listOption(session.options, "filter").length === 0) return all;
  const { selectedPackages } = await import("./select-targets");
  const selected = await selectedPackages(loaded, session);
  if (typeof selected === "number") return selected;
  const names = new Set(selected.packages.map(({ name }) => name));
  return {
    ...all,
    packages: new Map([...all.packages].filter(([name]) => names.has(name))),
    targets: all.targets.filter(({ ref }) => {
      const { workspace } = loaded;
      const [target] = resolveReference(workspace, { pkg: workspace.current }, parseReference(ref).name);
      return target !== undefined && names.has(target.pkg.name);
    }),
  };
}

/** `zr run TASK… --affected`: the same with the words of a run. */
export async function runAffectedOnly(
  parsed: ParsedCommand,
  { session, line, loaded, run }: Pick<AffectedSetting, "session" | "line" | "loaded" | "run">,
): Promise<number> {
  if (parsed.words.length + listOption(session.options, "tag").length === 0)
    return refuse(session, usageProblem("E184", { command: "zr run", what: "the name of a task" }));
  const question = await changeQuestion(session, textOption(session.options, "affected"));
  const found = await startChanges(question).finish(changeScope(loaded.workspace));
  if (!found.ok) return refuse(session, found.error);
  return runAffected(parsed, { session, line, loaded, run, found: found.value, command: "run" });
}
