import { err, ok, type Result } from "#base/result";
import { chunkedFrom, maxDepth, maxTextLength } from "./limits";
import { readChunks } from "./read-chunks";
import { readLinear } from "./read-linear";
import type { ReadFailure } from "./read-failure";
import type { TomlTable, TomlValue } from "./values";

/**
 * The values of a TOML 1.1 text, without positions.
 *
 * Bun's own parser is the fastest by far for a small text, but it looks a key up by walking the keys of its table, so
 * its time grows with the square of the size. A large text is therefore cut before table headers and read piece by
 * piece; one that can't be cut (a single table of thousands of keys, tables spread over the file, a syntax error) is
 * read by a slower reader whose time grows with the size only. All three agree on values and on what is refused.
 *
 * A byte order mark and CRLF line ends are accepted. Time is linear in the length; nothing is thrown.
 */
export function readValues(text: string): Result<TomlTable, ReadFailure> {
  if (text.length > maxTextLength) {
    return err({ kind: "too-large", length: text.length, limit: maxTextLength });
  }
  if (text.length < chunkedFrom) return readWhole(text);
  const merged = readChunks(text);
  return merged === undefined ? readLinear(text) : bounded(merged);
}

/** One call of Bun's parser for the whole text: the meaning the other readers are held to. */
export function readWhole(text: string): Result<TomlTable, ReadFailure> {
  try {
    // Bun types the result as a plain object; the values are those of TomlValue.
    return bounded(Bun.TOML.parse(text) as TomlTable);
  } catch (error) {
    if (error instanceof RangeError) return err({ kind: "too-deep", limit: maxDepth });
    const message = error instanceof Error ? error.message : String(error);
    return err({ kind: "syntax", reason: message.replace("TOML Parse error: ", "") });
  }
}

function bounded(table: TomlTable): Result<TomlTable, ReadFailure> {
  return fitsDepth(table, maxDepth) ? ok(table) : err({ kind: "too-deep", limit: maxDepth });
}

function fitsDepth(value: TomlValue, room: number): boolean {
  if (typeof value !== "object") return true;
  if (room < 0) return false;
  if (Array.isArray(value)) {
    for (const item of value as readonly TomlValue[]) {
      if (typeof item === "object" && !fitsDepth(item, room - 1)) return false;
    }
    return true;
  }
  const table = value as TomlTable; // A date has no own enumerable keys and passes as an empty table.
  for (const key in table) {
    const item = table[key];
    if (typeof item === "object" && !fitsDepth(item, room - 1)) return false;
  }
  return true;
}
