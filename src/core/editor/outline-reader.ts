import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import { maxDepth } from "#core/config/toml/limits";
import { readWord } from "#core/config/toml/scalars";
import { TableBuilder } from "#core/config/toml/table-builder";
import { TomlStop } from "#core/config/toml/toml-stop";
import { putValue } from "#core/config/toml/values";
import type { OpenTable, TomlValue } from "#core/config/toml/values";
import type { KeyPart, Outline, OutlineProblem, PairNode, Section, ValueNode } from "./outline";
import { TextCursor } from "./text-cursor";

/**
 * Reads a TOML 1.1 text and goes on after each mistake: a line that makes no sense is left out, a string ends with its
 * line, an array or inline table ends where a header or, in an array, a new key begins. Takes time in proportion to the
 * text.
 */
export function readOutline(text: string): Outline {
  return new OutlineReader(text).read();
}

interface Draft {
  readonly header: Section["header"];
  readonly path: KeyPath;
  readonly start: number;
  readonly pairs: PairNode[];
}

class OutlineReader {
  readonly #text: string;
  readonly #cursor: TextCursor;
  readonly #sections: Section[] = [];
  readonly #builder = new TableBuilder();
  /** How many elements an array of tables has, by its path. */
  readonly #elements = new Map<string, number>();
  #draft: Draft = { header: undefined, path: [], start: 0, pairs: [] };
  /** Where the values of the section go; undefined where its header is not allowed. */
  #table: OpenTable | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#cursor = new TextCursor(text);
    this.#table = this.#builder.root;
  }

  read(): Outline {
    const cursor = this.#cursor;
    for (cursor.skipLines(); !cursor.atEnd; cursor.skipLines()) {
      const before = cursor.at;
      if (cursor.peek() === "[") this.#header();
      else this.#statement();
      // Whatever stands there: the next round starts further on.
      if (cursor.at === before) cursor.at += 1;
    }
    this.#close(this.#text.length);
    const { comments, problems } = cursor;
    return { text: this.#text, sections: this.#sections, comments, problems, values: this.#builder.root };
  }

  #close(end: number): void {
    const { header, path, start, pairs } = this.#draft;
    this.#sections.push({ header, path, span: { start, end }, pairs });
  }

  #header(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    const isArray = this.#text.startsWith("[[", start);
    cursor.at += isArray ? 2 : 1;
    const keys = this.#keys();
    cursor.skipBlanks();
    const closed = cursor.take(isArray ? "]]" : "]");
    if (!closed) cursor.problem(`'${isArray ? "]]" : "]"}' expected`);
    const span = { start, end: closed ? cursor.at : cursor.trimmedLineEnd() };
    if (closed) this.#restOfLine();
    else cursor.at = cursor.lineEnd();
    this.#close(start);
    const path = this.#headerPath(keys, isArray);
    this.#draft = { header: { keys, span, isArray, closed }, path, start, pairs: [] };
    this.#table = this.#open(keys, isArray);
  }

  #open(keys: readonly KeyPart[], isArray: boolean): OpenTable | undefined {
    if (keys.length === 0) return undefined;
    const names = keys.map(({ name }) => name);
    try {
      if (isArray) this.#builder.openArrayElement(names);
      else this.#builder.openTable(names);
      return this.#builder.current;
    } catch (error) {
      this.#refused(error, keys, this.#draft.path);
      return undefined;
    }
  }

  #refused(error: unknown, keys: readonly KeyPart[], path: KeyPath): void {
    if (!(error instanceof TomlStop)) throw error;
    const span = { start: keys[0]?.span.start ?? 0, end: keys.at(-1)?.span.end ?? 0 };
    const name = keys.map((part) => part.name).join(".");
    this.#cursor.problems.push({ reason: error.message, span, repeated: { name, path } });
  }

  /** A header's path with the index of the array element that it opens or goes on with. */
  #headerPath(keys: readonly KeyPart[], isArray: boolean): KeyPath {
    const path: (string | number)[] = [];
    for (const [index, { name }] of keys.entries()) {
      path.push(name);
      const id = JSON.stringify(path);
      const count = this.#elements.get(id);
      if (isArray && index === keys.length - 1) {
        this.#elements.set(id, (count ?? 0) + 1);
        path.push(count ?? 0);
      } else if (count !== undefined) path.push(count - 1);
    }
    return path;
  }

  #statement(): void {
    const pair = this.#pair(this.#draft.path, 0);
    if (pair === undefined) {
      this.#cursor.at = this.#cursor.lineEnd();
      return;
    }
    this.#draft.pairs.push(pair);
    if (this.#table !== undefined) this.#put(this.#table, pair);
    if (pair.equals === undefined || pair.value.kind === "missing")
      this.#cursor.at = Math.max(this.#cursor.at, this.#cursor.lineEnd());
    else this.#restOfLine();
  }

  #put(table: OpenTable, { keys, path, value }: PairNode): void {
    const read = this.#valueOf(value);
    if (read === undefined) return;
    try {
      const { table: place, key } = this.#builder.place(
        table,
        keys.map(({ name }) => name),
      );
      putValue(place, key, read);
    } catch (error) {
      this.#refused(error, keys, path);
    }
  }

  /** What a node means; parts that can't be read are left out. */
  #valueOf(node: ValueNode): TomlValue | undefined {
    switch (node.kind) {
      case "string":
      case "word":
        return node.value;
      case "array":
        return node.items.map((item) => this.#valueOf(item)).filter((item) => item !== undefined);
      case "table": {
        const table = this.#builder.inlineTable();
        for (const pair of node.pairs) this.#put(table, pair);
        return table;
      }
      case "missing":
        return undefined;
    }
  }

  #pair(parent: KeyPath, depth: number): PairNode | undefined {
    const cursor = this.#cursor;
    const start = cursor.at;
    const keys = this.#keys();
    if (keys.length === 0) return undefined;
    const path = [...parent, ...keys.map(({ name }) => name)];
    const keyEnd = keys.at(-1)?.span.end ?? start;
    cursor.skipBlanks();
    if (!cursor.take("=")) {
      cursor.problem("'=' expected");
      const value: ValueNode = { kind: "missing", span: { start: cursor.at, end: cursor.at } };
      return { keys, path, span: { start, end: keyEnd }, equals: undefined, value };
    }
    const equals = cursor.at - 1;
    const value = this.#value(path, depth);
    return { keys, path, span: { start, end: Math.max(equals + 1, value.span.end) }, equals, value };
  }

  #keys(): readonly KeyPart[] {
    const cursor = this.#cursor;
    const keys: KeyPart[] = [];
    do {
      cursor.skipBlanks();
      const part = cursor.keyPart();
      if (part === undefined) {
        cursor.problem("key expected");
        break;
      }
      keys.push(part);
      cursor.skipBlanks();
    } while (cursor.take("."));
    return keys;
  }

  #value(path: KeyPath, depth: number): ValueNode {
    const cursor = this.#cursor;
    cursor.skipBlanks();
    const first = cursor.peek();
    if (first === '"' || first === "'") return cursor.string();
    if ((first === "[" || first === "{") && depth >= maxDepth) {
      cursor.problem(`nested more than ${maxDepth} deep`);
      return { kind: "missing", span: { start: cursor.at, end: cursor.at } };
    }
    if (first === "[") return this.#array(path, depth);
    if (first === "{") return this.#inlineTable(path, depth);
    const word = cursor.word();
    if (word === undefined) {
      cursor.problem("value expected");
      return { kind: "missing", span: { start: cursor.at, end: cursor.at } };
    }
    return { kind: "word", span: word, value: this.#wordValue(word) };
  }

  #wordValue(span: Span): TomlValue | undefined {
    try {
      return readWord(this.#text.slice(span.start, span.end));
    } catch (error) {
      if (!(error instanceof TomlStop)) throw error;
      this.#cursor.problems.push({ reason: error.message, span });
      return undefined;
    }
  }

  #array(path: KeyPath, depth: number): ValueNode {
    const cursor = this.#cursor;
    const start = cursor.at;
    cursor.at += 1;
    const items: ValueNode[] = [];
    for (;;) {
      cursor.skipLines();
      if (cursor.take("]")) return { kind: "array", span: { start, end: cursor.at }, items, closed: true };
      if (cursor.atEnd || cursor.startsStatement("array")) break;
      const before = cursor.at;
      const item = this.#value([...path, items.length], depth + 1);
      if (item.kind !== "missing") items.push(item);
      cursor.skipLines();
      if (!cursor.take(",") && cursor.peek() !== "]" && item.kind !== "missing" && !cursor.atEnd)
        if (!cursor.startsStatement("array")) cursor.problem("',' or ']' expected");
      if (cursor.at === before) cursor.at += 1;
    }
    cursor.unclosed("]");
    return { kind: "array", span: { start, end: cursor.at }, items, closed: false };
  }

  #inlineTable(path: KeyPath, depth: number): ValueNode {
    const cursor = this.#cursor;
    const start = cursor.at;
    cursor.at += 1;
    const pairs: PairNode[] = [];
    for (;;) {
      cursor.skipLines();
      if (cursor.take("}")) return { kind: "table", span: { start, end: cursor.at }, pairs, closed: true };
      if (cursor.atEnd || cursor.peek() === "]" || cursor.startsStatement("table")) break;
      const before = cursor.at;
      const pair = this.#pair(path, depth + 1);
      if (pair !== undefined) pairs.push(pair);
      cursor.skipLines();
      if (!cursor.take(",") && cursor.peek() !== "}" && pair?.equals !== undefined && !cursor.atEnd)
        if (!cursor.startsStatement("table")) cursor.problem("',' or '}' expected");
      if (cursor.at === before) cursor.at += 1;
    }
    cursor.unclosed("}");
    return { kind: "table", span: { start, end: cursor.at }, pairs, closed: false };
  }

  #restOfLine(): void {
    const cursor = this.#cursor;
    cursor.skipBlanks();
    cursor.comment();
    if (cursor.atEnd || cursor.isAtLineEnd()) return;
    cursor.problem("line end expected");
    cursor.at = cursor.lineEnd();
  }
}

export type { OutlineProblem };
