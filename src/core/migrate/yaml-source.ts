import { err, ok, type Result } from "#base/result";
import { isTable, type Table } from "#base/value-at";

/** A YAML file of another tool, with the places of its keys. */
export interface YamlSource {
  /** Relative to the folder that is converted. */
  readonly file: string;
  readonly value: Table;
  /** The line of the key or list element at a path, from 1; of the nearest one above where there is none. */
  readonly line: (...path: readonly (string | number)[]) => number;
  /** Comment lines above a key and behind its value, without their signs. */
  readonly comments: (...path: readonly (string | number)[]) => readonly string[];
}

/** More of these make no configuration but an attack (aliases of aliases). */
const MAX_ALIASES = 100;

/** Reads a text as YAML 1.2; the error is why it is none. An empty text is an empty table. */
export async function readYamlSource(text: string, file: string): Promise<Result<YamlSource, string>> {
  const { openYaml } = await import("./open-yaml");
  const opened = openYaml(text, MAX_ALIASES);
  if (!opened.ok) return opened;
  const { value, keyOffset, comments } = opened.value;
  const table = value === null || value === undefined ? {} : value;
  if (!isTable(table)) return err("it holds no mapping");
  const offset = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const found = keyOffset(path.slice(0, length));
      if (found !== undefined) return found;
    }
    return 0;
  };
  return ok({
    file,
    value: table,
    line: (...path) => text.slice(0, offset(path)).split("\n").length,
    comments: (...path) => comments(path),
  });
}
