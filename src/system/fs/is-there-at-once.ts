import { noteMissing, noteRead } from "./read-trace";

/** The time that the runtime gives for what is not there. */
const NO_TIME = 2 ** 52 - 1;

/**
 * Whether something is at a path, asked without giving others their turn. By the runtime's own files: the file system's
 * calls that block would have to be loaded, which takes longer than hundreds of looks.
 */
export function isThereAtOnce(path: string): boolean {
  noteRead(path);
  try {
    const isThere = Bun.file(path).lastModified < NO_TIME;
    if (!isThere) noteMissing(path);
    return isThere;
  } catch {
    // It can't be looked at, or its name is too long.
    return false;
  }
}
