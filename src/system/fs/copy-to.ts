import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { fileSystem } from "#system/runtime-modules";

/** Copies a file, or a link as a link, with its permissions. Folders on the way are made. The reason where it can't be. */
export async function copyTo(from: string, to: string): Promise<Result<void, string>> {
  const { copyFile, lstat, mkdir, readlink, symlink } = fileSystem();
  try {
    await mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    const found = await lstat(from);
    if (found.isSymbolicLink()) await symlink(await readlink(from), to);
    else if (found.isFile()) await copyFile(from, to);
    return ok(undefined);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    // Listed by git and deleted since: there is nothing to copy.
    return error.code === "ENOENT" ? ok(undefined) : err(error.message);
  }
}
