import { noteRead } from "./read-trace";

/** Whether anything is at a path: a file, a folder, or the target of a link. */
export async function pathExists(path: string): Promise<boolean> {
  noteRead(path);
  try {
    await Bun.file(path).stat();
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // What can't be looked at is there; writing to it will say why it can't.
    return code !== "ENOENT" && code !== "ENOTDIR";
  }
}
