import type { AST } from "toml-eslint-parser";
import type { CommentQueue } from "./comment-queue";

const maxColumns = 100;

interface Source {
  readonly text: string;
  readonly comments: CommentQueue;
  readonly eol: string;
}

interface Room {
  /** Columns of the indentation of the line the value starts on. */
  readonly indent: number;
  /** Columns taken before the value on its line, indentation not counted. */
  readonly before: number;
  /** Columns needed behind it, e.g. for a comma. */
  readonly after: number;
}

/** A key's parts as written, joined by dots without blanks. */
export function keyText(text: string, key: AST.TOMLKey): string {
  return key.keys.map((part) => text.slice(...part.range)).join(".");
}

/** A value in the file's layout; strings, numbers and dates stay as written. */
export function valueText(source: Source, value: AST.TOMLContentNode, room: Room): string {
  if (value.type === "TOMLValue") return source.text.slice(...value.range);
  const mustBreak = source.comments.hasBefore(value.range[1]);
  if (!mustBreak) {
    const line = flatText(source.text, value);
    // An inline table may be broken over lines only since TOML 1.1, so a long one without comments stays as it is.
    const fits = room.indent + room.before + line.length + room.after <= maxColumns && !line.includes("\n");
    if (fits || value.type === "TOMLInlineTable" || value.elements.length === 0) return line;
  }
  return value.type === "TOMLArray" ? brokenArray(source, value, room) : brokenTable(source, value, room);
}

function flatText(text: string, value: AST.TOMLContentNode): string {
  if (value.type === "TOMLValue") return text.slice(...value.range);
  if (value.type === "TOMLArray")
    return `[${value.elements.map((element) => flatText(text, element)).join(", ")}]`;
  if (value.body.length === 0) return "{}";
  const pairs = value.body.map((pair) => `${keyText(text, pair.key)} = ${flatText(text, pair.value)}`);
  return `{ ${pairs.join(", ")} }`;
}

function brokenArray(source: Source, array: AST.TOMLArray, room: Room): string {
  const indent = room.indent + 2;
  const parts = array.elements.map((element) => ({
    range: element.range,
    print: (): string => valueText(source, element, { indent, before: 0, after: 1 }),
  }));
  return broken(source, { open: "[", close: "]", end: array.range[1], parts }, room);
}

/** A table that stays on its lines unless comments stand between its pairs; those inside a value break only that. */
function brokenTable(source: Source, table: AST.TOMLInlineTable, room: Room): string {
  const ownComment = hasOwnComment(source.text, table);
  const indent = ownComment ? room.indent + 2 : room.indent;
  const parts = table.body.map((pair) => ({
    range: pair.range,
    print: (): string => {
      const key = `${keyText(source.text, pair.key)} = `;
      return key + valueText(source, pair.value, { indent, before: key.length, after: 1 });
    },
  }));
  if (!ownComment) return `{ ${parts.map((part) => part.print()).join(", ")} }`;
  return broken(source, { open: "{", close: "}", end: table.range[1], parts }, room);
}

function hasOwnComment(text: string, table: AST.TOMLInlineTable): boolean {
  let at = table.range[0];
  for (const pair of table.body) {
    if (text.slice(at, pair.range[0]).includes("#")) return true;
    at = pair.range[1];
  }
  return text.slice(at, table.range[1]).includes("#");
}

interface Parts {
  readonly open: string;
  readonly close: string;
  readonly end: number;
  readonly parts: readonly { readonly range: readonly [number, number]; readonly print: () => string }[];
}

function broken(source: Source, { open, close, end, parts }: Parts, room: Room): string {
  const margin = source.eol + " ".repeat(room.indent + 2);
  let out = open;
  for (const part of parts) {
    for (const comment of source.comments.before(part.range[0])) out += margin + comment.text;
    out += `${margin}${part.print()},`;
    const trailing = source.comments.onLineAfter(part.range[1]);
    if (trailing !== undefined) out += ` ${trailing.text}`;
  }
  for (const comment of source.comments.before(end)) out += margin + comment.text;
  return out + source.eol + " ".repeat(room.indent) + close;
}
