import { type AST, parseTOML } from "toml-eslint-parser";
import { err, ok, type Result } from "#base/result";

/** Where and why the position-keeping parser refuses a text. */
export interface SyntaxFailure {
  readonly offset: number;
  readonly reason: string;
}

/**
 * The syntax tree of a TOML 1.1 text with comments. Ranges are offsets into the text as given: a byte order mark is
 * read as a blank, so that it counts like any other character, and the last line always ends: the parser gives a zero
 * that ends a text no width.
 */
export function syntaxTree(text: string): Result<AST.TOMLProgram, SyntaxFailure> {
  const samePlaces = (text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text).toWellFormed();
  try {
    return ok(parseTOML(`${samePlaces}\n`, { tomlVersion: "1.1" }));
  } catch (error) {
    const index =
      error instanceof Error && "index" in error && typeof error.index === "number" ? error.index : 0;
    // The parser calls itself for what lies in each other, and gives all characters of a string to one call.
    const reason =
      error instanceof RangeError
        ? "it has a value that is too long, or too deep, for its place to be found"
        : error instanceof Error
          ? error.message
          : String(error);
    return err({ offset: Math.min(index, text.length), reason });
  }
}

/** The range of a table's header with its brackets. */
export function headerRange(text: string, table: AST.TOMLTable): readonly [number, number] {
  const close = table.kind === "array" ? "]]" : "]";
  return [table.range[0], text.indexOf(close, table.key.range[1]) + close.length];
}
