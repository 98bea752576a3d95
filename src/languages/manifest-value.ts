/** A value out of a manifest, of whatever type its author gave it. */
export type ManifestTable = Readonly<Record<string, unknown>>;

const EMPTY: ManifestTable = {};

export const isTable = (value: unknown): value is ManifestTable =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value under a chain of keys; undefined where one of them is missing. */
export function valueAt(table: unknown, ...keys: readonly string[]): unknown {
  let value: unknown = table;
  for (const key of keys) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The table under a chain of keys; an empty one where there is none. */
export function tableAt(table: unknown, ...keys: readonly string[]): ManifestTable {
  const value = valueAt(table, ...keys);
  return isTable(value) ? value : EMPTY;
}

/** The text under a chain of keys; undefined where there is none, or an empty one. */
export function textAt(table: unknown, ...keys: readonly string[]): string | undefined {
  const value = valueAt(table, ...keys);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The texts of the list under a chain of keys, with their places in it. */
export function textsAt(table: unknown, ...keys: readonly string[]): readonly string[] {
  const value = valueAt(table, ...keys);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The value of a JSON text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
