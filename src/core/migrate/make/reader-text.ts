import type { LogicalLine } from "./logical-lines";

export const wordsOf = (text: string | undefined): readonly string[] =>
  (text ?? "").split(/\s+/).filter((word) => word !== "");

/** Stands for the folder of the Makefile in names of targets and prerequisites. */
export const FOLDER_MARK = "\u0001";

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

/** The text behind the targets of a rule: the pattern of a static rule, prerequisites, and those behind `|`. */
export function prerequisiteParts(rest: string): {
  readonly pattern: string | undefined;
  readonly before: string;
  readonly after: string;
} {
  const colon = rest.indexOf(":");
  const isStatic = colon !== -1 && rest.slice(0, colon).includes("%");
  const list = isStatic ? rest.slice(colon + 1) : rest;
  const bar = list.indexOf("|");
  return {
    pattern: isStatic ? rest.slice(0, colon).trim() : undefined,
    before: bar === -1 ? list : list.slice(0, bar),
    after: bar === -1 ? "" : list.slice(bar + 1),
  };
}
