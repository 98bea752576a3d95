/** Folders below `.zr` in which zr remembers what it has done. What else lies there may be anything's input. */
const MEMORY = ["cache", "history", "run"];

/** Tells for an absolute path whether it lies in what zr itself remembers of a workspace, on which nothing depends. */
export function isOwnState(root: string): (path: string) => boolean {
  const state = `${root}/.zr/`;
  const folders = MEMORY.map((name) => `${state}${name}/`);
  return (path) => path.startsWith(state) && folders.some((folder) => path.startsWith(folder));
}
