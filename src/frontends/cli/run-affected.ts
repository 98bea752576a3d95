import { startChanges } from "#app/affected";
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
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";
import { changeQuestion, reachOf } from "./affected-options";
import type { CommandLine, ParsedCommand } from "./command";
import { refuse } from "./refuse";
import { formatOption, isOn, listOption, textOption } from "./session";
import type { Session } from "./session";
import { taggedTasks } from "./tagged-tasks";

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
  if (isOn(options, "verbose") || isOn(options, "explain")) await sayBase(setting.found);
  const hasWords = parsed.words.length + listOption(options, "tag").length > 0;
  if (isOn(options, "list") || !hasWords) return list(chosen, hasWords, setting);
  if (isOn(options, "explain")) await print("stderr", affectedText(chosen.packages));
  const { targets } = chosen;
  if (targets.length === 0) {
    await setting.onNothing?.();
    return nothing(setting);
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
  const tagged = taggedTasks(loaded, listOption(session.options, "tag"));
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

async function list(
  { targets, packages }: AffectedTargets,
  hasWords: boolean,
  { session, found, loaded }: AffectedSetting,
): Promise<number> {
  const { options } = session;
  const format = formatOption(options);
  if (format === "json") {
    const document = await affectedDocument({ targets, packages }, hasWords, { found, loaded });
    await print("stdout", jsonDocument(document));
    return 0;
  }
  if (packages.size === 0 || (hasWords && targets.length === 0)) {
    if (!isOn(options, "quiet")) await print("stderr", "nothing is affected\n");
    return 0;
  }
  if (hasWords && isOn(options, "explain")) await print("stderr", affectedText(packages));
  const text = hasWords
    ? targets.map(({ ref }) => `${shownRef(ref)}\n`).join("")
    : isOn(options, "explain")
      ? affectedText(packages)
      : [...packages.keys()].map((name) => `${name}\n`).join("");
  await print("stdout", text);
  return 0;
}

/** The root's tasks are called by their names alone. */
const shownRef = (ref: string): string => (ref.startsWith("//:") ? ref.slice(3) : ref);

async function affectedDocument(
  { targets, packages }: Pick<AffectedTargets, "targets" | "packages">,
  hasWords: boolean,
  { found, loaded }: Pick<AffectedSetting, "found" | "loaded">,
): Promise<object> {
  const { base, files } = found;
  const commit = (await found.baseCommit()) ?? null;
  return {
    base: base === undefined ? null : { name: base.name, from: base.from, commit },
    files,
    packages: [...packages].map(([name, reason]) => ({
      name,
      path: loaded.workspace.packages.get(name)?.path ?? "",
      reason,
    })),
    ...(hasWords ? { tasks: targets.map(({ ref }) => shownRef(ref)) } : {}),
  };
}

async function nothing({ session, found, loaded }: AffectedSetting): Promise<number> {
  const { options } = session;
  if (formatOption(options) === "json") {
    const none = { targets: [], packages: new Map() };
    const document = await affectedDocument(none, true, { found, loaded });
    await print("stdout", jsonDocument(document));
  } else if (!isOn(options, "quiet")) await print("stderr", "nothing is affected\n");
  return 0;
}

/** What was compared with what, and why with that. */
async function sayBase(found: FoundChanges): Promise<void> {
  const { base, files } = found;
  const commit = await found.baseCommit();
  const against =
    base === undefined
      ? ""
      : ` since ${base.name} (${base.from}${commit === undefined ? "" : `, ${commit.slice(0, 12)}`})`;
  const count = `${files.length} changed ${files.length === 1 ? "file" : "files"}`;
  await print("stderr", `zr: ${count}${against}\n`);
}

/** `zr run TASK… --affected`: the same with the words of a run. */
export async function runAffectedOnly(
  parsed: ParsedCommand,
  { session, line, loaded, run }: Pick<AffectedSetting, "session" | "line" | "loaded" | "run">,
): Promise<number> {
  if (parsed.words.length + listOption(session.options, "tag").length === 0)
    return refuse(session, usageProblem("E184", { command: "zr run", what: "the name of a task" }));
  const question = await changeQuestion(session, textOption(session.options, "affected"));
  const found = await startChanges(question).finish(loaded.workspace);
  if (!found.ok) return refuse(session, found.error);
  return runAffected(parsed, { session, line, loaded, run, found: found.value, command: "run" });
}
