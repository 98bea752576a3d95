import { fileSystem } from "#system/runtime-modules";
import { noteRead } from "./read-trace";

/**
 * Paths of all files below a folder, relative to it, with `/` between their parts, sorted. A link to a file counts as
 * one; a link to a folder is not followed. What vanishes meanwhile, or can't be read, is left out.
 */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const { readdir, stat } = fileSystem();
  const found: string[] = [];
  const open = [""];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    noteRead(`${folder}/${prefix}`.replace(/\/$/, ""));
    for (const entry of await readdir(`${folder}/${prefix}`, { withFileTypes: true }).catch(orMissing([]))) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) open.push(`${path}/`);
      else if (entry.isFile()) found.push(path);
      else if (entry.isSymbolicLink()) {
        noteRead(`${folder}/${path}`);
        const target = await stat(`${folder}/${path}`).catch(orMissing(undefined));
        if (target?.isFile() === true) found.push(path);
      }
    }
  }
  return found.sort();
}

function orMissing<T>(fallback: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && "code" in error) return fallback;
    throw error;
  };
}
