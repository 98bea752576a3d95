import type { AST } from "toml-eslint-parser";
import { err, ok, type Result } from "#base/result";
import { CommentQueue } from "./comment-queue";
import { keyText, valueText } from "./format-value";
import type { ReadFailure } from "./read-failure";
import { readValues } from "./read-values";
import { headerRange, syntaxTree } from "./syntax-tree";

/** One line (or value of several lines) of the formatted file. */
interface Item {
  readonly kind: "header" | "pair" | "comment";
  readonly text: string;
  /** Whether the source has an empty line before it. */
  readonly apart: boolean;
}

/**
 * The text in zr's layout: one empty line before each table (above its comments), at most one elsewhere, ` = ` around
 * equals signs, arrays on one line if they fit 100 columns, else one element a line. Comments and the order of keys
 * are kept, scalars stay as written, values do not change, and formatting twice gives the same as once. Line ends stay
 * CRLF where the first one outside of strings is; a byte order mark is dropped. A text that can't be read is refused.
 */
export function formatToml(source: string): Result<string, ReadFailure> {
  const text = source.replace(/^\ufeff/, "");
  const values = readValues(text);
  if (!values.ok) return values;
  const tree = syntaxTree(text);
  if (!tree.ok) return err({ kind: "syntax", ...tree.error });
  const eol = lineEndOf(text, tree.value);
  return ok(layOut(itemsOf(text, tree.value, eol), eol));
}

/** The first line end outside of strings. */
function lineEndOf(text: string, tree: AST.TOMLProgram): string {
  let at = 0;
  for (const token of tree.tokens) {
    if (!token.type.startsWith("MultiLine")) continue;
    const found = /\r?\n/.exec(text.slice(at, token.range[0]))?.[0];
    if (found !== undefined) return found;
    at = token.range[1];
  }
  return /\r?\n/.exec(text.slice(at))?.[0] ?? "\n";
}

function itemsOf(text: string, tree: AST.TOMLProgram, eol: string): readonly Item[] {
  const comments = new CommentQueue(text, tree.comments);
  const items: Item[] = [];
  const isApart = (offset: number): boolean => isBelowEmptyLine(text, offset);
  const add = (kind: "header" | "pair", range: readonly [number, number], print: () => string): void => {
    for (const comment of comments.before(range[0])) {
      items.push({ kind: "comment", text: comment.text, apart: isApart(comment.start) });
    }
    const body = print();
    const trailing = comments.onLineAfter(range[1]);
    items.push({
      kind,
      text: trailing === undefined ? body : `${body} ${trailing.text}`,
      apart: isApart(range[0]),
    });
  };
  const addPair = (pair: AST.TOMLKeyValue): void => {
    add("pair", pair.range, () => {
      const key = `${keyText(text, pair.key)} = `;
      return (
        key + valueText({ text, comments, eol }, pair.value, { indent: 0, before: key.length, after: 0 })
      );
    });
  };
  for (const node of tree.body[0].body) {
    if (node.type === "TOMLKeyValue") {
      addPair(node);
      continue;
    }
    const key = keyText(text, node.key);
    add("header", headerRange(text, node), () => (node.kind === "array" ? `[[${key}]]` : `[${key}]`));
    node.body.forEach(addPair);
  }
  for (const comment of comments.before(text.length + 1)) {
    items.push({ kind: "comment", text: comment.text, apart: isApart(comment.start) });
  }
  return items;
}

/** Whether nothing but blanks stands before an offset on its line, and on the line above. */
function isBelowEmptyLine(text: string, offset: number): boolean {
  const skipBlanks = (from: number): number => {
    let at = from;
    while (text.charAt(at) === " " || text.charAt(at) === "\t") at -= 1;
    return at;
  };
  let at = skipBlanks(offset - 1);
  if (text.charAt(at) !== "\n") return false;
  at -= text.charAt(at - 1) === "\r" ? 2 : 1;
  return text.charAt(skipBlanks(at)) === "\n";
}

function layOut(items: readonly Item[], eol: string): string {
  let out = "";
  for (const [index, item] of items.entries()) {
    const previous = items[index - 1];
    if (previous !== undefined) {
      out += eol;
      if (startsTable(items, index) || (item.apart && previous.kind !== "header")) out += eol;
    }
    out += item.text;
  }
  return out === "" ? "" : out + eol;
}

/** Whether an item is a table's header or the first of the comments that stand right above one. */
function startsTable(items: readonly Item[], index: number): boolean {
  const item = items[index];
  if (item?.kind === "header") return items[index - 1]?.kind !== "comment" || item.apart;
  const isBlockStart = item?.kind === "comment" && (item.apart || items[index - 1]?.kind !== "comment");
  if (!isBlockStart) return false;
  let next = index + 1;
  while (items[next]?.kind === "comment" && items[next]?.apart === false) next += 1;
  return items[next]?.kind === "header" && items[next]?.apart === false;
}
