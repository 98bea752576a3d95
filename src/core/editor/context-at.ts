import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import type { KeyPart, PairNode, Section, ValueNode } from "./outline";
import { insideQuotes } from "./text-model";
import type { TextModel } from "./text-model";

/** What somebody is writing at an offset. `span` is what a completion would replace, `prefix` the part before the offset. */
export type EditorContext =
  | { readonly kind: "none" }
  | { readonly kind: "header"; readonly parent: KeyPath; readonly prefix: string; readonly span: Span }
  | {
      readonly kind: "key";
      /** The table that the key stands in, dotted parts before it included. */
      readonly table: KeyPath;
      readonly prefix: string;
      readonly span: Span;
      readonly hasEquals: boolean;
    }
  | {
      readonly kind: "value";
      readonly path: KeyPath;
      readonly node: ValueNode | undefined;
      /** Whether the offset is between quotes; the span is what stands between them. */
      readonly inString: boolean;
      readonly prefix: string;
      readonly span: Span;
    };

const NONE: EditorContext = { kind: "none" };

/** What stands at an offset, as far as the text tells. */
export function contextAt(model: TextModel, offset: number): EditorContext {
  const { outline, text } = model;
  if (outline.comments.some(({ start, end }) => offset > start && offset <= end)) return NONE;
  const section = model.sectionAt(offset);
  const { header } = section;
  if (header !== undefined && offset > header.span.start && offset <= header.span.end) {
    const isBehind = header.closed && offset >= header.span.end - (header.isArray ? 1 : 0);
    return isBehind ? NONE : headerContext(text, section, offset);
  }
  const isHeaderLine =
    header !== undefined && offset > header.span.end && !text.slice(header.span.end, offset).includes("\n");
  if (isHeaderLine) return header.closed ? NONE : headerContext(text, section, offset);
  return inPairs(text, section.pairs, { table: section.path, offset });
}

function headerContext(text: string, { header }: Section, offset: number): EditorContext {
  const keys = header?.keys ?? [];
  const { parents, prefix, span } = keyAround(text, keys, offset);
  return { kind: "header", parent: parents, prefix, span };
}

interface KeyAround {
  readonly parents: readonly string[];
  readonly prefix: string;
  readonly span: Span;
}

/** The part of a dotted key that an offset touches, and the parts before it. */
function keyAround(text: string, keys: readonly KeyPart[], offset: number): KeyAround {
  const index = keys.findIndex(({ span }) => offset >= span.start && offset <= span.end);
  const touched = keys[index];
  if (touched === undefined) {
    const parents = keys.filter(({ span }) => span.end < offset).map(({ name }) => name);
    return { parents, prefix: "", span: { start: offset, end: offset } };
  }
  const parents = keys.slice(0, index).map(({ name }) => name);
  const prefix = text.slice(touched.span.start, offset).replace(/^["']/, "");
  return { parents, prefix, span: touched.span };
}

interface Where {
  readonly table: KeyPath;
  readonly offset: number;
}

function inPairs(text: string, pairs: readonly PairNode[], { table, offset }: Where): EditorContext {
  const pair = pairs.findLast(({ span }) => span.start <= offset);
  const fresh: EditorContext = {
    kind: "key",
    table,
    prefix: "",
    span: { start: offset, end: offset },
    hasEquals: false,
  };
  if (pair === undefined) return fresh;
  if (pair.equals === undefined || offset <= pair.equals) {
    const isBelow = text.slice(pair.keys.at(-1)?.span.end ?? pair.span.end, offset).includes("\n");
    return isBelow ? fresh : keyContext(text, pair, { table, offset });
  }
  const { value } = pair;
  if (offset <= value.span.end || (isOpenEnded(value) && !isFinished(text, value, offset)))
    return inValue(text, value, { path: pair.path, offset });
  const between = text.slice(value.span.end, offset);
  if (value.kind === "missing")
    return /\n/.test(between) ? fresh : inValue(text, value, { path: pair.path, offset });
  return /[\n,]/.test(between) ? fresh : NONE;
}

/** Whether what comes behind a value may still belong to it. */
function isOpenEnded(value: ValueNode): boolean {
  return (value.kind === "array" || value.kind === "table") && !value.closed;
}

/** A line below an open bracket belongs to it only where a comma or bracket says that more is to come. */
function isFinished(text: string, { span }: ValueNode, offset: number): boolean {
  return text.slice(span.end, offset).includes("\n") && !/[[{,]\s*$/.test(text.slice(span.start, offset));
}

function keyContext(text: string, pair: PairNode, { table, offset }: Where): EditorContext {
  const { parents, prefix, span } = keyAround(text, pair.keys, offset);
  const isBehind =
    offset > (pair.keys.at(-1)?.span.end ?? 0) && !/\.\s*$/.test(text.slice(0, offset).slice(-8));
  if (isBehind && parents.length > 0) return NONE;
  return {
    kind: "key",
    table: [...table, ...parents],
    prefix,
    span,
    hasEquals: pair.equals !== undefined,
  };
}

interface ValuePlace {
  readonly path: KeyPath;
  readonly offset: number;
}

function inValue(text: string, node: ValueNode, { path, offset }: ValuePlace): EditorContext {
  switch (node.kind) {
    case "string": {
      const span = insideQuotes(text, node);
      if (offset < span.start || offset > span.end) return NONE;
      return { kind: "value", path, node, inString: true, prefix: text.slice(span.start, offset), span };
    }
    case "word": {
      const { span } = node;
      return { kind: "value", path, node, inString: false, prefix: text.slice(span.start, offset), span };
    }
    case "missing":
      return {
        kind: "value",
        path,
        node: undefined,
        inString: false,
        prefix: "",
        span: { start: offset, end: offset },
      };
    case "table":
      if (offset <= node.span.start || (node.closed && offset >= node.span.end)) return NONE;
      return inPairs(text, node.pairs, { table: path, offset });
    case "array":
      return inArray(text, node, { path, offset });
  }
}

function inArray(
  text: string,
  node: ValueNode & { readonly kind: "array" },
  { path, offset }: ValuePlace,
): EditorContext {
  if (offset <= node.span.start || (node.closed && offset >= node.span.end)) return NONE;
  const index = node.items.findLastIndex(({ span }) => span.start <= offset);
  const item = node.items[index];
  if (item !== undefined && (offset <= item.span.end || isOpenEnded(item)))
    return inValue(text, item, { path: [...path, index], offset });
  const missing: ValueNode = { kind: "missing", span: { start: offset, end: offset } };
  return inValue(text, missing, { path: [...path, index + 1], offset });
}
