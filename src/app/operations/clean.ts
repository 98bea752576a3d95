import { definedOnly } from "#base/defined-only";
import { ancestors } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { askGit } from "#engine/affected/ask-git";
import { cleanOutputs } from "#engine/cache/clean-outputs";
import type { Workspace } from "#core/workspace/workspace";
import { fileEntry } from "#system/fs/file-entry";
import { removeDeadRuns } from "#system/fs/run-files";
import { fileSystem } from "#system/runtime-modules";
import { otherGitEnvironment } from "#system/git/git-environment";
import type { Host } from "#system/host";
import type { PlannedRun } from "./plan-run";

export interface Cleaned {
  readonly removed: readonly string[];
  readonly bytes: number;
  /** Files that match and that git tracks: sources, whatever the patterns say. */
  readonly kept: readonly string[];
  /** `task: reason`. */
  readonly problems: readonly string[];
}

/** Tasks with outputs that can be planned without arguments: those of the current package, or of all. */
export function tasksWithOutputs({ packages, current }: Workspace, isAll: boolean): readonly string[] {
  const chosen = isAll ? [...packages.values()] : [current];
  return chosen.flatMap(({ config, resolve, prefix }) =>
    [...config.tasks.values()].flatMap((entry) => {
      const { table } = resolve(entry);
      const needsArguments = (table.args ?? []).some(({ required }) => required === true);
      if ((table.outputs ?? []).length === 0 || needsArguments || entry.name.includes("*")) return [];
      return [prefix === "" ? `//:${entry.name}` : `${prefix}:${entry.name}`];
    }),
  );
}

/** Removes the outputs of every instance of a plan. */
export async function cleanPlanned(
  { plan, workspace }: PlannedRun,
  { host, isDry }: { readonly host: Host; readonly isDry: boolean },
): Promise<Cleaned> {
  const folders = new Set([workspace.root, ...plan.instances.map(({ environment }) => environment)]);
  const asked = await trackedFiles(folders, host);
  // What nobody can tell from a source is not removed.
  if (!asked.ok) return { removed: [], kept: [], problems: [asked.error], bytes: 0 };
  const tracked = asked.value;
  const sums = { removed: new Set<string>(), kept: new Set<string>(), problems: [] as string[], bytes: 0 };
  for (const { id, cache, declares, environment } of plan.instances) {
    const outputs = (cache ?? declares)?.outputs ?? [];
    if (outputs.length === 0) continue;
    const place = { packageDir: environment, root: workspace.root, outputs };
    const cleaned = await cleanOutputs(place, { isKept: (path) => tracked.has(path), isDry });
    if (!cleaned.ok) {
      sums.problems.push(`${id}: ${cleaned.error}`);
      continue;
    }
    for (const path of cleaned.value.removed) sums.removed.add(path);
    for (const path of cleaned.value.kept) sums.kept.add(path);
    sums.bytes += cleaned.value.bytes;
  }
  return { removed: [...sums.removed], kept: [...sums.kept], problems: sums.problems, bytes: sums.bytes };
}

/** Absolute paths of what git tracks in the repositories around folders, and in their submodules. The error is a sentence. */
async function trackedFiles(
  folders: Iterable<string>,
  { env }: Host,
): Promise<Result<ReadonlySet<string>, string>> {
  const tops = new Set<string>();
  for (const folder of folders) {
    const top = ancestors(folder).find((above) => fileEntry(`${above}/.git`) !== undefined);
    if (top !== undefined) tops.add(top);
  }
  const tracked = new Set<string>();
  for (const top of tops) {
    const listed = await askGit(top, otherGitEnvironment(definedOnly(env)), [
      "ls-files",
      "-z",
      "--cached",
      "--recurse-submodules",
    ]);
    if (!listed.ok) return err(`git can't say which files it tracks in ${top}: ${listed.error.reason}`);
    for (const path of listed.value.split("\0")) tracked.add(`${top}/${path}`);
  }
  return ok(tracked);
}

/** Removes all that zr keeps in a workspace. Folders of runs that go on are left. The error is the system's reason. */
export async function cleanState(root: string, isDry: boolean): Promise<Result<readonly string[], string>> {
  const { readdir, rm } = fileSystem();
  const state = `${root}/.zr`;
  const removed: string[] = [];
  try {
    if (!isDry) await removeDeadRuns(`${state}/run`);
    for (const name of (await readdir(state)).toSorted()) {
      if (name === ".gitignore" || name === "run") continue;
      if (!isDry) await rm(`${state}/${name}`, { recursive: true, force: true });
      removed.push(`${state}/${name}`);
    }
    return ok(removed);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return error.code === "ENOENT" ? ok(removed) : err(error.message);
  }
}
