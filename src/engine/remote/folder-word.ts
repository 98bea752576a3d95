import { quotedWord } from "#base/shell-word";

/** A folder as one word of a POSIX shell; `~` at its start is the home folder there, and no name is taken for an option. */
export function folderWord(path: string): string {
  if (path === "~") return '"$HOME"';
  if (path.startsWith("~/")) return `"$HOME"/${quotedWord(path.slice(2))}`;
  return quotedWord(path.startsWith("/") ? path : `./${path}`);
}
