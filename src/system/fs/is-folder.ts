import { noteRead } from "./read-trace";

/** Whether a folder is there. */
export async function isFolder(path: string): Promise<boolean> {
  noteRead(path);
  try {
    return (await Bun.file(path).stat()).isDirectory();
  } catch {
    return false;
  }
}
