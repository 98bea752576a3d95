import { isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import type { Pair, ParsedNode } from "yaml";
import { err, ok, type Result } from "#base/result";

/** A YAML document as values, with what can be asked of its places. */
export interface OpenYaml {
  readonly value: unknown;
  /** Offset of the key or list element at a path. */
  readonly keyOffset: (path: readonly (string | number)[]) => number | undefined;
  readonly comments: (path: readonly (string | number)[]) => readonly string[];
}

/** Opens a YAML text; the error is the first thing that is wrong with it. */
export function openYaml(text: string, maxAliases: number): Result<OpenYaml, string> {
  try {
    const document = parseDocument(text, { merge: true, prettyErrors: true, logLevel: "silent" });
    const [first] = document.errors;
    if (first !== undefined)
      return err(first.message.split("\n", 1)[0]?.replace(/:$/, "") ?? "it is no YAML");
    const value: unknown = document.toJS({ maxAliasCount: maxAliases });
    const find = (path: readonly (string | number)[]): Found | undefined => findNode(document.contents, path);
    return ok({
      value,
      keyOffset: (path) => {
        const found = find(path);
        return found?.key?.range?.[0] ?? found?.value?.range?.[0];
      },
      comments: (path) => {
        const found = find(path);
        if (found === undefined) return [];
        const own = isScalar(found.value) ? found.value.comment : undefined;
        const above =
          found.key?.commentBefore ??
          found.above ??
          (found.key === undefined ? found.value?.commentBefore : undefined);
        return [above, own]
          .flatMap((comment) => (typeof comment === "string" ? comment.split("\n") : []))
          .map((line) => line.trim())
          .filter((line) => line !== "");
      },
    });
  } catch (error) {
    return err(error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : "it is no YAML");
  }
}

interface Found {
  readonly key: ParsedNode | undefined;
  readonly value: ParsedNode | undefined;
  /** A comment above a whole mapping belongs to its first key. */
  readonly above?: string | undefined;
}

function findNode(contents: ParsedNode | null, path: readonly (string | number)[]): Found | undefined {
  let found: Found = { key: undefined, value: contents ?? undefined };
  for (const step of path) {
    const node = found.value;
    if (isMap(node)) {
      const index = node.items.findIndex(
        (pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(step),
      );
      const pair: Pair<ParsedNode, ParsedNode | null> | undefined = node.items[index];
      if (pair === undefined) return undefined;
      found = {
        key: pair.key,
        value: pair.value ?? undefined,
        ...(index === 0 && typeof node.commentBefore === "string" ? { above: node.commentBefore } : {}),
      };
    } else if (isSeq(node) && typeof step === "number") {
      const item = node.items[step];
      if (item === undefined) return undefined;
      found = { key: undefined, value: item };
    } else return undefined;
  }
  return found;
}
