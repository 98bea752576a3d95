import { jsonPlace } from "#base/json-places";
import { err, ok, type Result } from "#base/result";
import { isTable, type Table } from "#base/value-at";

/** A JSON file of another tool, with the places of its keys. Comments and commas at the end of lists may be in it. */
export interface JsonSource {
  /** Relative to the folder that is converted. */
  readonly file: string;
  readonly value: Table;
  /** The line of the key or list element at a path, from 1; of the nearest one above where there is none. */
  readonly line: (...path: readonly (string | number)[]) => number;
  /** Comment lines above a key and behind its line, without their signs. */
  readonly comments: (...path: readonly (string | number)[]) => readonly string[];
}

/** Reads a text as JSON with comments; the error is why it is none. */
export function readJsonSource(text: string, file: string): Result<JsonSource, string> {
  const plain = plainJson(text);
  let value: unknown;
  try {
    value = JSON.parse(plain.replace(/^\ufeff/, ""));
  } catch (error) {
    return err(error instanceof Error ? error.message : "it is no JSON");
  }
  if (!isTable(value)) return err("it holds no object");
  const offset = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const part = path.slice(0, length);
      const target = typeof part.at(-1) === "number" ? "value" : "key";
      const span = jsonPlace(plain, part, target);
      if (span !== undefined) return span.start;
    }
    return 0;
  };
  return ok({
    file,
    value,
    line: (...path) => lineOf(text, offset(path)),
    comments: (...path) => {
      const at = offset(path);
      return at === 0 ? [] : commentsAt(text, plain, at);
    },
  });
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/**
 * The text with comments and commas in front of closing brackets blanked, so that places stay. Strings are left as they
 * are.
 */
function plainJson(text: string): string {
  const blank = (part: string): string => part.replaceAll(/[^\r\n]/g, " ");
  const uncommented = text.replaceAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("/") ? blank(part) : part,
  );
  // One comma behind a value may stand in front of a closing bracket.
  return uncommented.replaceAll(/"(?:[^"\\\n]|\\.)*"|(?<=["\w\]}]\s*),(?=\s*[}\]])/g, (part) =>
    part === "," ? " " : part,
  );
}

/** The comments of the lines right above an offset, and of its own line. What is a comment is blank in `plain`. */
function commentsAt(text: string, plain: string, offset: number): readonly string[] {
  const lines = text.split("\n");
  const bare = plain.split("\n");
  const own = lineOf(text, offset) - 1;
  const found: string[] = [];
  for (let line = own - 1; line >= 0; line -= 1) {
    const raw = lines[line] ?? "";
    if (raw.trim() === "" || (bare[line] ?? "").trim() !== "") break;
    found.unshift(raw);
  }
  const behind = (lines[own] ?? "").slice((bare[own] ?? "").trimEnd().length);
  if (/^\s*\/[/*]/.test(behind)) found.push(behind);
  return found
    .map((line) =>
      line
        .trim()
        .replace(/^(?:\/\/+|\/\*+|\*+(?!\/))/, "")
        .replace(/\*+\/$/, "")
        .trim(),
    )
    .filter((line) => line !== "");
}
