import type { Diagnostic } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import { variableHint } from "#core/plan/unknown-target";
import { suggestTasks } from "#core/workspace/references";
import { findWorkflow, suggestWorkflows } from "#core/workspace/workflows";
import type { Workspace } from "#core/workspace/workspace";
import { plainProblems } from "#app/problems";
import type { Problems } from "#app/problems";

const SHOWN = 3;
/** More tasks than these are no help in a message. */
const SHOWN_TASKS = 12;
const LISTED = "`zr list` shows the tasks";

/** The usage problem of a word that is neither a command nor a task; `commands` are those that may have been meant. */
export function unknownWord(word: string, workspace: Workspace, commands: readonly string[]): Problems {
  const suggestions = withWorkflows(workspace, word, [...nearTasks(workspace, word), ...commands]);
  const hint = variableHint(word);
  return plainProblems(
    withTasksHere(
      {
        code: "E181",
        severity: "error",
        data: { name: word },
        suggestions,
        ...(hint === undefined ? {} : { hint }),
      },
      workspace,
    ),
  );
}

/** The usage problem of a task that a command line names and nobody defines. */
export function unknownTask(name: string, workspace: Workspace): Problems {
  const suggestions = withWorkflows(workspace, name, nearTasks(workspace, name));
  return plainProblems(
    withTasksHere({ code: "E160", severity: "error", data: { name, where: "" }, suggestions }, workspace),
  );
}

/** The problems of a plan; where a workflow has the name of a missing task, with the command that runs it. */
export const suggestingWorkflows = (
  diagnostics: readonly Diagnostic[],
  workspace: Workspace,
): readonly Diagnostic[] =>
  diagnostics.map((problem) =>
    // With a place it is a file that names the task.
    problem.code === "E160" && problem.place === undefined
      ? withTasksHere(
          {
            ...problem,
            suggestions: withWorkflows(
              workspace,
              String(problem.data["name"]),
              nearTasks(workspace, String(problem.data["name"])),
            ),
          },
          workspace,
        )
      : problem,
  );

/**
 * Where nothing is alike, the problem tells which tasks the package of that name has, else which there are here, or how
 * to list them.
 */
export function withTasksHere(problem: Diagnostic, { current, packages }: Workspace): Diagnostic {
  if ((problem.suggestions ?? []).length > 0) return problem;
  const meant = [...packages.values()].find(({ prefix }) => prefix !== "" && prefix === problem.data["name"]);
  if (meant !== undefined && meant.config.tasks.size > 0) {
    const names = [...meant.config.tasks.keys()].slice(0, SHOWN);
    return { ...problem, suggestions: names.map((name) => `${meant.prefix}:${name}`) };
  }
  const known = [...current.config.tasks.keys()].filter(
    (name) => !name.includes("*") && !name.startsWith("_"),
  );
  return known.length > 0 && known.length <= SHOWN_TASKS
    ? { ...problem, data: { ...problem.data, known } }
    : { ...problem, hint: [LISTED, problem.hint].filter((hint) => hint !== undefined).join("; ") };
}

/** Tasks that a command line may have meant: in the root, the name alone stands for the tasks of all packages. */
function nearTasks(workspace: Workspace, name: string): readonly string[] {
  const { current, rootPackage, packages } = workspace;
  // From a command line nothing depends, so that `^test` can only mean `test`.
  const near = suggestTasks(workspace, { pkg: current }, name).map((found) =>
    found === name ? found.replace("^", "") : found,
  );
  if (current !== rootPackage || /[:^#]/.test(name)) return near;
  const everywhere = [...packages.values()].flatMap(({ config }) =>
    [...config.tasks.keys()].filter((task) => !task.includes("*") && !task.startsWith("_")),
  );
  const alike = everywhere.includes(name) ? [] : suggest(name, everywhere);
  return alike.length > 0 ? alike : near;
}

/** A workflow of just that name goes first; one of a similar name comes after tasks and commands. */
function withWorkflows(workspace: Workspace, name: string, others: readonly string[]): readonly string[] {
  const [exact, near] =
    findWorkflow(workspace, name) === undefined ? [[], suggestWorkflows(workspace, name)] : [[name], []];
  const commands = (names: readonly string[]): string[] => names.map((found) => `zr workflow ${found}`);
  return [...new Set([...commands(exact), ...others, ...commands(near)])].slice(0, SHOWN);
}
