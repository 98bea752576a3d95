import { ancestors, resolveFrom } from "#base/path";

/**
 * The commit that is checked out in the repository around a folder, read from its files, since git itself takes longer
 * to start than many a task to run. Undefined outside of a repository, before the first commit, and where the refs are
 * kept in another form than files.
 */
export async function headCommit(folder: string): Promise<string | undefined> {
  for (const place of ancestors(folder)) {
    // Looks at entries, which wait for no other thread: most often none of them is there.
    if (hasText(`${place}/.git/HEAD`))
      return commitOf((await text(`${place}/.git/HEAD`)) ?? "", `${place}/.git`);
    if (hasText(`${place}/.git`)) return commitBehind(place);
  }
  return undefined;
}

/** Of a worktree or a submodule: a file says where the rest is. */
async function commitBehind(place: string): Promise<string | undefined> {
  const link = /^gitdir: (.+)/.exec((await text(`${place}/.git`)) ?? "")?.[1];
  if (link === undefined) return undefined;
  const own = resolveFrom(place, link.trim());
  const common = await text(`${own}/commondir`);
  const target = await text(`${own}/HEAD`);
  if (target === undefined) return undefined;
  return commitOf(target, common === undefined ? own : resolveFrom(own, common.trim()));
}

/** A folder has a size too; there is nothing to read in it. */
function hasText(path: string): boolean {
  const { size } = Bun.file(path);
  return size > 0 && size < MOST_BYTES;
}

const MOST_BYTES = 64 * 1024;
const COMMIT = /^[0-9a-f]{40,64}$/;

async function commitOf(head: string, gitFolder: string): Promise<string | undefined> {
  const ref = /^ref: (.+)/.exec(head)?.[1]?.trim();
  if (ref === undefined) return COMMIT.test(head.trim()) ? head.trim() : undefined;
  const loose = (await text(`${gitFolder}/${ref}`))?.trim();
  if (loose !== undefined) return COMMIT.test(loose) ? loose : undefined;
  for (const line of ((await text(`${gitFolder}/packed-refs`)) ?? "").split("\n"))
    if (line.endsWith(` ${ref}`)) return line.slice(0, line.indexOf(" "));
  return undefined;
}

async function text(path: string): Promise<string | undefined> {
  try {
    return await Bun.file(path).text();
  } catch {
    // Not there, or nothing that can be read: not a repository that can be asked this way.
    return undefined;
  }
}
