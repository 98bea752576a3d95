/** A node of a KDL document (kdl.dev, version 2; words of version 1 are read too), as far as usage specs need it. */
export interface KdlNode {
  readonly name: string;
  readonly args: readonly KdlValue[];
  readonly props: Readonly<Record<string, KdlValue>>;
  readonly children: readonly KdlNode[];
  /** From 1, of the text that was parsed. */
  readonly line: number;
}

export type KdlValue = string | number | boolean | null;

/** Deeper than this no spec of a command goes. */
const MAX_DEPTH = 32;

/** The nodes of a KDL text; undefined where it is none. */
export function parseKdl(text: string): readonly KdlNode[] | undefined {
  const parser = new KdlParser(text);
  const nodes = parser.nodes(0);
  return nodes !== undefined && parser.isAtEnd ? nodes : undefined;
}

const WORD = /[^\s{}()[\]/\\"#;=]+/y;

class KdlParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Nodes up to a closing brace or the end. */
  nodes(depth: number): readonly KdlNode[] | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const nodes: KdlNode[] = [];
    for (;;) {
      this.#skip(/(?:[\s;\ufeff]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y);
      if (this.isAtEnd || this.#text[this.#at] === "}") return nodes;
      const isOff = this.#take(/\/-\s*/y) !== undefined;
      const node = this.#node(depth);
      if (node === undefined) return undefined;
      if (!isOff) nodes.push(node);
    }
  }

  #node(depth: number): KdlNode | undefined {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    this.#take(/\([^)\n]*\)/y);
    const name = this.#string() ?? this.#take(WORD);
    if (name === undefined) return undefined;
    const args: KdlValue[] = [];
    const props: Record<string, KdlValue> = {};
    let children: readonly KdlNode[] = [];
    for (;;) {
      this.#skip(/(?:[ \t]|\\[ \t]*(?:\/\/[^\n]*)?\r?\n|\/\*[\s\S]*?\*\/)+/y);
      if (this.isAtEnd || /[\n\r;}]/.test(this.#text[this.#at] ?? "")) break;
      if (this.#take(/\/\/[^\n]*/y) !== undefined) break;
      const isOff = this.#take(/\/-\s*/y) !== undefined;
      if (this.#take(/\{/y) !== undefined) {
        const inner = this.nodes(depth + 1);
        if (inner === undefined || this.#take(/\}/y) === undefined) return undefined;
        if (!isOff) children = inner;
        continue;
      }
      const entry = this.#entry();
      if (entry === undefined) return undefined;
      if (isOff) continue;
      if (entry.key === undefined) args.push(entry.value);
      else
        Object.defineProperty(props, entry.key, { value: entry.value, enumerable: true, configurable: true });
    }
    return { name, args, props, children, line };
  }

  #entry(): { readonly key?: string; readonly value: KdlValue } | undefined {
    this.#take(/\([^)\n]*\)/y);
    const quoted = this.#string();
    const word = quoted ?? this.#take(WORD);
    if (word === undefined) {
      const keyword = this.#take(/#(?:true|false|null|inf|-inf|nan)\b/y);
      return keyword === undefined ? undefined : { value: keywordValue(keyword.slice(1)) };
    }
    if (this.#take(/[ \t]*=[ \t]*/y) === undefined)
      return { value: quoted === undefined ? bareValue(word) : quoted };
    const value = this.#entry();
    return value === undefined || value.key !== undefined ? undefined : { key: word, value: value.value };
  }

  #string(): string | undefined {
    const raw = /r?(#*)"/y;
    raw.lastIndex = this.#at;
    const opening = raw.exec(this.#text);
    if (opening === null) return undefined;
    const [start, hashes = ""] = opening;
    const isRaw = start.startsWith("r") || hashes !== "";
    const triple =
      this.#text.startsWith('""', this.#at + start.length) &&
      this.#text[this.#at + start.length + 2] === "\n";
    const quote = triple ? '"""' : '"';
    const from = this.#at + start.length + (triple ? 2 : 0);
    for (let at = from; at < this.#text.length; at += 1) {
      if (!isRaw && this.#text[at] === "\\") at += 1;
      else if (this.#text.startsWith(quote + hashes, at)) {
        const body = this.#text.slice(from, at);
        this.#at = at + quote.length + hashes.length;
        return isRaw ? body : unescaped(body);
      }
    }
    return undefined;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    if (match === undefined || match === "") return undefined;
    this.#at += match.length;
    return match;
  }

  #skip(pattern: RegExp): void {
    this.#take(pattern);
  }
}

function keywordValue(word: string): KdlValue {
  if (word === "true") return true;
  return word === "false" ? false : null;
}

function bareValue(word: string): KdlValue {
  if (word === "true") return true;
  if (word === "false") return false;
  if (word === "null") return null;
  return /^[+-]?\d[\d_]*(?:\.\d+)?$/.test(word) ? Number(word.replaceAll("_", "")) : word;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  s: " ",
  "\\": "\\",
  '"': '"',
  "/": "/",
};

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:u\{[0-9a-fA-F]{1,6}\}|\s+|.)/g, (escape) => {
    const rest = escape.slice(1);
    if (/^\s/.test(rest)) return "";
    if (!rest.startsWith("u{")) return ESCAPES[rest] ?? escape;
    const point = Number.parseInt(rest.slice(2, -1), 16);
    return point <= 0x10_ffff ? String.fromCodePoint(point) : escape;
  });
