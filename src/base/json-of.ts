import { isTable, type Table } from "./value-at";

/** The value of a JSON text; undefined where it is none, or nested more deeply than it can be read. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same where that is a table; undefined for anything else. */
export function jsonTableOf(text: string): Table | undefined {
  const value = jsonOf(text);
  return isTable(value) ? value : undefined;
}
