import { defaultOf, type Piece, type Pieces } from "#core/migrate/pieces";
import type { LogicalLine } from "./logical-lines";

export const wordsOf = (text: string | undefined): readonly string[] =>
  (text ?? "").split(/\s+/).filter((word) => word !== "");

/** Stands for the folder of the Makefile in names of targets and prerequisites. */
export const FOLDER_MARK = "\u0001";

/** Prerequisites with their defaults. */
export const prerequisiteText = (pieces: Pieces): string | undefined =>
  defaultOf(
    pieces.map((piece): Piece => (piece.kind === "folder" ? { kind: "text", text: FOLDER_MARK } : piece)),
  )?.replaceAll(/(^|\s)(?:\.\/)+(?=\S)/g, "$1");

/** Whether the whole line is one reference, such as a call that makes rules. */
export function topLevel(code: string): boolean {
  let depth = 0;
  for (let at = 1; at < code.length; at += 1) {
    if ("({".includes(code[at] ?? "")) depth += 1;
    else if (")}".includes(code[at] ?? "")) depth -= 1;
    if (depth === 0) return at === code.length - 1;
  }
  return false;
}

/** The comment at the top, where an empty line sets it apart. */
export function headerOf(lines: readonly LogicalLine[]): readonly string[] {
  const header: string[] = [];
  for (const { raw } of lines) {
    if (!raw.startsWith("#")) return raw.trim() === "" ? header : [];
    if (!raw.startsWith("#!")) header.push(raw.replace(/^#+\s?/, ""));
  }
  return header;
}
