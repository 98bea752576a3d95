import { splitWords } from "#base/split-words";
import { parseReference, resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { nearCommands } from "./near-commands";

/** What the first word of a command line means where it is no command. */
export type Named =
  | { readonly kind: "task" }
  | { readonly kind: "alias"; readonly words: readonly string[] }
  | { readonly kind: "later"; readonly feature: string }
  | { readonly kind: "unknown"; readonly near: readonly string[] };

export interface NameScope {
  readonly workspace: Workspace;
  readonly later: string | undefined;
  /** Names of commands, for suggestions. */
  readonly known: () => readonly string[];
  /** Whether the tasks of all packages are meant, as at the root. */
  readonly everywhere?: boolean;
}

/** A task goes before a shortcut of the user's, and both before a command that is still to come. */
export function nameOf(word: string, { workspace, later, known, everywhere = false }: NameScope): Named {
  const { name } = parseReference(word);
  const origin = { pkg: workspace.current };
  if (resolveReference(workspace, origin, name).length > 0) return { kind: "task" };
  if (
    (everywhere || workspace.current === workspace.rootPackage) &&
    resolveReference(workspace, origin, `*:${name}`).length > 0
  )
    return { kind: "task" };
  const alias = workspace.current.config.files
    .map((file) => aliasOf(file.document.alias, word))
    .findLast((text) => text !== undefined);
  if (alias !== undefined) return { kind: "alias", words: splitWords(alias) };
  if (later !== undefined) return { kind: "later", feature: later };
  return { kind: "unknown", near: nearCommands(word, known()) };
}

const aliasOf = (table: Readonly<Record<string, string>> | undefined, word: string): string | undefined =>
  table !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;

/**
 * The command line that a shortcut stands for together with what was given beside its name. Options that were given
 * come behind those of the shortcut, so that they win. Where the shortcut has a `--`, words and arguments follow what
 * it has behind that, and a later `--` is one of them.
 */
export function expandShortcut(
  shortcut: readonly string[],
  {
    options,
    words,
    extra,
  }: {
    readonly options: readonly string[];
    readonly words: readonly string[];
    readonly extra: readonly string[];
  },
): readonly string[] {
  const dashes = shortcut.indexOf("--");
  if (dashes === -1)
    return [...shortcut, ...options, ...words, ...(extra.length > 0 ? ["--", ...extra] : [])];
  const divided = words.length > 0 && extra.length > 0 ? ["--", ...extra] : extra;
  return [...shortcut.slice(0, dashes), ...options, ...shortcut.slice(dashes), ...words, ...divided];
}
