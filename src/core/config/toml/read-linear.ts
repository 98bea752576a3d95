import { err, ok, type Result } from "#base/result";
import { maxDepth } from "./limits";
import type { ReadFailure } from "./read-failure";
import { Scanner } from "./scanner";
import { TableBuilder } from "./table-builder";
import { TomlStop } from "./toml-stop";
import { type OpenTable, putValue, type TomlTable, type TomlValue } from "./values";

/**
 * The values of a TOML 1.1 text in time linear to its length, whatever its shape. Same values and same refusals as
 * Bun's parser; slower on a cold start, hence only for large texts that can't be cut into pieces.
 */
export function readLinear(text: string): Result<TomlTable, ReadFailure> {
  const scanner = new Scanner(text);
  try {
    return ok(readDocument(scanner));
  } catch (error) {
    if (!(error instanceof TomlStop)) throw error;
    const { offset } = scanner;
    if (error.tooDeep) return err({ kind: "too-deep", limit: maxDepth, offset });
    return err({ kind: "syntax", reason: error.message, offset });
  }
}

function readDocument(scanner: Scanner): TomlTable {
  const builder = new TableBuilder();
  for (scanner.skipLines(); !scanner.atEnd; scanner.skipLines()) {
    if (scanner.take("[")) readHeader(scanner, builder);
    else readKeyValue(scanner, builder, { table: builder.current, depth: builder.currentDepth });
    scanner.skipLineRest();
  }
  return builder.root;
}

function readHeader(scanner: Scanner, builder: TableBuilder): void {
  const isArray = scanner.take("[");
  scanner.skipBlanks();
  const keys = scanner.readKey();
  scanner.expect(isArray ? "]]" : "]");
  if (keys.length > maxDepth) throw new TomlStop("nested too deep", true);
  if (isArray) builder.openArrayElement(keys);
  else builder.openTable(keys);
}

interface Target {
  readonly table: OpenTable;
  readonly depth: number;
}

function readKeyValue(scanner: Scanner, builder: TableBuilder, target: Target): void {
  const keys = scanner.readKey();
  scanner.expect("=");
  scanner.skipBlanks();
  const depth = target.depth + keys.length;
  const { table, key } = builder.place(target.table, keys);
  putValue(table, key, readValue(scanner, builder, depth));
}

/** @param depth how many tables and arrays are around the value, the root not counted. */
function readValue(scanner: Scanner, builder: TableBuilder, depth: number): TomlValue {
  const isArray = scanner.take("[");
  if (!isArray && !scanner.take("{")) {
    if (depth > maxDepth + 1) throw new TomlStop("nested too deep", true);
    return scanner.readScalar();
  }
  if (depth > maxDepth) throw new TomlStop("nested too deep", true);
  return isArray ? readArray(scanner, builder, depth) : readInlineTable(scanner, builder, depth);
}

function readArray(scanner: Scanner, builder: TableBuilder, depth: number): TomlValue {
  const items: TomlValue[] = [];
  for (scanner.skipLines(); !scanner.take("]"); scanner.skipLines()) {
    items.push(readValue(scanner, builder, depth + 1));
    scanner.skipLines();
    if (!scanner.take(",")) {
      scanner.expect("]");
      break;
    }
  }
  return items;
}

function readInlineTable(scanner: Scanner, builder: TableBuilder, depth: number): TomlValue {
  const table = builder.inlineTable();
  for (scanner.skipLines(); !scanner.take("}"); scanner.skipLines()) {
    readKeyValue(scanner, builder, { table, depth });
    scanner.skipLines();
    if (!scanner.take(",")) {
      scanner.expect("}");
      break;
    }
  }
  return table;
}
