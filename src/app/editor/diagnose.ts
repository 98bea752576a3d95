import type { Diagnostic, Place } from "#base/diagnostic";
import type { Span } from "#base/span";
import { jsonPlace } from "#base/json-places";
import { checkValue } from "#core/config/check";
import { withHabit } from "#core/config/habits";
import { document } from "#core/config/schema/sections";
import { readValues } from "#core/config/toml/read-values";
import { syntaxDiagnostic } from "#core/config/toml/syntax-error";
import { valueOnPath } from "#core/config/toml/value-on-path";
import { expressionProblems } from "#core/editor/expressions";
import { editorHints } from "#core/editor/hints";
import { ownFiles } from "#core/editor/editor-model";
import type { TextModel } from "#core/editor/text-model";
import { uniqueDiagnostics } from "#core/plan/unique-diagnostics";
import type { Workspace } from "#core/workspace/workspace";
import type { Host } from "#system/host";
import { withoutFollowUps } from "#app/follow-ups";
import { checkWorkspace } from "#app/operations/validate";
import { faultyTasks, isPlannable, taskOf } from "#app/plannable";
import type { FolderModel } from "./folder-model";
import { globHints } from "./glob-hints";

/** Everything wrong with each file of a workspace, by path; every place has its range. */
export type FileDiagnostics = ReadonlyMap<string, readonly Diagnostic[]>;

/** Planning more tasks than that takes longer than a user waits; `zr validate` does it all the same. */
const MOST_PLANNED = 5000;

const tasksOf = ({ packages }: Workspace): number =>
  [...packages.values()].reduce((sum, { config }) => sum + config.tasks.size, 0);

/**
 * Checks a workspace as it is in the editor, as far as `pause` lets it: that is called between the parts of the work,
 * and false ends it. What a statement that can't be read would follow from is not told.
 */
export async function diagnose(
  model: FolderModel,
  host: Host,
  pause: () => Promise<boolean>,
): Promise<FileDiagnostics | undefined> {
  const state = await model.fresh();
  const { workspace } = state;
  const files = new Set<string>(workspace === undefined ? [] : ownFiles(workspace));
  for (const { place } of state.diagnostics) if (place !== undefined) files.add(place.file);
  for (const { file } of state.unread) files.add(file);
  const found: Diagnostic[] = [...withoutFollowUps(state.diagnostics, state.unread)];
  if (workspace !== undefined) {
    found.push(...(await planned(workspace, { model, host, pause, files, known: state.diagnostics })));
    found.push(...editorHints(model), ...(await globHints(model, model.store)));
  }
  if (!(await pause())) return undefined;
  const byFile = new Map<string, Diagnostic[]>();
  for (const file of files) byFile.set(file, syntaxOf(model.textOf(file)));
  for (const { file } of state.unread)
    if (model.textOf(file) === undefined)
      byFile.set(file, [{ code: "E102", severity: "error", data: {}, place: { file } }]);
  addPlaced(byFile, found, model);
  const told = new Map<string, readonly Diagnostic[]>();
  for (const [file, list] of byFile) told.set(file, withHabits(list.sort(byStart), model.textOf(file)));
  return told;
}

/** With what somebody most likely meant who knows another tool. */
function withHabits(list: readonly Diagnostic[], text: TextModel | undefined): readonly Diagnostic[] {
  if (text?.path.endsWith(".toml") !== true) return list;
  const { values } = text.outline;
  return list.map((diagnostic) =>
    withHabit({ diagnostic, value: valueOnPath(values, diagnostic.place?.path ?? []), text: text.text }),
  );
}

interface Planning {
  readonly model: FolderModel;
  readonly host: Host;
  readonly pause: () => Promise<boolean>;
  readonly files: ReadonlySet<string>;
  /** What is wrong with the files by themselves. */
  readonly known: readonly Diagnostic[];
}

/** What planning brings to light; of what can't be planned at least the expressions. */
async function planned(
  workspace: Workspace,
  { model, host, pause, files, known }: Planning,
): Promise<readonly Diagnostic[]> {
  const canPlan = isPlannable(known) && tasksOf(workspace) <= MOST_PLANNED;
  const faulty = faultyTasks(known);
  const found: Diagnostic[] = [];
  if (canPlan) {
    const deep = await checkWorkspace(workspace, host, pause);
    found.push(...deep.diagnostics.filter((problem) => !faulty.has(taskOf(problem))));
  }
  if (canPlan && faulty.size === 0) return found;
  for (const file of files)
    found.push(...expressionProblems(model, file, (task) => !canPlan || faulty.has(`${file}\0${task}`)));
  return found;
}

