/**
 * Variables by which git says to a hook which repository it works on (githooks(5), git(1)). The answer to a question
 * that is asked in a folder is about the repository around that folder; with these, git takes the folder for its top.
 */
const OF_A_REPOSITORY: ReadonlySet<string> = new Set([
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_PREFIX",
]);

/** An environment in which git answers about the folder that it is started in, in English, and writes nothing. */
export function gitEnvironment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own = Object.entries(env).filter(([name]) => !OF_A_REPOSITORY.has(name));
  return { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
}

/** The same for questions about other repositories than the one that a hook works on: they have an index of their own. */
export function otherGitEnvironment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { GIT_INDEX_FILE: _index, ...rest } = env;
  return rest;
}
