import { isTable, textAt } from "#base/value-at";
import type { Pieces } from "#core/migrate/pieces";
import type { Lookup } from "./template-filler";

/** What a loop over files needs of its task. */
export interface GlobLoopOptions {
  readonly lookup: Lookup;
  /** Paths under a key of the task, from its folder. */
  readonly globs: (key: string) => readonly string[];
  /** A template as shell text; undefined where it can't be expressed. */
  readonly shell: (source: string, lookup: Lookup) => string | undefined;
}

const ITEM: Pieces = [{ kind: "run", command: [{ kind: "text", text: 'printf %s "$ITEM"' }] }];

/**
 * `for: sources` of a command, with patterns that a shell knows too, as a loop of the shell, so that it goes through the
 * files that are there when it runs. Undefined where the loop is another one, or where a condition looks at the file.
 */
export function globLoop(item: unknown, { lookup, globs, shell }: GlobLoopOptions): string | undefined {
  if (!isTable(item) || (item["for"] !== "sources" && item["for"] !== "generates")) return undefined;
  const source = textAt(item, "cmd")?.trim();
  const paths = globs(item["for"]);
  const arePatterns =
    paths.length > 0 && paths.every((path) => /^[\w@%+:,./=*?-]+$/.test(path) && !path.includes("**"));
  const isLooked = /\{\{-?\s*(?:if|else|with|range|eq|ne|and|or|not)\b[^}]*\.ITEM\b/.test(source ?? "");
  if (source === undefined || source.includes("\n") || !arePatterns || isLooked) return undefined;
  const text = shell(source, (name) => (name === "ITEM" ? ITEM : lookup(name)));
  if (text === undefined) return undefined;
  const command = text.replaceAll('$(printf %s "$ITEM")', () => "$ITEM");
  return `for ITEM in ${paths.join(" ")}; do if [ -e "$ITEM" ]; then ${command}; fi; done`;
}
