import type { AST } from "toml-eslint-parser";
import { err, ok, type Result } from "#base/result";
import type { EditFailure } from "./edit";
import { readValues } from "./read-values";
import { syntaxTree } from "./syntax-tree";

/**
 * Removes a key with its value from a table, with the lines it stands on and what comments stand behind it; all else
 * stays as it is. A key of an inline table is not removed, nor one that shares its line with something else.
 *
 * @param path the names of the tables and the key.
 * @returns the new text; undefined where there is no such key.
 */
export function removeKey(text: string, path: readonly string[]): Result<string | undefined, EditFailure> {
  const tree = syntaxTree(text);
  if (!tree.ok) return err({ kind: "unreadable", failure: { kind: "syntax", ...tree.error } });
  const before = readValues(text);
  if (!before.ok) return err({ kind: "unreadable", failure: before.error });
  const wanted = without(before.value, path);
  if (wanted === undefined) return ok(undefined);
  const pair = findPair(tree.value.body[0].body, path);
  if (pair === undefined) return err({ kind: "not-possible", reason: "the entry is part of a larger value" });
  const start = text.lastIndexOf("\n", pair.range[0] - 1) + 1;
  const lineEnd = text.indexOf("\n", pair.range[1]);
  const edited = text.slice(0, start) + (lineEnd === -1 ? "" : text.slice(lineEnd + 1));
  const after = readValues(edited);
  const isRight =
    after.ok && (same(after.value, wanted) || same(after.value, without(wanted, path.slice(0, -1))));
  return isRight
    ? ok(edited)
    : err({ kind: "not-possible", reason: "the entry shares its line with others" });
}

function findPair(
  body: readonly (AST.TOMLKeyValue | AST.TOMLTable)[],
  path: readonly string[],
): AST.TOMLKeyValue | undefined {
  for (const node of body) {
    if (node.type === "TOMLTable") {
      const header = node.resolvedKey;
      const isOnWay = header.length < path.length && header.every((key, index) => key === path[index]);
      const inner = isOnWay ? findPair(node.body, path.slice(header.length)) : undefined;
      if (inner !== undefined) return inner;
    } else {
      const names = node.key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
      if (names.length === path.length && names.every((name, index) => name === path[index])) return node;
    }
  }
  return undefined;
}

const same = (one: unknown, other: unknown): boolean => Bun.deepEquals(one, other, true);

/** A copy of the value without the entry at the path; undefined where there is none. */
function without(value: unknown, path: readonly string[]): Record<string, unknown> | undefined {
  const [key] = path;
  if (key === undefined || typeof value !== "object" || value === null || !Object.hasOwn(value, key))
    return undefined;
  const entries = Object.entries(value);
  const inner = path.length === 1 ? undefined : without(Object.fromEntries(entries)[key], path.slice(1));
  if (path.length > 1 && inner === undefined) return undefined;
  return Object.fromEntries(
    entries.flatMap(([name, held]) =>
      name !== key ? [[name, held]] : inner === undefined ? [] : [[name, inner]],
    ),
  );
}
