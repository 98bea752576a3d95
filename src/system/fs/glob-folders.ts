import { folderEntries } from "./file-entry";
import { noteRead } from "./read-trace";

/**
 * Notes every folder whose content decides which files below `folder` match a glob: what would be looked into, level by
 * level. A `**` looks everywhere; links to folders are followed by a level of its own only, as the runtime's scan does.
 */
export function noteGlobFolders(pattern: string, folder: string): void {
  const levels = pattern.split("/").filter((level) => level !== "." && level !== "");
  let folders: readonly string[] = [folder];
  for (const level of levels.slice(0, -1)) {
    if (level === "**") {
      for (const top of folders) noteBelow(top);
      return;
    }
    for (const place of folders) noteRead(place);
    folders = folders.flatMap((place) => matching(level, place));
  }
  const note = levels.at(-1) === "**" ? noteBelow : noteRead;
  for (const place of folders) note(place);
}

function matching(level: string, folder: string): readonly string[] {
  if (!/[*?[{\\]/.test(level)) return [`${folder}/${level}`];
  const glob = new Bun.Glob(level);
  return folderEntries(folder)
    .filter(({ name }) => glob.match(name))
    .map(({ name }) => `${folder}/${name}`);
}

function noteBelow(top: string): void {
  const open = [top];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const { name, isFolder } of folderEntries(next)) if (isFolder) open.push(`${next}/${name}`);
}
