/** The text as one word of a POSIX shell, whatever it holds. NUL can't be part of it. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A folder as one word; `~` at its start is the home folder there, and no name is taken for an option. */
export function folderWord(path: string): string {
  if (path === "~") return '"$HOME"';
  if (path.startsWith("~/")) return `"$HOME"/${shellWord(path.slice(2))}`;
  return shellWord(path.startsWith("/") ? path : `./${path}`);
}
