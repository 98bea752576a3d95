import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { fileSystem } from "#system/runtime-modules";

export interface Replacement {
  /** The program that is to be replaced, links followed. */
  readonly path: string;
  /** What it is replaced by, on the same file system. */
  readonly by: string;
  /** A path on the same file system where the old one is kept meanwhile; there is nothing yet. */
  readonly aside: string;
  /** A running program can't be overwritten there, only renamed. */
  readonly os: string;
}

/**
 * Puts a program in the place of another one, so that under its name there is always one of them whole, and looks
 * whether it is good. If not, the old one is back. Throws what the system says; nothing has changed then.
 *
 * @param isGood of the new program in its place; the error says what is wrong.
 */
export async function replaceProgram(
  { path, by, aside, os }: Replacement,
  isGood: () => Promise<Result<void, string>>,
): Promise<Result<void, string>> {
  const { rename, rm } = fileSystem();
  await takeAfter(path, by);
  if (os === "windows") await moveInto({ path, by, aside });
  else {
    await keep(path, aside);
    await rename(by, path);
  }
  const good = await isGood();
  if (good.ok) {
    // What still runs can't be removed on Windows; the next upgrade does it.
    await rm(aside, { force: true }).catch(() => undefined);
    return ok(undefined);
  }
  if (os === "windows") await rename(path, by);
  await rename(aside, path);
  return err(good.error);
}

/** Owner and mode of the old program; those who are not root have no other owner to give. */
async function takeAfter(path: string, by: string): Promise<void> {
  const { chmod, chown, stat } = fileSystem();
  const old = await stat(path);
  await chown(by, old.uid, old.gid).catch(() => undefined);
  await chmod(by, old.mode & 0o7777);
}

async function moveInto({ path, by, aside }: Omit<Replacement, "os">): Promise<void> {
  const { rename } = fileSystem();
  await rename(path, aside);
  try {
    await rename(by, path);
  } catch (error) {
    await rename(aside, path);
    throw error;
  }
}

/** A second name of the old program; a copy where the file system has no links. */
async function keep(path: string, aside: string): Promise<void> {
  const { copyFile, link } = fileSystem();
  await link(path, aside).catch(() => copyFile(path, aside));
}
