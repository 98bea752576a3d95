import { loadWorkspace } from "#app/load-workspace";
import type { ListedTask, ListedWorkflow } from "#app/operations/list";
import { usageProblem } from "#app/problems";
import { suggest } from "#base/suggest";
import type { Workspace } from "#core/workspace/workspace";
import { isTerminal } from "#system/stdio/is-terminal";
import type { ParsedCommand } from "./command";
import { listLook } from "./list-look";
import { SHARED_NAMES } from "./may-mean-task";
import { refuse } from "./refuse";
import { selectedNames } from "./selected-names";
import { shellRefusal } from "./plan-input";
import { formatOption, isOn, listOption, textOption } from "./session";
import type { Session } from "./session";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";

/** A listing as it is printed. */
export interface Listing {
  readonly text: string;
  /** Of the workspace that it is about. */
  readonly root: string;
}

/** Lists what the options and the pattern ask for; an exit code where that is wrong, which has been told. */
export async function listingOf(
  { options, words }: Pick<ParsedCommand, "options" | "words">,
  session: Session,
): Promise<Listing | number> {
  const [pattern, surplus] = words;
  if (surplus !== undefined)
    return refuse(session, usageProblem("E185", { command: "zr list", value: surplus }));
  const loaded = await loadWorkspace(session.load);
  if (!loaded.ok) return refuse(session, loaded.error);
  const { workspace } = loaded.value;
  const pkg = textOption(options, "package");
  const names = [...workspace.packages.values()].map(({ name }) => name);
  if (pkg !== undefined && !names.includes(pkg))
    return refuse(session, usageProblem("E373", { filter: pkg }, suggest(pkg, names)));
  const selected = await selectedNames(loaded.value, session);
  if (typeof selected === "number") return selected;
  const { listTasks, listWorkflows } = await import("#app/operations/list");
  const filter = {
    ...(pattern === undefined ? {} : { pattern: /[*?[{]/.test(pattern) ? pattern : `*${pattern}*` }),
    tags: listOption(options, "tags").flatMap((text) => text.split(",")),
    ...(pkg === undefined ? {} : { package: pkg }),
    ...(selected === undefined ? {} : { packages: selected }),
    all: isOn(options, "all"),
  };
  const listed = listTasks(workspace, filter);
  const where = textOption(options, "where");
  // A workflow has no tags, nor anything else that a filter of tasks speaks of.
  const isOfTasks = where !== undefined || filter.tags.length > 0;
  const workflows = isOfTasks ? [] : listWorkflows(workspace, filter);
  const tasks = where === undefined ? listed : await keepWhere(listed, where, { workspace, session });
  if (tasks === undefined) return USAGE_EXIT_CODE;
  const { root } = workspace;
  if (formatOption(options) === "json") {
    const document = { root, tasks: tasks.map(jsonTask), workflows: workflows.map(jsonWorkflow) };
    return { root, text: jsonDocument(document) };
  }
  if (pattern !== undefined && tasks.length + workflows.length === 0) {
    return { root, text: `no task or workflow fits '${visibleControls(pattern)}'\n` };
  }
  const { renderTaskList } = await import("#frontends/output/task-list");
  const text = await renderTaskList(tasks, workspace.current.name, {
    ...listLook(session),
    tree: isOn(options, "tree"),
    workflows,
    commands: SHARED_NAMES,
  });
  return { root, text };
}

const USAGE_EXIT_CODE = 2;

/** Undefined where something is wrong with the expression, which has been told. */
async function keepWhere(
  tasks: readonly ListedTask[],
  source: string,
  { workspace, session }: { readonly workspace: Workspace; readonly session: Session },
): Promise<readonly ListedTask[] | undefined> {
  const { tasksWhere } = await import("#app/operations/task-filter");
  const refusal = shellRefusal(session);
  const kept = await tasksWhere(tasks, workspace, {
    option: "--where",
    source,
    host: session.host,
    isTerminal: isTerminal(1),
    ...(refusal === undefined ? {} : { shellRefusal: refusal }),
  });
  if (kept.ok) return kept.value;
  await refuse(session, kept.error);
  return undefined;
}

const jsonWorkflow = ({ place, ...workflow }: ListedWorkflow): object => ({
  ...workflow,
  description: workflow.description ?? null,
  file: place.file,
});

const jsonTask = ({ place, ...task }: ListedTask): object => ({
  ...task,
  description: task.description ?? null,
  group: task.group ?? null,
  inferredFrom: task.inferredFrom ?? null,
  file: place.file,
});
