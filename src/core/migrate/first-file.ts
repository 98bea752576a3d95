import { resolveFrom } from "#base/path";
import type { SourceReader } from "./conversion";

/** The path of the first of the names that a text of the folder has; undefined where there is none. */
export async function firstFile(
  folder: string,
  names: readonly string[],
  reader: SourceReader,
): Promise<string | undefined> {
  for (const name of names) {
    const path = resolveFrom(folder, name);
    if ((await reader.readText(path)).kind === "text") return path;
  }
  return undefined;
}
