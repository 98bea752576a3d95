import type { KeyPath } from "#base/diagnostic";

/** The value to which a path leads; undefined where there is none. */
export const valueOnPath = (root: unknown, path: KeyPath): unknown => path.reduce(childOf, root);

function childOf(value: unknown, part: string | number): unknown {
  if (Array.isArray(value)) return typeof part === "number" ? value[part] : undefined;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
  // An object that has the key.
  return (value as Readonly<Record<string | number, unknown>>)[part];
}
