import type { Diagnostic } from "#base/diagnostic";
import { suggestTasks } from "#core/workspace/references";
import { findWorkflow, suggestWorkflows } from "#core/workspace/workflows";
import type { Workspace } from "#core/workspace/workspace";
import { plainProblems } from "#app/problems";
import type { Problems } from "#app/problems";

const SHOWN = 3;

/** The usage problem of a word that is neither a command nor a task; `commands` are those that may have been meant. */
export function unknownWord(word: string, workspace: Workspace, commands: readonly string[]): Problems {
  const tasks = suggestTasks(workspace, { pkg: workspace.current }, word);
  return plainProblems({
    code: "E181",
    severity: "error",
    data: { name: word },
    suggestions: withWorkflows(workspace, word, [...tasks, ...commands]),
  });
}

/** The usage problem of a task that a command line names and nobody defines. */
export function unknownTask(name: string, workspace: Workspace): Problems {
  const tasks = suggestTasks(workspace, { pkg: workspace.current }, name);
  return plainProblems({
    code: "E160",
    severity: "error",
    data: { name, where: "" },
    suggestions: withWorkflows(workspace, name, tasks),
  });
}

/** The problems of a plan; where a workflow has the name of a missing task, with the command that runs it. */
export const suggestingWorkflows = (
  diagnostics: readonly Diagnostic[],
  workspace: Workspace,
): readonly Diagnostic[] =>
  diagnostics.map((problem) =>
    // With a place it is a file that names the task.
    problem.code === "E160" && problem.place === undefined
      ? {
          ...problem,
          suggestions: withWorkflows(workspace, String(problem.data["name"]), problem.suggestions ?? []),
        }
      : problem,
  );

/** A workflow of just that name goes first; one of a similar name comes after tasks and commands. */
function withWorkflows(workspace: Workspace, name: string, others: readonly string[]): readonly string[] {
  const [exact, near] =
    findWorkflow(workspace, name) === undefined ? [[], suggestWorkflows(workspace, name)] : [[name], []];
  const commands = (names: readonly string[]): string[] => names.map((found) => `zr workflow ${found}`);
  return [...new Set([...commands(exact), ...others, ...commands(near)])].slice(0, SHOWN);
}
