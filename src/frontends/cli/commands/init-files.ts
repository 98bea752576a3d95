import type { Problems } from "#app/problems";
import type { InitFile } from "#app/operations/init";
import type { Diagnostic } from "#base/diagnostic";
import { relativeTo } from "#base/path";
import { shellWord } from "#base/shell-word";

/** One line for each file that was written, or would be. */
export const fileLines = (files: readonly InitFile[], cwd: string, dryRun: boolean): string =>
  files.map(({ path, isNew }) => `${verb(isNew, dryRun)} ${relativeTo(cwd, path)}\n`).join("");

function verb(isNew: boolean, dryRun: boolean): string {
  if (dryRun) return isNew ? "would create" : "would change";
  return isNew ? "created" : "changed";
}

/** A problem with its path as it is seen from a folder. */
export function seenFrom(cwd: string, problem: Diagnostic): Diagnostic {
  const { path } = problem.data;
  return typeof path === "string"
    ? { ...problem, data: { ...problem.data, path: relativeTo(cwd, path) } }
    : problem;
}

/** Problems with their paths as they are seen from a folder. */
export const seenProblems = (cwd: string, problems: Problems): Problems => ({
  ...problems,
  diagnostics: problems.diagnostics.map((problem) => seenFrom(cwd, problem)),
});

/** What to do next, from the folder in which the command was given: commands of zr, one after the other. */
export const tryLine = (commands: readonly string[], folder: string, cwd: string): string => {
  const start = `zr ${folder === cwd ? "" : `-C ${shellWord(relativeTo(cwd, folder))} `}`;
  return `Try it: ${commands.map((command) => start + command).join(", then ")}\n`;
};
