import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import { decodedOffsets } from "#core/config/toml/string-offsets";
import { LineIndex } from "./line-index";
import type { Outline, PairNode, Section, ValueNode } from "./outline";
import { readOutline } from "./outline-reader";

/** What a document has at one path. */
export interface Entry {
  readonly path: KeyPath;
  readonly children: Map<string | number, Entry>;
  /** The name as it first stands there. */
  key?: Span;
  /** With its brackets. */
  header?: Span;
  section?: Section;
  pair?: PairNode;
  value?: ValueNode;
}

/** One text of an editor: its outline, and its parts by their paths. Both are made when they are first asked for. */
export class TextModel {
  /** Absolute path of the file. */
  readonly path: string;
  readonly text: string;
  #outline: Outline | undefined;
  #root: Entry | undefined;
  #lines: LineIndex | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  get outline(): Outline {
    return (this.#outline ??= readOutline(this.text));
  }

  get lines(): LineIndex {
    return (this.#lines ??= new LineIndex(this.text));
  }

  get root(): Entry {
    return (this.#root ??= entriesOf(this.outline));
  }

  find(path: KeyPath): Entry | undefined {
    let entry: Entry | undefined = this.root;
    for (const key of path) entry = entry?.children.get(key);
    return entry;
  }

  /** Range of a part of an entry; of its nearest parent where there is no such entry. */
  spanOf(path: KeyPath, target: "key" | "value" | "header"): Span | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const entry = this.find(path.slice(0, length));
      if (entry === undefined) continue;
      const { key, header } = entry;
      const value = entry.value?.span;
      const found =
        target === "key"
          ? (key ?? value ?? header)
          : target === "value"
            ? (value ?? header ?? key)
            : (header ?? key ?? value);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Range of a range of the decoded string at a path; undefined where there is no string. */
  withinString(path: KeyPath, within: Span): Span | undefined {
    const value = this.find(path)?.value;
    return value?.kind === "string" ? spanInString(this.text, value, within) : undefined;
  }

  /** The section around an offset. */
  sectionAt(offset: number): Section {
    const { sections } = this.outline;
    let low = 0;
    let high = sections.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((sections[middle]?.span.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const found = sections[low];
    if (found === undefined) throw new Error("an outline has a section");
    return found;
  }
}

/** Range in the text of a range of a string's value. */
export function spanInString(text: string, node: ValueNode & { kind: "string" }, within: Span): Span {
  if (isPlain(node)) {
    const { start: quote } = node.span;
    const start = Math.min(within.start, node.value.length);
    const end = Math.max(start, Math.min(within.end, node.value.length));
    return { start: quote + 1 + start, end: quote + 1 + end };
  }
  const offsets = offsetsOf(text, node);
  const last = offsets.length - 1;
  const first = Math.min(within.start, last);
  const { start } = node.span;
  return {
    start: start + (offsets[first] ?? 0),
    end: start + (offsets[Math.max(first, Math.min(within.end, last))] ?? 0),
  };
}

/** Where an offset of the text stands in a string's value. */
export function offsetInString(text: string, node: ValueNode & { kind: "string" }, offset: number): number {
  if (isPlain(node)) return Math.max(0, Math.min(offset - node.span.start - 1, node.value.length));
  const offsets = offsetsOf(text, node);
  const wanted = offset - node.span.start;
  const found = offsets.findIndex((at) => at >= wanted);
  return found === -1 ? offsets.length - 1 : found;
}

/** Whether a string stands as it is between one pair of quotes: no escapes, and no first line end that is left out. */
const isPlain = ({ span, value, closed }: ValueNode & { kind: "string" }): boolean =>
  span.end - span.start === value.length + (closed ? 2 : 1) && !/[\n\r]/.test(value);

function offsetsOf(text: string, { span, closed }: ValueNode & { kind: "string" }): readonly number[] {
  const source = text.slice(span.start, span.end);
  // The quotes that are missing.
  const quotes = /^("""|'''|"|')/.exec(source)?.[0] ?? '"';
  return decodedOffsets(closed ? source : source + quotes);
}

/** The range between the quotes of a string. */
export function insideQuotes(text: string, { span, closed }: ValueNode & { kind: "string" }): Span {
  const source = text.slice(span.start, span.end);
  const length = /^("""|''')/.test(source) && source.length >= 3 ? 3 : 1;
  const start = span.start + length;
  return { start, end: Math.max(start, closed ? span.end - length : span.end) };
}

function child(parent: Entry, key: string | number): Entry {
  let found = parent.children.get(key);
  if (found === undefined) {
    found = { path: [...parent.path, key], children: new Map() };
    parent.children.set(key, found);
  }
  return found;
}

function entriesOf({ sections }: Outline): Entry {
  const root: Entry = { path: [], children: new Map() };
  for (const section of sections) {
    let entry = root;
    let part = 0;
    for (const key of section.path) {
      entry = child(entry, key);
      if (typeof key !== "string") continue;
      const written = section.header?.keys[part]?.span;
      part += 1;
      if (written === undefined || section.header === undefined) continue;
      entry.key ??= written;
      entry.header ??= section.header.span;
    }
    if (section.header !== undefined && entry !== root && entry.section === undefined) {
      entry.header = section.header.span;
      entry.key = section.header.keys.at(-1)?.span ?? section.header.span;
      entry.section = section;
    }
    for (const pair of section.pairs) addPair(entry, pair);
  }
  return root;
}

function addPair(table: Entry, pair: PairNode): void {
  let entry = table;
  for (const { name, span } of pair.keys) {
    entry = child(entry, name);
    entry.key ??= span;
  }
  // The first definition is the one that counts.
  if (entry.pair !== undefined) return;
  entry.pair = pair;
  if (pair.value.kind !== "missing") addValue(entry, pair.value);
}

function addValue(entry: Entry, value: ValueNode): void {
  entry.value = value;
  if (value.kind === "table") for (const pair of value.pairs) addPair(entry, pair);
  else if (value.kind === "array")
    for (const [index, item] of value.items.entries()) addValue(child(entry, index), item);
}
