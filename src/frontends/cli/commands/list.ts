import { loadWorkspace } from "#app/load-workspace";
import type { ListedTask, ListedWorkflow } from "#app/operations/list";
import { usageProblem } from "#app/problems";
import { suggest } from "#base/suggest";
import type { Workspace } from "#core/workspace/workspace";
import { print } from "#system/stdio/print";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { selectedNames } from "#frontends/cli/selected-names";
import { shellRefusal } from "#frontends/cli/plan-input";
import { formatOption, isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { resolveColor } from "#frontends/cli/environment-options";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";

export const body: CommandBody = {
  async run({ options, words }, line) {
    const session = openSession(options, line);
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const { workspace } = loaded.value;
    const [pattern] = words;
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
    if (formatOption(options) === "json") {
      await print(
        "stdout",
        jsonDocument({
          root: workspace.root,
          tasks: tasks.map(jsonTask),
          workflows: workflows.map(jsonWorkflow),
        }),
      );
      return 0;
    }
    if (pattern !== undefined && tasks.length + workflows.length === 0) {
      await print("stdout", `no task or workflow fits '${visibleControls(pattern)}'\n`);
      return 0;
    }
    const { env } = session.host;
    const look = {
      color: resolveColor(options, env, isTerminal(1)),
      unicode: hasUnicode(env),
      columns: windowSize(1)?.columns ?? 100,
    };
    const { renderTaskList } = await import("#frontends/output/task-list");
    await print(
      "stdout",
      await renderTaskList(tasks, workspace.current.name, {
        ...look,
        tree: isOn(options, "tree"),
        workflows,
      }),
    );
    return 0;
  },
};

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
