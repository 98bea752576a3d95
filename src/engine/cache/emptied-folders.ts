/**
 * Searched folders that may be empty after outputs have been removed, the lower ones first: those that these lay in and,
 * where they were folders, they themselves. What else was searched is somebody's own, empty or not.
 *
 * @param removed absolute paths
 * @param searched whether a folder was searched for outputs
 */
export function emptiedFolders(
  removed: Iterable<string>,
  searched: { readonly has: (path: string) => boolean },
): readonly string[] {
  const found = new Set<string>();
  for (const path of removed) {
    if (searched.has(path)) found.add(path);
    for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1)) {
      const folder = path.slice(0, cut);
      if (found.has(folder) || !searched.has(folder)) break;
      found.add(folder);
    }
  }
  return [...found].sort((a, b) => b.length - a.length);
}
