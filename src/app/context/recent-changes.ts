import { filesByPackage } from "#core/affected/affected-packages";
import type { Workspace } from "#core/workspace/workspace";
import { askGit } from "#engine/affected/ask-git";
import type { ContextChange } from "./repository-context";

const MOST_COMMITS = 200;
const MOST_OF_PACKAGE = 3;

/** The last commits that changed each package, the newest first; none outside of a repository. */
export async function recentChanges(
  { root, packages }: Workspace,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, readonly ContextChange[]>> {
  const asked = await askGit(root, env, [
    "log",
    `--max-count=${MOST_COMMITS}`,
    "--no-merges",
    "--name-only",
    "--relative",
    "--no-color",
    "--no-show-signature",
    "-z",
    "--format=%x01%h%x02%cs%x02%s%x02",
    "--",
    ".",
  ]);
  const found = new Map<string, ContextChange[]>();
  if (!asked.ok) return found;
  for (const entry of asked.value.split("\u0001").slice(1)) {
    const [commit = "", date = "", subject = "", names = ""] = entry.split("\u0002");
    const files = names.split(/[\0\n]/).filter((name) => name !== "");
    for (const name of filesByPackage(packages.values(), files).keys()) {
      const changes = found.get(name) ?? [];
      found.set(name, changes);
      if (changes.length < MOST_OF_PACKAGE) changes.push({ commit, date, subject });
    }
  }
  return found;
}
