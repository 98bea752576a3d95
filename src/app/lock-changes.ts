import { basename, dirname, isInside, relativeTo, resolveFrom } from "#base/path";
import type { ChangeScope, LockChange } from "#core/affected/affected-packages";
import { lockFormat } from "#languages/lock-formats";
import { changedMembers } from "#languages/lock-graph";
import type { LockFormat, LockMember } from "#languages/lock-graph";
import { readText } from "#system/fs/read-text";

export interface LockQuestion extends Pick<ChangeScope, "root" | "packages"> {
  /** The text of a file as it was at the base, by its path from the root. */
  readonly before: (file: string) => Promise<string | undefined>;
}

/**
 * For each lock file that several packages share, which of them it gives other dependencies. One in a package without
 * others below it is a file like any other, and is left out.
 */
export async function lockChanges(
  files: readonly string[],
  question: LockQuestion,
): Promise<readonly LockChange[]> {
  const changes: LockChange[] = [];
  for (const file of files) {
    const folder = dirname(file);
    const members = membersBelow(folder, question);
    if (members.every((path) => path === ".")) continue;
    const changed = await changedPaths(file, { folder, members }, question);
    const packages =
      changed === undefined ? undefined : new Set([...changed].map((path) => fromRoot(folder, path)));
    changes.push({ file, folder, packages });
  }
  return changes;
}

const fromRoot = (folder: string, path: string): string =>
  folder === "." ? path : path === "." ? folder : `${folder}/${path}`;

/** Paths of the packages in a folder, from that folder. */
function membersBelow(folder: string, { root, packages }: LockQuestion): readonly string[] {
  const dir = resolveFrom(root, folder);
  return packages
    .map(({ path }) => resolveFrom(root, path))
    .filter((own) => isInside(dir, own))
    .map((own) => relativeTo(dir, own));
}

interface LockPlace {
  readonly folder: string;
  readonly members: readonly string[];
}

async function changedPaths(
  file: string,
  { folder, members }: LockPlace,
  { root, before }: LockQuestion,
): Promise<ReadonlySet<string> | undefined> {
  const format = lockFormat(basename(file));
  if (format === undefined) return undefined;
  const [old, now] = await Promise.all([before(file), readText(resolveFrom(root, file))]);
  if (old === undefined || now.kind !== "text") return undefined;
  const dir = resolveFrom(root, folder);
  const list = await Promise.all(members.map((path) => memberOf(path, dir, format)));
  const [graphBefore, graphAfter] = [format.read(old, list), format.read(now.text, list)];
  if (graphBefore === undefined || graphAfter === undefined) return undefined;
  return changedMembers(graphBefore, graphAfter);
}

/** What its manifest says now: where that has changed too, the package is affected anyway. */
async function memberOf(path: string, dir: string, { manifest }: LockFormat): Promise<LockMember> {
  if (manifest === undefined) return { path, manifest: undefined };
  const read = await readText(resolveFrom(dir, `${path}/${manifest}`));
  return { path, manifest: read.kind === "text" ? read.text : undefined };
}
