import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { fileSystem } from "#system/runtime-modules";

export interface PlacedFile {
  /** Relative to the folder, with `/` between its parts and none of them `..`. */
  readonly name: string;
  /** Permission bits. */
  readonly mode: number;
  readonly body: AsyncIterable<Uint8Array>;
}

let placed = 0;

/**
 * Puts a file below `folder`: by a temporary file and a rename, so that nobody sees half of it and a link in its place is
 * replaced, not followed. Folders on the way are made. A link on the way may not lead out of `folder`.
 *
 * @returns the reason where it can't be put there.
 */
export async function placeFile(folder: string, file: PlacedFile): Promise<Result<void, string>> {
  const { chmod, open, rename, rm } = fileSystem();
  const parts = file.name.split("/");
  if (file.name.includes("\0") || parts.some((part) => part === "" || part === "." || part === ".."))
    return err("its name leads out of the folder");
  let temporary: string | undefined;
  try {
    const parent = await makeParent(folder, parts.slice(0, -1));
    if (parent === undefined) return err("a link on the way leads out of the folder");
    placed += 1;
    temporary = `${parent}/.zr-${process.pid}-${placed}.tmp`;
    const handle = await open(temporary, "wx", 0o600);
    try {
      for await (const piece of file.body) await handle.writeFile(piece);
    } finally {
      await handle.close();
    }
    await chmod(temporary, file.mode);
    await rename(temporary, `${parent}/${parts.at(-1) ?? ""}`);
    temporary = undefined;
    return ok(undefined);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return err(error.message);
  } finally {
    if (temporary !== undefined) await rm(temporary, { force: true });
  }
}

/** The real path of a folder below `folder`, made where it is missing; undefined where a link leads out. */
async function makeParent(folder: string, parts: readonly string[]): Promise<string | undefined> {
  const { mkdir, realpath } = fileSystem();
  const root = await realpath(folder);
  let at = root;
  for (const part of parts) {
    const next = `${at}/${part}`;
    try {
      await mkdir(next);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    at = await realpath(next);
    if (at !== root && !at.startsWith(`${root}/`)) return undefined;
  }
  return at;
}
