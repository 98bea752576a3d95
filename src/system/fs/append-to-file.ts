import { blockingFileSystem } from "#system/runtime-modules";

/**
 * Adds a short text to a file of the owner's at once, which is made where it is missing. False where its folder is missing.
 * Throws the system's error.
 */
export function appendToFile(path: string, text: string): boolean {
  const { closeSync, constants, openSync, writeSync } = blockingFileSystem();
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK = 0 } = constants;
  let file: number;
  try {
    // A pipe that nobody reads is refused, not waited for.
    file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
  try {
    writeSync(file, text);
    return true;
  } finally {
    closeSync(file);
  }
}
