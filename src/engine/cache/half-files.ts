import { dirname } from "#base/path";
import { entriesOf, factsOf } from "#system/cas/file-facts";
import { isRunning, ownPid } from "#system/process/is-running";
import { programBeganMs } from "#system/process/program-began";

/** Names of the files that a restoring makes before they get their own (`besideOf` of #system/cas/place-output). */
const HALF_FILE = /^\.zr-(\d+)-\d+\.tmp$/;

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Whether a path or name is one of a file that a restoring is making or has left: nobody's output, nobody's input. */
export const isHalfFile = (path: string): boolean => path.endsWith(".tmp") && HALF_FILE.test(nameOf(path));

/** Whether a half file is what a restoring has left that was killed. */
export function isAbandoned(path: string): boolean {
  const pid = Number(HALF_FILE.exec(nameOf(path))?.[1]);
  // In a container processes have the same numbers each time: what is older than this one is of another one.
  if (pid === ownPid()) return (factsOf(path)?.mtimeMs ?? 0) < programBeganMs();
  return !isRunning(pid);
}

/** What restorings that were killed have left beside files, in folders that were not searched. All paths are absolute. */
export function abandonedBeside(
  paths: readonly string[],
  found: {
    readonly folders: { readonly has: (path: string) => boolean };
    readonly missing: readonly string[];
  },
): readonly string[] {
  const gone = new Set(found.missing);
  const folders = new Set(
    paths.map(dirname).filter((folder) => !found.folders.has(folder) && !gone.has(folder)),
  );
  return [...folders].flatMap((folder) =>
    (entriesOf(folder) ?? [])
      .map(({ name }) => `${folder}/${name}`)
      .filter((path) => isHalfFile(path) && isAbandoned(path)),
  );
}
