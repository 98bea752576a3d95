import { fileSystem } from "#system/runtime-modules";
import { noteObstacle } from "./read-trace";

/**
 * When a file was last written, in milliseconds since 1970; for a folder the newest of the files below it, or the folder
 * itself where there are none. Undefined where nothing is there.
 */
export async function newestChange(path: string): Promise<number | undefined> {
  noteObstacle("when files were changed");
  const { readdir, stat } = fileSystem();
  const changed = async (file: string): Promise<number | undefined> => {
    try {
      return (await stat(file)).mtimeMs;
    } catch {
      // Gone, or a link to nowhere.
      return undefined;
    }
  };
  const own = await changed(path);
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    const times = await Promise.all(files.map((entry) => changed(`${entry.parentPath}/${entry.name}`)));
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? own : known.reduce((newest, time) => Math.max(newest, time));
  } catch {
    // A file, or nothing.
    return own;
  }
}
