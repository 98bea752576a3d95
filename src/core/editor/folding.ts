import type { Span } from "#base/span";
import type { ValueNode } from "./outline";
import type { TextModel } from "./text-model";

export interface Fold extends Span {
  readonly kind: "region" | "comment";
}

/** Tables, values of several lines, and blocks of comments. */
export function folds({ outline, text, lines }: TextModel): readonly Fold[] {
  const found: Fold[] = [];
  const add = (start: number, end: number, kind: Fold["kind"]): void => {
    if (lines.positionAt(start).line < lines.positionAt(end).line) found.push({ start, end, kind });
  };
  for (const { header, span, pairs } of outline.sections) {
    const last = pairs.at(-1)?.span.end;
    if (header !== undefined && last !== undefined) add(span.start, last, "region");
    for (const { value } of pairs) for (const inner of nested(value)) add(inner.start, inner.end, "region");
  }
  let block: { start: number; end: number } | undefined;
  for (const comment of outline.comments) {
    const isNext = block !== undefined && /^\r?\n[ \t]*$/.test(text.slice(block.end, comment.start));
    if (block !== undefined && isNext) block.end = comment.end;
    else {
      if (block !== undefined) add(block.start, block.end, "comment");
      block = { ...comment };
    }
  }
  if (block !== undefined) add(block.start, block.end, "comment");
  return found;
}

function nested(value: ValueNode): Span[] {
  if (value.kind === "array") return [value.span, ...value.items.flatMap(nested)];
  if (value.kind === "table") return [value.span, ...value.pairs.flatMap((pair) => nested(pair.value))];
  return value.kind === "string" ? [value.span] : [];
}
