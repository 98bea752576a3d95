import { ancestors, resolveFrom } from "#base/path";
import { fileEntry } from "#system/fs/file-entry";
import { readAtOnce } from "#system/fs/read-at-once";
import { noteObstacle, noteRead } from "#system/fs/read-trace";

/** Variables by which git takes settings, the index or the repository from elsewhere (git(1), git-config(1)). */
const ELSEWHERE = [
  "GIT_CONFIG_COUNT",
  "GIT_CONFIG_PARAMETERS",
  "GIT_DIR",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
];

/**
 * Notes all that the answer of `git ls-files -co --exclude-standard` in a folder depends on: the index, what says which
 * files are ignored (gitignore(5)), and each folder that is not, by walking through them.
 *
 * @param walk goes through the folders and notes what it looks at.
 */
export function noteListing(
  folder: string,
  walk: () => unknown,
  env: Readonly<Record<string, string | undefined>>,
): void {
  walk();
  const top = ancestors(folder).find((above) => fileEntry(`${above}/.git`) !== undefined);
  if (top === undefined) return;
  const { own, common } = repositoryOf(top);
  noteRead(`${own}/index`);
  noteRead(`${common}/info/exclude`);
  for (const name of ELSEWHERE) if ((env[name] ?? "") !== "") noteObstacle(`what ${name} says`);
  const { HOME: home = "", GIT_CONFIG_GLOBAL: global, GIT_CONFIG_SYSTEM: system } = env;
  const xdg = env["XDG_CONFIG_HOME"] || `${home}/.config`;
  noteRead(`${xdg}/git/ignore`);
  for (const config of [
    `${common}/config`,
    `${own}/config.worktree`,
    system ?? "/etc/gitconfig",
    ...(global === undefined ? [`${home}/.gitconfig`, `${xdg}/git/config`] : [global]),
  ])
    // Another file of ignored names, or settings in yet another file, are not followed.
    if (/excludesfile|^\s*\[include/im.test(readAtOnce(config) ?? "")) noteObstacle(`what ${config} says`);
}

/** The folders of a repository: what is of one checkout alone, and what all share. */
export function repositoryOf(top: string): { readonly own: string; readonly common: string } {
  const link = /^gitdir: (.+)/.exec(readAtOnce(`${top}/.git`) ?? "")?.[1];
  if (link === undefined) return { own: `${top}/.git`, common: `${top}/.git` };
  const own = resolveFrom(top, link.trim());
  const common = readAtOnce(`${own}/commondir`);
  return { own, common: common === undefined ? own : resolveFrom(own, common.trim()) };
}
