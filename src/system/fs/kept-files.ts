import { fileSystem } from "#system/runtime-modules";
import { writeCompressed } from "./zstd-file";

/** A regular file where all links have been followed. */
export interface RealFile {
  readonly path: string;
  readonly bytes: number;
  /** Permission bits. */
  readonly mode: number;
}

/** The file that a path leads to; undefined where it leads to none, or to something that is no regular file. */
export async function realFile(path: string): Promise<RealFile | undefined> {
  const { realpath, stat } = fileSystem();
  try {
    const target = await realpath(path);
    const found = await stat(target);
    if (!found.isFile()) return undefined;
    return { path: target.replaceAll("\\", "/"), bytes: found.size, mode: found.mode & 0o777 };
  } catch (error) {
    return orNothing(error);
  }
}

/** Where a folder really lies. Throws the system's error. */
export const realFolder = async (path: string): Promise<string> =>
  (await fileSystem().realpath(path)).replaceAll("\\", "/");

/** Whether a path itself, not what a link at it leads to, is a regular file. */
export async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await fileSystem().lstat(path)).isFile();
  } catch {
    return false;
  }
}

/** Whether a path itself is a symbolic link, wherever it leads. */
export async function isLink(path: string): Promise<boolean> {
  try {
    return (await fileSystem().lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Whether a file may be executed by somebody, as its mode says; on Windows that says nothing. */
export async function isExecutable(path: string): Promise<boolean> {
  if (process.platform === "win32") return true;
  try {
    return ((await fileSystem().stat(path)).mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** Copies a file's content to a new one. Folders on the way are made for the owner only. Throws the system's error. */
export async function copyContent(from: string, to: string): Promise<void> {
  const { constants, copyFile } = fileSystem();
  await makeParent(to);
  await copyFile(from, to, constants.COPYFILE_EXCL);
}

/** The same, packed by zstd. */
export const packContent = (from: string, to: string): Promise<void> =>
  writeCompressed(to, Bun.file(from).stream(), "usual");

/** Writes pieces to a file that is not there yet. Throws the system's error and leaves no half file. */
export async function writePieces(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  mode: number,
): Promise<void> {
  const { open, rm } = fileSystem();
  await makeParent(path);
  const file = await open(path, "wx", mode);
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.close();
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

export async function setMode(path: string, mode: number): Promise<void> {
  await fileSystem().chmod(path, mode);
}

/** Puts a finished folder where one of an earlier attempt may be. */
export async function replaceFolder(from: string, to: string): Promise<void> {
  const { rename, rm } = fileSystem();
  await rm(to, { recursive: true, force: true });
  await rename(from, to);
}

/** Names in a folder, sorted; none where there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await fileSystem().readdir(folder)).sort();
  } catch (error) {
    return orNothing(error) ?? [];
  }
}

/** Removes a file or a link, never a folder; one that is not there is as good as removed. Throws the system's error. */
export async function removeFile(path: string): Promise<void> {
  const { unlink } = fileSystem();
  await unlink(path).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  });
}

/** Removes a folder with all that is in it. */
export async function removeTree(path: string): Promise<void> {
  await fileSystem().rm(path, { recursive: true, force: true });
}

async function makeParent(path: string): Promise<void> {
  await fileSystem().mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
}

function orNothing(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "EPERM"].includes(code)) return undefined;
  throw error;
}

/**
 * Absolute paths below a folder that match a glob, in the order of their paths: files and links to whatever, but
 * nothing behind a link to a folder. A folder that vanishes in the middle ends the scan.
 */
export async function globFilesAndLinks(pattern: string, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  try {
    const options = { cwd: folder, absolute: true, dot: true, onlyFiles: false, followSymlinks: false };
    for await (const path of new Bun.Glob(pattern).scan(options)) found.push(path.replaceAll("\\", "/"));
  } catch (error) {
    orNothing(error);
  }
  return found.sort();
}
