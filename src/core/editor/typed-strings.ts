import type { KeyPath } from "#base/diagnostic";
import type { Kind, StringFormat } from "#core/config/schema/kinds";
import { document } from "#core/config/schema/sections";
import type { PairNode, ValueNode } from "./outline";
import { optionsOf, schemaAt } from "./schema-walk";
import type { TextModel } from "./text-model";

/** A string value and what the schema says of it. */
export interface TypedString {
  readonly node: ValueNode & { readonly kind: "string" };
  readonly path: KeyPath;
  readonly format: StringFormat | "plain";
}

const known = new WeakMap<TextModel, readonly TypedString[]>();

/** Every string value of a document whose place the schema knows, in the order of the text. */
export function typedStrings(model: TextModel): readonly TypedString[] {
  let strings = known.get(model);
  if (strings === undefined) {
    const found: TypedString[] = [];
    for (const { path, pairs } of model.outline.sections) {
      const kinds = path.length === 0 ? optionsOf(document) : schemaAt(path)?.kinds;
      if (kinds !== undefined) walkPairs(pairs, kinds, { base: path.length, found });
    }
    strings = found;
    known.set(model, found);
  }
  return strings;
}

interface Walk {
  /** How many keys of a pair's path lead to the table that it stands in. */
  readonly base: number;
  readonly found: TypedString[];
}

function walkPairs(pairs: readonly PairNode[], kinds: readonly Kind[], { base, found }: Walk): void {
  for (const { path, value } of pairs) {
    let inner: readonly Kind[] = kinds;
    for (let at = base; at < path.length; at += 1) inner = step(inner, path[at] ?? "");
    if (inner.length > 0) walkValue(value, inner, { path, found });
  }
}

function step(kinds: readonly Kind[], key: string | number): readonly Kind[] {
  return kinds.flatMap((kind) => {
    if (kind.type === "any") return [kind];
    if (typeof key === "number") return kind.type === "list" ? optionsOf(kind.item) : [];
    if (kind.type === "map") return optionsOf(kind.value);
    const field = kind.type === "table" && Object.hasOwn(kind.fields, key) ? kind.fields[key] : undefined;
    return field === undefined ? [] : optionsOf(field.kind);
  });
}

function walkValue(
  node: ValueNode,
  kinds: readonly Kind[],
  { path, found }: { readonly path: KeyPath; readonly found: TypedString[] },
): void {
  if (node.kind === "string") {
    const kind = kinds.find(({ type }) => type === "string");
    if (kind?.type === "string") found.push({ node, path, format: kind.format ?? "plain" });
    else if (kinds.some(({ type }) => type === "any")) found.push({ node, path, format: "plain" });
  } else if (node.kind === "array") {
    const items = step(kinds, 0);
    if (items.length === 0) return;
    for (const [index, item] of node.items.entries())
      walkValue(item, items, { path: [...path, index], found });
  } else if (node.kind === "table") walkPairs(node.pairs, kinds, { base: path.length, found });
}