function addPlaced(byFile: Map<string, Diagnostic[]>, found: Diagnostic[], model: FolderModel): void {
  for (const problem of uniqueDiagnostics(found)) {
    const located = locate(model, problem);
    const file = located.place?.file;
    if (file === undefined || isInBrokenPart(model.textOf(file), located)) continue;
    const list = byFile.get(file);
    if (list === undefined) byFile.set(file, [located]);
    else list.push(located);
  }
}

/** A single file that belongs to no workspace: its syntax, and its keys where it is a configuration. */
export function diagnoseAlone(text: TextModel, isConfiguration: boolean): readonly Diagnostic[] {
  const problems = isConfiguration ? checkValue(document, text.outline.values, text.path) : [];
  const keys = problems
    .map((problem) => ({
      ...problem,
      ...(problem.place === undefined ? {} : { place: placed(text, problem.place) }),
    }))
    .filter((problem) => !isInBrokenPart(text, problem));
  return withHabits([...syntaxOf(text), ...keys], text);
}

const byStart = (a: Diagnostic, b: Diagnostic): number =>
  (a.place?.span?.start ?? 0) - (b.place?.span?.start ?? 0);

/** Every place at which a text is no TOML. */
function syntaxOf(text: TextModel | undefined): Diagnostic[] {
  if (text === undefined || !text.path.endsWith(".toml")) return [];
  const { problems } = text.outline;
  if (problems.length === 0) {
    // The strict reader has the last word.
    const strict = readValues(text.text);
    return strict.ok ? [] : [syntaxDiagnostic({ file: text.path, text: text.text }, strict.error)];
  }
  return problems.map(({ reason, span, repeated }): Diagnostic => {
    const place = { file: text.path, span };
    if (repeated === undefined) return { code: "E100", severity: "error", data: { reason }, place };
    const first = text.spanOf(repeated.path, "key");
    return {
      code: "E101",
      severity: "error",
      data: { key: repeated.name },
      place,
      ...(first === undefined || first.start === span.start
        ? {}
        : { related: [{ place: { file: text.path, span: first }, message: "first defined here" }] }),
    };
  });
}

/** What is wrong with single keys and values, whatever else is there. */
const OF_ITSELF = /^E11[0-7]$/;

/**
 * Whether a problem may only follow from a statement that can't be read: it stands in the same table, or is part of the
 * statement.
 */
function isInBrokenPart(text: TextModel | undefined, { code, place }: Diagnostic): boolean {
  const span = place?.span;
  if (text === undefined || span === undefined || text.outline.problems.length === 0) return false;
  const section = text.sectionAt(span.start);
  return text.outline.problems.some(({ span: broken, repeated }) => {
    if (broken.start < span.end && broken.end > span.start) return true;
    if (OF_ITSELF.test(code)) return false;
    const isSameTask =
      repeated !== undefined && repeated.path.slice(0, 2).join("\0") === section.path.slice(0, 2).join("\0");
    return isSameTask || text.sectionAt(broken.start) === section;
  });
}

function locate(model: FolderModel, problem: Diagnostic): Diagnostic {
  return {
    ...problem,
    ...(problem.place === undefined ? {} : { place: placeIn(model, problem.place) }),
    ...(problem.related === undefined
      ? {}
      : { related: problem.related.map((item) => ({ ...item, place: placeIn(model, item.place) })) }),
  };
}

function placeIn(model: FolderModel, place: Place): Place {
  const text = model.textOf(place.file);
  return text === undefined ? place : placed(text, place);
}

function placed(text: TextModel, place: Place): Place {
  if (place.span !== undefined || place.path === undefined) return place;
  const span = spanOf(text, place);
  return span === undefined ? place : { ...place, span };
}

function spanOf(text: TextModel, { path = [], within, target }: Place): Span | undefined {
  if (text.path.endsWith(".json")) return jsonPlace(text.text, path, target === "key" ? "key" : "value");
  const inString = within === undefined ? undefined : text.withinString(path, within);
  return inString ?? text.spanOf(path, target ?? "value");
}
