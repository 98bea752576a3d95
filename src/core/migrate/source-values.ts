/** A value out of a file of another tool, of whatever type its author gave it. */
export type SourceTable = Readonly<Record<string, unknown>>;

const EMPTY: SourceTable = {};

export const isTable = (value: unknown): value is SourceTable =>
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
export function tableAt(table: unknown, ...keys: readonly string[]): SourceTable {
  const value = valueAt(table, ...keys);
  return isTable(value) ? value : EMPTY;
}

/** The text under a chain of keys; undefined where there is none, or an empty one. */
export function textAt(table: unknown, ...keys: readonly string[]): string | undefined {
  const value = valueAt(table, ...keys);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The texts of a list, or the only text, under a chain of keys. */
export function textsAt(table: unknown, ...keys: readonly string[]): readonly string[] {
  const value = valueAt(table, ...keys);
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The list under a chain of keys; an empty one where there is none. */
export function listAt(table: unknown, ...keys: readonly string[]): readonly unknown[] {
  const value = valueAt(table, ...keys);
  return Array.isArray(value) ? value : [];
}
