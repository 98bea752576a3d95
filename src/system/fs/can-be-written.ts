import { dirname } from "#base/path";
import { fileSystem } from "#system/runtime-modules";

/** Why nothing can be written to a folder, as the system says it; undefined where it can be. Above one that is not there yet, the next that is. */
export async function canBeWritten(path: string): Promise<string | undefined> {
  const { access, constants } = fileSystem();
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      await access(folder, constants.W_OK | constants.X_OK);
      return undefined;
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      if (error.code !== "ENOENT" || dirname(folder) === folder) return error.message;
    }
  }
}
