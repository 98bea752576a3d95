import { fileSystem } from "#system/runtime-modules";
import { globFiles } from "./read-text";
import { noteRead } from "./read-trace";

/**
 * Absolute paths of the files below `folder` that match a glob, in the order of their paths; none below a folder whose
 * name is in `skipped`, unless the glob begins with it. Where the glob has `**` those folders are not even entered. Links to folders are not followed
 * there, and what vanishes meanwhile is left out.
 */
export async function findFiles(
  pattern: string,
  folder: string,
  skipped: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (pattern.includes("**")) return walk(pattern, folder, skipped);
  const found = await globFiles(pattern, folder);
  const from = folder.length + 1 + startOf(pattern).length;
  const isSkipped = (path: string): boolean => isBelowAny(path, from, skipped);
  return found.some(isSkipped) ? found.filter((path) => !isSkipped(path)) : found;
}

/** Whether one of the folders on the way to a path, from a place in it on, has one of the names. */
function isBelowAny(path: string, from: number, names: ReadonlySet<string>): boolean {
  for (let at = from, end = path.indexOf("/", at); end >= 0; at = end + 1, end = path.indexOf("/", at))
    if (names.has(path.slice(at, end))) return true;
  return false;
}

/** The folders at the beginning of a glob that it names as they are. */
const startOf = (pattern: string): string => /^(?:[^*?[{]*\/)?/.exec(pattern)?.[0] ?? "";

async function walk(
  pattern: string,
  folder: string,
  skipped: ReadonlySet<string>,
): Promise<readonly string[]> {
  const glob = new Bun.Glob(pattern);
  const found: string[] = [];
  const visit = async (prefix: string): Promise<void> => {
    noteRead(`${folder}/${prefix}`.replace(/\/$/, ""));
    const entries = await fileSystem()
      .readdir(`${folder}/${prefix}`, { withFileTypes: true })
      .catch(() => []);
    await Promise.all(
      entries.map(async (entry) => {
        const path = prefix + entry.name;
        if (entry.isDirectory()) {
          if (!skipped.has(entry.name)) await visit(`${path}/`);
        } else if (glob.match(path)) found.push(`${folder}/${path}`);
      }),
    );
  };
  await visit(startOf(pattern));
  return found.sort();
}
