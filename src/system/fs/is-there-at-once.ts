import { noteMissing, noteRead } from "./read-trace";

/** The time that the runtime gives for what is not there. */
const NO_TIME = 2 ** 52 - 1;

/**
 * Whether something is at a path, asked without giving others their turn. By the runtime's own files: the file system's
 * calls that block would have to be loaded, which takes longer than hundreds of looks.
 */
export function isThereAtOnce(path: string): boolean {
  noteRead(path);
  const found = looksThere(path);
  if (found === false) noteMissing(path);
  return found === true;
}

/** The same for who looks again at what has been noted; undefined where it can't be looked at, or its name is too long. */
export function looksThere(path: string): boolean | undefined {
  try {
    return Bun.file(path).lastModified < NO_TIME;
  } catch {
    return undefined;
  }
}
