import type { ProjectFolders } from "#core/config/discovery";

/*
 * They stand apart from their providers since they are asked for on the way of every run with tools, for which loading all
 * languages would take longer than everything else.
 */

export const NODE_FOLDERS: ProjectFolders = { bin: ["node_modules/.bin"], env: {} };

export const PHP_FOLDERS: ProjectFolders = { bin: ["vendor/bin"], env: {} };

export const PYTHON_FOLDERS: ProjectFolders = {
  bin: [".venv/bin", ".venv/Scripts"],
  env: { VIRTUAL_ENV: ".venv" },
  always: true,
};

/** Those that nothing but their language has: where they are, they are its. */
export const UNMISTAKABLE_FOLDERS: readonly ProjectFolders[] = [PYTHON_FOLDERS];

const BY_TOOL: Readonly<Record<string, ProjectFolders>> = {
  node: NODE_FOLDERS,
  nodejs: NODE_FOLDERS,
  php: PHP_FOLDERS,
  python: PYTHON_FOLDERS,
  python3: PYTHON_FOLDERS,
  cpython: PYTHON_FOLDERS,
};

/** Where projects keep programs of their own in the language that a tool is of, by any of the tool's names. */
export const foldersOfTool = (name: string): ProjectFolders | undefined =>
  Object.hasOwn(BY_TOOL, name) ? BY_TOOL[name] : undefined;
