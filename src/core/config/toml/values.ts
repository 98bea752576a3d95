/** A date or time of TOML, kept as the Temporal object that Bun's parser makes of it; `toString()` is ISO 8601. */
export interface TomlDate {
  readonly [Symbol.toStringTag]: string;
  toString(): string;
}

/** Any value a TOML file can hold. Integers and floats are both numbers. */
export type TomlValue = string | number | boolean | TomlDate | readonly TomlValue[] | TomlTable;

/**
 * A TOML table. Names are the file's, so a key such as `constructor` or `__proto__` may be an own key: ask with
 * `Object.hasOwn` or `Object.entries`, not with `in`.
 */
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** Whether a value is a table, i.e. neither scalar, date nor array. Tables that were put together have no prototype. */
export function isTomlTable(value: unknown): value is TomlTable {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A table while it is being filled. */
export type OpenTable = Record<string, TomlValue>;

/** Sets an own key, whatever its name; a plain assignment to `__proto__` would change the prototype instead. */
export function putValue(table: OpenTable, key: string, value: TomlValue): void {
  if (key !== "__proto__") {
    table[key] = value;
    return;
  }
  Object.defineProperty(table, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The own value under a key, or undefined. */
export function ownValue(table: TomlTable, key: string): TomlValue | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
