import { err, ok, type Result } from "#base/result";
import { drawNumber } from "./draw-number";
import { fileSystem } from "#system/runtime-modules";
import { systemReason } from "./system-reason";

/**
 * Writes a file at once: nobody ever sees half of it, and a failure leaves the old one. Folders on the way are made.
 * An existing file keeps its mode; through a symbolic link its target is written. A device or a pipe can't be replaced
 * and is written as it is.
 *
 * @param newMode the mode of a file that is not there yet; as the umask says where it is left out.
 * @returns the reason as the system says it where the file can't be written.
 */
export async function writeFileAtomically(
  path: string,
  text: string | Uint8Array,
  newMode?: number,
): Promise<Result<void, string>> {
  const { chmod, mkdir, realpath, rename, rm, stat, writeFile } = fileSystem();
  let temporary: string | undefined;
  try {
    const target = await realpath(path).catch(orMissing(path));
    const found = await stat(target).catch(orMissing(undefined));
    if (found?.isDirectory() === true) return err("it is a folder");
    if (found?.isFile() === false) return ok(await writeFile(target, text));
    const mode = found === undefined ? newMode : found.mode & 0o7777;
    await mkdir(target.slice(0, target.lastIndexOf("/")) || "/", { recursive: true });
    // What a killed process of the same number has left is in nobody's way: in containers all have the same.
    const drawn = `${process.pid}-${drawNumber()}-${Math.trunc(performance.timeOrigin)}`;
    const place = `${target}.${drawn}.tmp`;
    temporary = place;
    await writeFile(place, text, { flag: "wx", ...(mode === undefined ? {} : { mode }) });
    if (mode !== undefined) await chmod(place, mode);
    await rename(place, target);
    return ok(undefined);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true });
    if (!(error instanceof Error && "code" in error)) throw error;
    return err(systemReason(error));
  }
}

function orMissing<T>(fallback: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return fallback;
    throw error;
  };
}
