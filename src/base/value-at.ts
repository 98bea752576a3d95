/** A table out of a file that somebody else has written, with values of whatever type its author gave them. */
export type Table = Readonly<Record<string, unknown>>;

const EMPTY: Table = {};

/** Whether a value is an object and no list; of what makes dates of texts, a date is one too. */
export const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value is a whole number from 0 that is counted exactly. */
export const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** Whether a value is a list of texts and of nothing else. */
export const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

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
export function tableAt(table: unknown, ...keys: readonly string[]): Table {
  const value = valueAt(table, ...keys);
  return isTable(value) ? value : EMPTY;
}

/** The text under a chain of keys; undefined where there is none, or an empty one. */
export function textAt(table: unknown, ...keys: readonly string[]): string | undefined {
  const value = valueAt(table, ...keys);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The list under a chain of keys; an empty one where there is none. */
export function listAt(table: unknown, ...keys: readonly string[]): readonly unknown[] {
  const value = valueAt(table, ...keys);
  return Array.isArray(value) ? value : [];
}

/** The texts of the list under a chain of keys, in their order. */
export const textsAt = (table: unknown, ...keys: readonly string[]): readonly string[] =>
  listAt(table, ...keys).filter((item) => typeof item === "string");

/** The same, or the only text where one stands there instead of a list. */
export function textOrTextsAt(table: unknown, ...keys: readonly string[]): readonly string[] {
  const value = valueAt(table, ...keys);
  return typeof value === "string" ? [value] : textsAt(value);
}
