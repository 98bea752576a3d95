import { noteRead } from "./read-trace";

/** The text of a file that this program has written itself; undefined where there is none or it can't be read. */
export async function readSmall(path: string): Promise<string | undefined> {
  noteRead(path);
  try {
    return await Bun.file(path).text();
  } catch {
    return undefined;
  }
}

/** The value of such a file, which holds JSON; undefined where there is none. */
export async function readSmallJson(path: string): Promise<unknown> {
  noteRead(path);
  try {
    return await Bun.file(path).json();
  } catch {
    return undefined;
  }
}
