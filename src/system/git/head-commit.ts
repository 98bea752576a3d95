import { ancestors, resolveFrom } from "#base/path";
import { noteObstacle } from "#system/fs/read-trace";

/** How it is noted that the checked-out commit has been looked up. */
export const CHECKED_OUT = "what git has checked out";

/**
 * The commit that is checked out in the repository around a folder, read from its files, since git itself takes longer
 * to start than many a task to run. Undefined outside of a repository, before the first commit, and where the refs are
 * kept in another form than files.
 */
export async function headCommit(folder: string): Promise<string | undefined> {
  const checkout = await checkoutOf(folder);
  const head = checkout === undefined ? undefined : await text(`${checkout.own}/HEAD`);
  return checkout === undefined || head === undefined ? undefined : commitOf(head, checkout.common);
}

/**
 * The commit that was checked out at a time, by the log that git keeps of it (gitrepository-layout(5), `logs`); undefined
 * outside of a repository and where git keeps none.
 *
 * @param wallMs milliseconds since 1970; the log knows seconds.
 */
export async function commitAt(folder: string, wallMs: number): Promise<string | undefined> {
  const checkout = await checkoutOf(folder);
  const log = checkout === undefined ? undefined : await text(`${checkout.own}/logs/HEAD`);
  let commit: string | undefined;
  for (const line of log?.split("\n") ?? []) {
    // `OLD NEW NAME <EMAIL> SECONDS ZONE`, a tab, what was done.
    const [, after, seconds] = /^[0-9a-f]{40,64} ([0-9a-f]{40,64}) [^\t]*> (\d+) /.exec(line) ?? [];
    if (after === undefined) continue;
    if (Number(seconds) * 1000 > wallMs) break;
    commit = after;
  }
  return commit;
}

/** The folders in which a checkout keeps what is its own, and what it shares with other worktrees. */
export interface Checkout {
  /** Its top folder. */
  readonly top: string;
  readonly own: string;
  readonly common: string;
}

/** The checkout that a folder lies in; undefined outside of one. */
export async function checkoutOf(folder: string): Promise<Checkout | undefined> {
  noteObstacle(CHECKED_OUT);
  for (const place of ancestors(folder)) {
    const own = `${place}/.git`;
    // Looks at entries, which wait for no other thread: most often none of them is there.
    if (hasText(`${own}/HEAD`)) return { top: place, own, common: own };
    if (hasText(own)) return linkedCheckout(place);
  }
  return undefined;
}

/** Of a worktree or a submodule: a file says where the rest is. */
async function linkedCheckout(place: string): Promise<Checkout | undefined> {
  const link = /^gitdir: (.+)/.exec((await text(`${place}/.git`)) ?? "")?.[1];
  if (link === undefined) return undefined;
  const own = resolveFrom(place, link.trim());
  const common = await text(`${own}/commondir`);
  return { top: place, own, common: common === undefined ? own : resolveFrom(own, common.trim()) };
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
