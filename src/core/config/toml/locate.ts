import type { AST } from "toml-eslint-parser";
import type { KeyPath } from "#base/diagnostic";
import { ok, type Result } from "#base/result";
import type { Span } from "#base/span";
import { decodedOffsets } from "./string-offsets";
import { headerRange, type SyntaxFailure, syntaxTree } from "./syntax-tree";

/** The places of everything in one TOML text. All offsets are UTF-16 code units of the text, byte order mark included. */
export interface PositionedDocument {
  /** Path of the last table header, `[]` if there is none: where a line added at the end would go. */
  readonly lastTable: KeyPath;
  /**
   * Range of an entry's key, value or header. A table made by a header has its header as value; what an entry lacks is
   * replaced by what it has, and an entry that does not exist by its nearest parent. Undefined if no parent exists either.
   */
  spanOf(path: KeyPath, target: "key" | "value" | "header"): Span | undefined;
  /** Whether the path itself is in the text. */
  has(path: KeyPath): boolean;
  /** The most inner entry around an offset; a table reaches to the next header. */
  pathAt(offset: number): KeyPath;
  /** The comment lines right above an entry, without `#` and one blank. */
  commentsBefore(path: KeyPath): readonly string[];
  /** File range of a range of the decoded string at a path; undefined if there is no string. */
  withinString(path: KeyPath, within: Span): Span | undefined;
}

interface Entry {
  readonly path: KeyPath;
  readonly children: Map<string | number, Entry>;
  key?: Span;
  header?: Span;
  value?: AST.TOMLContentNode;
}

interface Region {
  readonly span: Span;
  readonly path: KeyPath;
}

/** Reads a text with positions; about 5 µs a line, so only for when a place is asked for. */
export function openDocument(text: string): Result<PositionedDocument, SyntaxFailure> {
  const tree = syntaxTree(text);
  return tree.ok ? ok(new Document(text, tree.value)) : tree;
}

const spanOfRange = (range: readonly [number, number]): Span => ({ start: range[0], end: range[1] });
const nameOf = (part: AST.TOMLBare | AST.TOMLQuoted): string =>
  part.type === "TOMLBare" ? part.name : part.value;

class Document implements PositionedDocument {
  readonly lastTable: KeyPath;
  readonly #text: string;
  readonly #tree: AST.TOMLProgram;
  readonly #root: Entry = { path: [], children: new Map() };
  /** Outer regions before inner ones. */
  readonly #regions: Region[] = [];

  constructor(text: string, tree: AST.TOMLProgram) {
    this.#text = text;
    this.#tree = tree;
    const body = tree.body[0].body;
    for (const [index, node] of body.entries()) {
      if (node.type === "TOMLTable") this.#addTable(node, body[index + 1]?.range[0] ?? text.length);
      else this.#addKeyValue(this.#root, node);
    }
    this.lastTable = body.findLast((node) => node.type === "TOMLTable")?.resolvedKey ?? [];
  }

  spanOf(path: KeyPath, target: "key" | "value" | "header"): Span | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const entry = this.#find(path.slice(0, length));
      if (entry === undefined) continue;
      const value = entry.value === undefined ? undefined : spanOfRange(entry.value.range);
      const found =
        target === "key"
          ? (entry.key ?? value ?? entry.header)
          : target === "value"
            ? (value ?? entry.header ?? entry.key)
            : (entry.header ?? entry.key ?? value);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  has(path: KeyPath): boolean {
    return this.#find(path) !== undefined;
  }

  pathAt(offset: number): KeyPath {
    return this.#regions.findLast(({ span }) => offset >= span.start && offset <= span.end)?.path ?? [];
  }

  commentsBefore(path: KeyPath): readonly string[] {
    const entry = this.#find(path);
    const start = entry?.header?.start ?? entry?.key?.start ?? entry?.value?.range[0];
    if (start === undefined) return [];
    const lines: string[] = [];
    let lineStart = this.#text.lastIndexOf("\n", start - 1) + 1;
    while (lineStart > 0) {
      const previous = this.#text.lastIndexOf("\n", lineStart - 2) + 1;
      const line = this.#text
        .slice(previous, lineStart)
        .replace(/^\ufeff/, "")
        .trim();
      if (!line.startsWith("#") || !this.#isComment(previous, lineStart)) break;
      lines.unshift(line.replace(/^# ?/, ""));
      lineStart = previous;
    }
    return lines;
  }

  withinString(path: KeyPath, within: Span): Span | undefined {
    const value = this.#find(path)?.value;
    if (value === undefined || value.type !== "TOMLValue" || value.kind !== "string") return undefined;
    const [start, end] = value.range;
    const offsets = decodedOffsets(this.#text.slice(start, end));
    const last = offsets.length - 1;
    const first = Math.min(within.start, last);
    return {
      start: start + (offsets[first] ?? 0),
      end: start + (offsets[Math.max(first, Math.min(within.end, last))] ?? 0),
    };
  }

  #isComment(from: number, to: number): boolean {
    return this.#tree.comments.some((comment) => comment.range[0] >= from && comment.range[1] <= to);
  }

  #find(path: KeyPath): Entry | undefined {
    let entry: Entry | undefined = this.#root;
    for (const key of path) entry = entry?.children.get(key);
    return entry;
  }

  #child(parent: Entry, key: string | number): Entry {
    let child = parent.children.get(key);
    if (child === undefined) {
      child = { path: [...parent.path, key], children: new Map() };
      parent.children.set(key, child);
    }
    return child;
  }

  #addTable(node: AST.TOMLTable, end: number): void {
    const header = spanOfRange(headerRange(this.#text, node));
    this.#regions.push({ span: { start: node.range[0], end: end - 1 }, path: node.resolvedKey });
    let entry = this.#root;
    let part = 0;
    for (const key of node.resolvedKey) {
      entry = this.#child(entry, key);
      const written = typeof key === "string" ? node.key.keys[part] : undefined;
      if (typeof key === "string") part += 1;
      if (written === undefined) continue;
      entry.key ??= spanOfRange(written.range);
      entry.header ??= header;
      this.#regions.push({ span: spanOfRange(written.range), path: entry.path });
    }
    // The table's own header wins over a longer one that came before it.
    entry.header = header;
    const last = node.key.keys.at(-1);
    if (last !== undefined) entry.key = spanOfRange(last.range);
    for (const pair of node.body) this.#addKeyValue(entry, pair);
  }

  #addKeyValue(table: Entry, pair: AST.TOMLKeyValue): void {
    let entry = table;
    const named = pair.key.keys.map((part) => {
      entry = this.#child(entry, nameOf(part));
      entry.key ??= spanOfRange(part.range);
      return { span: spanOfRange(part.range), path: entry.path };
    });
    this.#regions.push({ span: spanOfRange(pair.range), path: entry.path }, ...named);
    this.#addValue(entry, pair.value);
  }

  #addValue(entry: Entry, value: AST.TOMLContentNode): void {
    entry.value = value;
    if (value.type === "TOMLInlineTable") {
      for (const pair of value.body) this.#addKeyValue(entry, pair);
    } else if (value.type === "TOMLArray") {
      for (const [index, element] of value.elements.entries()) {
        const child = this.#child(entry, index);
        this.#regions.push({ span: spanOfRange(element.range), path: child.path });
        this.#addValue(child, element);
      }
    }
  }
}
