import { relativeTo } from "#base/path";
import { err, ok } from "#base/result";
import { suggest } from "#base/suggest";
import type { Workspace } from "#core/workspace/workspace";
import { lastEnds } from "#engine/history/queries";
import { readHistory } from "#app/history";
import { listTasks, listWorkflows } from "#app/operations/list";
import type { ListedTask, ListedWorkflow } from "#app/operations/list";
import { showTasks } from "#app/operations/show";
import { unknownTask } from "#app/operations/unknown-task";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { compact, LIST_SHARE, looseGlob } from "./answer-parts";
import { pageOf } from "./fit";
import type { OperationBody } from "./operation";
import { load } from "./workspace-load";

const USUAL_TASKS = 50;
const LAST_RUNS = 3;

export const listTasksBody: OperationBody = async (input, context) => {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace } = loaded.value;
  const pkg = input.text("package");
  if (pkg !== undefined && !workspace.packages.has(pkg)) return err(unknownPackage(workspace, pkg));
  const match = input.text("match");
  const tag = input.text("tag");
  const filter = {
    ...(match === undefined ? {} : { pattern: looseGlob(match) }),
    ...(pkg === undefined ? {} : { package: pkg }),
    tags: tag === undefined ? [] : [tag],
    all: false,
  };
  const isVerbose = input.isOn("verbose");
  const tasks = listTasks(workspace, filter).map((task) => shortTask(task, workspace, isVerbose));
  const page = pageOf(tasks, {
    cursor: input.text("cursor"),
    limit: input.number("limit") ?? USUAL_TASKS,
    budget: context.budget * LIST_SHARE,
  });
  const isFirst = input.text("cursor") === undefined;
  const workflows = isFirst && tag === undefined ? listWorkflows(workspace, filter).map(shortWorkflow) : [];
  return ok({
    value: {
      tasks: page.items,
      ...compact({ workflows }),
      total: page.total,
      ...compact({ cursor: page.cursor }),
    },
  });
};

export const unknownPackage = (workspace: Workspace, name: string): Problems =>
  usageProblem("E132", { name }, suggest(name, workspace.packages.keys()));

const shortParameters = (parameters: ListedTask["parameters"]): readonly string[] =>
  parameters.map(
    ({ name, required, choices }) =>
      `${name}${required ? "!" : ""}${choices.length === 0 ? "" : `=${choices.join("|")}`}`,
  );

function shortTask(task: ListedTask, { root }: Workspace, isVerbose: boolean): object {
  const { name, description, parameters, deps, tags, place } = task;
  return {
    name,
    ...compact({ description, params: shortParameters(parameters) }),
    ...(isVerbose ? compact({ deps, tags, file: relativeTo(root, place.file) }) : {}),
  };
}

const shortWorkflow = ({ name, description, stages, inputs }: ListedWorkflow): object => ({
  name,
  ...compact({ description, stages, inputs: shortParameters(inputs) }),
});

export const showTaskBody: OperationBody = async (input, context) => {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace, texts } = loaded.value;
  const name = input.needed("task");
  const shown = showTasks(workspace, name, texts);
  if (shown.length === 0) return err(unknownTask(name, workspace));
  const { value: past = [] } = await readHistory(workspace, (database) =>
    shown.map((task) => lastEnds(database, task.name, LAST_RUNS)),
  );
  const tasks = shown.map((task, index) => ({
    name: task.name,
    ...compact({ description: task.description }),
    file: relativeTo(workspace.root, task.file),
    line: task.line,
    settings: withoutDescription(task.keys),
    ...compact({
      needs: task.needs.map(({ role, name: needed }) => (role === "deps" ? needed : `${needed} (${role})`)),
      neededBy: task.neededBy,
      lastRuns: (past[index] ?? []).map(({ run, state, durationMs }) => ({
        run,
        state,
        durationMs: Math.round(durationMs),
      })),
    }),
  }));
  return ok({ value: { tasks } });
};

function withoutDescription({ description: _, ...keys }: Readonly<Record<string, unknown>>): object {
  return keys;
}
