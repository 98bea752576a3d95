import { ancestors, isInside } from "#base/path";
import { bytesAtOnce, fileEntry } from "#system/fs/file-entry";
import { readAtOnce } from "#system/fs/read-at-once";
import { indexNames } from "#system/git/index-names";
import { repositoryOf } from "./note-listing";

/**
 * Absolute paths below a folder of what git tracks, read from its index: what a walk leaves out where an ignore file
 * names it. For where git itself can't be asked, since it is not installed or refuses a repository of another user.
 */
export function trackedFiles(folder: string): readonly string[] {
  const top = ancestors(folder).find((above) => fileEntry(`${above}/.git`) !== undefined);
  if (top === undefined) return [];
  const { own, common } = repositoryOf(top);
  const hashBytes = /^\s*objectformat\s*=\s*"?sha256/im.test(readAtOnce(`${common}/config`) ?? "") ? 32 : 20;
  const read = (name: string): ReturnType<typeof indexNames> => {
    const bytes = bytesAtOnce(`${own}/${name}`);
    return bytes === undefined ? undefined : indexNames(bytes, { hashBytes });
  };
  const index = read("index");
  const shared = index?.shared === undefined ? undefined : read(`sharedindex.${index.shared}`);
  return [...(index?.names ?? []), ...(shared?.names ?? [])]
    .map((name) => `${top}/${name}`)
    .filter((path) => isInside(folder, path));
}
