import { dirname, relativeTo } from "#base/path";
import { besideOf } from "#system/cas/place-output";
import { fileSystem } from "#system/runtime-modules";

/** So many files are copied at a time. */
const AT_ONCE = 16;

/**
 * Copies files and links of a folder to the same places below another one, with modes and times; a file system that can
 * share blocks between files does. What is gone meanwhile is left out. Throws the system's error.
 *
 * @param paths absolute, below `from`.
 */
export async function copyTree(paths: Iterable<string>, from: string, to: string): Promise<void> {
  const { mkdir } = fileSystem();
  const made = new Set<string>();
  const open = [...paths];
  const copyNext = async (): Promise<void> => {
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const place = `${to}/${relativeTo(from, path)}`;
      const folder = dirname(place);
      if (!made.has(folder)) await mkdir(folder, { recursive: true });
      made.add(folder);
      await copyOne(path, place);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copyNext));
}

/** Makes a folder with those on the way to it. Throws the system's error. */
export async function ensureFolder(path: string): Promise<void> {
  await fileSystem().mkdir(path, { recursive: true });
}

async function copyOne(path: string, place: string): Promise<void> {
  const { constants, copyFile, lstat, mkdir, readlink, symlink, utimes } = fileSystem();
  try {
    const entry = await lstat(path);
    if (entry.isSymbolicLink()) return await symlink(await readlink(path), place);
    if (entry.isDirectory()) return void (await mkdir(place, { recursive: true }));
    await copyFile(path, place, constants.COPYFILE_FICLONE);
    await utimes(place, entry.atime, entry.mtime);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** Moves what lies at a path below a folder to the same place below another one, over whatever is there. */
export async function moveBetween(path: string, from: string, to: string): Promise<void> {
  const { mkdir, rename, rm } = fileSystem();
  const place = `${to}/${relativeTo(from, path)}`;
  await mkdir(dirname(place), { recursive: true });
  try {
    await rename(path, place);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    // A folder stands where a file is to be, or the other way round; or there is another file system, such as a volume.
    if (!/EISDIR|ENOTDIR|ENOTEMPTY|EEXIST|EXDEV/.test(code)) throw error;
    await rm(place, { recursive: true, force: true });
    const near = code === "EXDEV" ? besideOf(place) : path;
    if (near !== path) await copyOne(path, near);
    await rename(near, place);
  }
}
