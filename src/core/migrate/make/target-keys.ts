import type { TaskTable } from "#core/config/schema/sections";
import { shellWord } from "#base/shell-word";
import { renderShell, textPieces, type RenderOptions } from "#core/migrate/pieces";
import type { NameMarks } from "./name-marks";
import { FOLDER_MARK } from "./reader-text";
import type { Target } from "./target";

/** Names begin with a letter, a digit or `_`, and so do those that patterns stand for. */
export const patternName = (word: string): string => word.replace(/^[^\p{L}\p{N}_*]+/u, "");

export const inFolder = (word: string): string =>
  word.replaceAll(`${FOLDER_MARK}/`, "").replaceAll(FOLDER_MARK, ".");

export interface FileOptions extends RenderOptions {
  /** Prerequisites that are files. */
  readonly files: readonly string[];
  readonly isAlways: boolean;
  readonly marks: NameMarks;
}

/** make's rule for when a file is made again: it is missing or older than something that it is made of. */
export function fileKeys(target: Target, { files, isAlways, marks, ...options }: FileOptions): TaskTable {
  const isInside = (path: string): boolean =>
    !path.startsWith("/") && !path.startsWith("../") && !path.startsWith("~") && !/[\\[\]{}]/.test(path);
  const word = (name: string): string =>
    marks.isOpen(name)
      ? renderShell([...textPieces('"'), ...marks.piecesOf(name), ...textPieces('"')], options)
      : shellWord(inFolder(name));
  const output = target.name.replace(/\/$/, "");
  const newer =
    files.length === 0
      ? []
      : [`test -z "$(find ${files.map(word).join(" ")} -prune -newer ${word(output)} 2>&1)"`];
  const known = [output, ...files].map((name) => (marks.isOpen(name) ? "/" : inFolder(name)));
  const [made = "/", ...needed] = known;
  return {
    ...(isAlways ? {} : { status: [`test -e ${word(output)}`, ...newer] }),
    ...(needed.some(isInside) ? { inputs: needed.filter(isInside) } : {}),
    ...(isInside(made) ? { outputs: [made] } : {}),
  };
}

/** A task with nothing to do would be refused. */
export function finished(table: TaskTable): TaskTable {
  const isBody = table.cmd !== undefined || table.cmds !== undefined || table.script !== undefined;
  return isBody || table.deps !== undefined || table.deps_serial !== undefined
    ? table
    : { ...table, cmd: ":" };
}

/** The help of a target, and the other comments above it. */
export function descriptionOf({ rules, name }: Target): {
  readonly described: string | undefined;
  readonly comments: readonly string[];
} {
  const help = rules.map((rule) => rule.help).find((text) => text !== undefined && text !== "");
  const above = rules.flatMap((rule) => rule.comments).filter((line) => /[\p{L}\p{N}]/u.test(line));
  if (help !== undefined) return { described: help, comments: above };
  const [first, ...others] = above;
  if (first === undefined || first.length > 120) return { described: undefined, comments: above };
  const text = first.trim();
  const own = text.startsWith(`${name}:`)
    ? text.slice(name.length + 1).trim()
    : text.replace(/^@(?:help|desc)\s+/, "");
  return { described: own === "" ? undefined : own, comments: others };
}
