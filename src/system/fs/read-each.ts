import { fileSystem } from "#system/runtime-modules";
import { noteRead } from "./read-trace";

/** The text of the file `name` in each folder of `parent`, by the folder's name; folders without it are left out. */
export async function readEach(parent: string, name: string): Promise<ReadonlyMap<string, string>> {
  noteRead(parent);
  const folders = await fileSystem()
    .readdir(parent)
    .catch((): string[] => []);
  const texts = new Map<string, string>();
  for (const folder of folders) {
    noteRead(`${parent}/${folder}/${name}`);
    const text = await fileSystem()
      .readFile(`${parent}/${folder}/${name}`, "utf8")
      .catch(() => undefined);
    if (text !== undefined) texts.set(folder, text);
  }
  return texts;
}
