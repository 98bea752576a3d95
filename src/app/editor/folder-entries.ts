import { fileSystem } from "#system/runtime-modules";

/** More than anybody chooses from. */
const MOST = 300;

/** What a folder holds, in the order of the names, without hidden files; nothing where it can't be read. */
export async function folderEntries(
  folder: string,
): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]> {
  try {
    const entries = await fileSystem().readdir(folder, { withFileTypes: true });
    return entries
      .filter(({ name }) => !name.startsWith("."))
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, MOST);
  } catch {
    return [];
  }
}
