import type { FolderFiles } from "./folder-view";

/** A function of a folder's files that does its work once for each folder: what the root says is asked by every member. */
export function onceAFolder<T>(work: (folder: FolderFiles) => T): (folder: FolderFiles) => T {
  const known = new WeakMap<FolderFiles, { readonly value: T }>();
  return (folder) => {
    let entry = known.get(folder);
    if (entry === undefined) known.set(folder, (entry = { value: work(folder) }));
    return entry.value;
  };
}
