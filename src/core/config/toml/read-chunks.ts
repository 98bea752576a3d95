import { chunkLength, maxPieceLength } from "./limits";
import { readLinear } from "./read-linear";
import { isTomlTable, type OpenTable, ownValue, putValue, type TomlTable } from "./values";

/** How often a cut may turn out to lie inside a string or an array before the text is given up as not cuttable. */
const maxBadCuts = 64;

/** Headers of one part such as `[tasks]`, written anywhere in the text, also (harmlessly) inside strings. */
const shortHeader = /^[ \t]*\[[ \t]*("[^"\n]*"|'[^'\n]*'|[\w-]+)[ \t]*\][ \t\r]*(?:#.*)?$/gm;

/**
 * Reads a large text piece by piece with Bun's parser, or gives undefined where only a reader of the whole can say
 * what the text means.
 *
 * Why a cut needs no lexer: if a piece that ends with a line end is a valid document, the line end is outside every
 * string and array, and reading two pieces one after the other is what a parser of the whole does. A wrong cut makes
 * the piece before it invalid, and then the piece is extended.
 *
 * Why merging is exact: pieces may only add new keys to tables one level below the root. Whatever else a whole
 * document could mean or refuse across a cut needs the same key in two pieces (then undefined), a root key before the
 * first header (these are closed), an array of tables (then undefined), or the same one-part header twice, which is
 * looked for in the text.
 *
 * @param length of a piece before it is extended to the next header, in UTF-16 code units.
 */
export function readChunks(text: string, length = chunkLength): TomlTable | undefined {
  const first = nextHeader(text, 0);
  const merged: OpenTable = {};
  const closed = new Set<string>();
  if (first > 0) {
    const head = first > maxPieceLength ? undefined : parse(text.slice(0, first));
    if (head === undefined) return undefined;
    for (const key of Object.keys(head)) {
      closed.add(key);
      putValue(merged, key, head[key] as TomlTable[string]); // The key was just listed.
    }
  }
  let badCuts = 0;
  for (let at = first, end = at; at < text.length;) {
    end = cutAfter(text, at, Math.max(end, at + length));
    const piece = end - at > maxPieceLength ? parseLong(text.slice(at, end)) : parse(text.slice(at, end));
    if (piece === undefined) {
      badCuts += 1;
      if (end === text.length || end - at > maxPieceLength || badCuts > maxBadCuts) return undefined;
      end += 1;
      continue;
    }
    if (!merge(merged, piece, closed)) return undefined;
    at = end;
  }
  return hasRepeatedHeader(text, merged) ? undefined : merged;
}

/** The first line start with `[` at or after an offset, or the end of the text. */
function nextHeader(text: string, from: number): number {
  if (from === 0 && text.startsWith("[")) return 0;
  const lineEnd = text.indexOf("\n[", from === 0 ? 0 : from - 1);
  return lineEnd === -1 ? text.length : lineEnd + 1;
}

/**
 * End of the piece that starts at `at`: the first fitting header at or after `from`. A header that goes on with the table before it (`[tasks.build.io]` after
 * `[tasks.build]`, another `[[constraints]]`) stays in the same piece, since the merge could not join the two.
 */
function cutAfter(text: string, at: number, from: number): number {
  let cut = nextHeader(text, from);
  let line = cut < text.length ? headerStem(text, cut) : "";
  while (cut < text.length) {
    const previous = Math.max(at, text.lastIndexOf("\n[", cut - 2) + 1);
    if (headerStem(text, previous) !== line) break;
    cut = nextHeader(text, cut + 1);
    line = cut < text.length ? headerStem(text, cut) : "";
  }
  return cut;
}

/** The first two parts of a header as written, or the first one of an array of tables at the root. */
function headerStem(text: string, at: number): string {
  const isArray = text.charCodeAt(at + 1) === 91;
  const start = at + (isArray ? 2 : 1);
  const lineEnd = text.indexOf("\n", start);
  const line = text.slice(start, lineEnd === -1 ? text.length : lineEnd);
  const dot = line.indexOf(".");
  const close = line.indexOf("]");
  if (dot === -1 || (close !== -1 && close < dot)) return line.slice(0, close);
  let end = dot + 1;
  const quote = line.charCodeAt(end);
  if (quote === 34 || quote === 39) {
    end = line.indexOf(String.fromCharCode(quote), end + 1) + 1;
    return end === 0 ? line : line.slice(0, end);
  }
  while (end < line.length && !isPartEnd(line.charCodeAt(end))) end += 1;
  return line.slice(0, end);
}

const isPartEnd = (code: number): boolean => code === 46 || code === 93 || code === 32 || code === 9;

function parse(piece: string): TomlTable | undefined {
  try {
    return Bun.TOML.parse(piece) as TomlTable; // Bun types the result as a plain object.
  } catch {
    return undefined; // The reader of the whole text finds out why.
  }
}

/** A piece that can't be made shorter, such as one table with a list of thousands, is read by the linear reader alone. */
function parseLong(piece: string): TomlTable | undefined {
  const read = readLinear(piece);
  return read.ok ? read.value : undefined;
}

/** Adds a piece's tables; false where the same key is in both or one side is no table. */
function merge(into: OpenTable, piece: TomlTable, closed: ReadonlySet<string>): boolean {
  for (const name in piece) {
    const added = piece[name] as TomlTable[string]; // Parsed tables have own keys only.
    const known = ownValue(into, name);
    if (known === undefined) {
      putValue(into, name, added);
      continue;
    }
    if (closed.has(name) || !isTomlTable(known) || !isTomlTable(added)) return false;
    for (const key in added) {
      if (Object.hasOwn(known, key)) return false;
      putValue(known as OpenTable, key, added[key] as TomlTable[string]); // `known` was made by this reader.
    }
  }
  return true;
}

/** Whether a one-part header of a table in the result may be there twice. */
function hasRepeatedHeader(text: string, merged: TomlTable): boolean {
  const seen = new Set<string>();
  for (const match of text.matchAll(shortHeader)) {
    const written = match[1] ?? "";
    if (written.startsWith('"') && written.includes("\\")) return true;
    const name = /^["']/.test(written) ? written.slice(1, -1) : written;
    if (!Object.hasOwn(merged, name)) continue;
    if (seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}
