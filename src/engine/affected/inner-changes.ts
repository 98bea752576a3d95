import { parsePaths } from "#core/affected/parse-changes";
import { folderEntries } from "#system/fs/file-entry";
import { fileSize } from "#system/fs/plain-file";
import { otherGitEnvironment } from "#system/git/git-environment";
import { askGit } from "./ask-git";

/** A commit of a repository, and how it is compared with what is there now. */
export interface ComparedCommit {
  /** Top folder of the checkout. */
  readonly top: string;
  readonly env: Readonly<Record<string, string>>;
  /** The commit that the comparison starts from; undefined where everything is new. */
  readonly commit: () => Promise<string | undefined>;
  /** Compare with the commit that is checked out, else with what is there. */
  readonly committedOnly: boolean;
}

/**
 * Changed files of submodules and other repositories inside of one. Of those git names only the folder: the files in it
 * that have changed are added, all of them where nobody can tell which.
 *
 * @param files paths from the top folder, as git has told them
 */
export async function withInnerChanges(
  files: readonly string[],
  compared: ComparedCommit,
): Promise<readonly string[]> {
  const inner = files.filter((file) => isRepository(`${compared.top}/${file}`));
  if (inner.length === 0) return files;
  const added = await Promise.all(
    inner.map(async (folder) => (await changesIn(folder, compared)).map((file) => `${folder}/${file}`)),
  );
  return [...files, ...added.flat()];
}

/** A submodule and a linked checkout have a file there, a clone a folder. */
const isRepository = (folder: string): boolean =>
  fileSize(`${folder}/.git`) > 0 || fileSize(`${folder}/.git/HEAD`) > 0;

async function changesIn(
  folder: string,
  { top, env, commit, committedOnly }: ComparedCommit,
): Promise<readonly string[]> {
  const place = `${top}/${folder}`;
  const innerEnv = otherGitEnvironment(env);
  const from = await commit();
  const recorded = async (of: string): Promise<string | undefined> => {
    const asked = await askGit(top, env, ["rev-parse", "--verify", "--quiet", `${of}:${folder}`]);
    return asked.ok ? asked.value.trim() : undefined;
  };
  const before = from === undefined ? undefined : await recorded(from);
  const now = committedOnly ? await recorded("HEAD") : undefined;
  const files =
    before === undefined
      ? undefined
      : await differing(place, innerEnv, now === undefined ? [before] : [before, now]);
  const others =
    committedOnly && files !== undefined ? [] : await listed(place, innerEnv, files === undefined);
  const all = [...new Set([...(files ?? []), ...others])];
  return withInnerChanges(all, {
    top: place,
    env: innerEnv,
    commit: () => Promise.resolve(before),
    committedOnly,
  });
}

const DIFF = ["diff", "--name-only", "--no-renames", "-z", "--ignore-submodules=none"];

/** Undefined where git can't tell: the commit may not be here. */
async function differing(
  folder: string,
  env: ComparedCommit["env"],
  commits: readonly string[],
): Promise<readonly string[] | undefined> {
  const asked = await askGit(folder, env, [...DIFF, ...commits, "--"]);
  return asked.ok ? parsePaths(asked.value) : undefined;
}

/** Untracked files, or all that are not ignored; all that there are where git refuses to tell. */
async function listed(
  folder: string,
  env: ComparedCommit["env"],
  isAll: boolean,
): Promise<readonly string[]> {
  const kinds = isAll ? ["-c", "-o"] : ["-o"];
  const asked = await askGit(folder, env, ["ls-files", ...kinds, "--exclude-standard", "-z"]);
  // Who trusts a repository (`safe.directory`) need not trust those inside of it.
  return asked.ok ? parsePaths(asked.value).map((path) => path.replace(/\/$/, "")) : everything(folder);
}

function everything(folder: string): readonly string[] {
  const found: string[] = [];
  const open = [""];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop())
    for (const { name, isFolder } of folderEntries(`${folder}/${prefix}`)) {
      if (name === ".git") continue;
      if (isFolder) open.push(`${prefix}${name}/`);
      else found.push(prefix + name);
    }
  return found;
}
