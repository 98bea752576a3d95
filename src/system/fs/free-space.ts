import { dirname } from "#base/path";
import { fileSystem } from "#system/runtime-modules";

/** Bytes that may still be written where a path is or will be; undefined where nobody knows. */
export async function freeSpace(path: string): Promise<number | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      const { bavail, bsize } = await fileSystem().statfs(folder);
      return bavail * bsize;
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isMissing || dirname(folder) === folder) return undefined;
    }
  }
}
