import { isTomlTable } from "./toml/values";

type Table = Readonly<Record<string, unknown>>;

/**
 * `over` on top of `under`: tables merge key by key, everything else replaces. The result has no prototype, so that a
 * key such as `__proto__` is a key like any other.
 */
export function mergeTables(under: Table, over: Table): Record<string, unknown> {
  const merged: Record<string, unknown> = Object.assign(Object.create(null), under);
  for (const key of Object.keys(over)) {
    const below = merged[key];
    const above = over[key];
    merged[key] = isTomlTable(below) && isTomlTable(above) ? mergeTables(below, above) : above;
  }
  return merged;
}
