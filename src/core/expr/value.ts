import { err, ok } from "#base/result";
import type { Result } from "#base/result";

/**
 * Where a string came from, as far as it changes its meaning: `env` compares with numbers, `platform` and `arch` know
 * their aliases, `shell` is true when its command exited with 0.
 */
export type StringOrigin = "plain" | "env" | "platform" | "arch" | "shell";

export interface StringValue {
  readonly kind: "string";
  readonly value: string;
  readonly origin: StringOrigin;
  /** Of the command, for the origin `shell`. */
  readonly exitCode?: number;
}

/** A value while an expression runs. `duration` is in milliseconds. */
export type ExprValue =
  | StringValue
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "duration"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "array"; readonly items: readonly ExprValue[] }
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, ExprValue> };

export type ValueKind = ExprValue["kind"];

/** Deepest nesting of data that enters from outside (`json()`, variables, shared output). */
const MAX_DATA_DEPTH = 100;

export const nullValue: ExprValue = { kind: "null" };
const trueValue: ExprValue = { kind: "boolean", value: true };
const falseValue: ExprValue = { kind: "boolean", value: false };

export const booleanValue = (value: boolean): ExprValue => (value ? trueValue : falseValue);
export const numberValue = (value: number): ExprValue => ({ kind: "number", value });
export const durationValue = (value: number): ExprValue => ({ kind: "duration", value });

export const stringValue = (value: string, origin: StringOrigin = "plain"): StringValue => ({
  kind: "string",
  value,
  origin,
});

/** A string or, where there is none, null. */
export const stringOrNull = (value: string | null, origin: StringOrigin = "plain"): ExprValue =>
  value === null ? nullValue : stringValue(value, origin);

/**
 * Plain data (TOML or JSON) as a value. Dates become their text. The error says why the data cannot be one: it is
 * nested more than 100 deep.
 */
export function fromPlain(data: unknown, depth = 0): Result<ExprValue, string> {
  if (typeof data === "string") return ok(stringValue(data));
  if (typeof data === "number") return ok(numberValue(data));
  if (typeof data === "boolean") return ok(booleanValue(data));
  if (typeof data === "bigint") return ok(numberValue(Number(data)));
  if (data === null || data === undefined) return ok(nullValue);
  if (depth >= MAX_DATA_DEPTH) return err(`nested more than ${MAX_DATA_DEPTH} deep`);
  if (Array.isArray(data)) return fromItems(data, depth);
  const prototype: unknown = Object.getPrototypeOf(data);
  if (prototype === null || prototype === Object.prototype) return fromFields(data, depth);
  return ok(stringValue(String(data)));
}

function fromItems(data: readonly unknown[], depth: number): Result<ExprValue, string> {
  const items: ExprValue[] = [];
  for (const entry of data) {
    const item = fromPlain(entry, depth + 1);
    if (!item.ok) return item;
    items.push(item.value);
  }
  return ok({ kind: "array", items });
}

function fromFields(data: object, depth: number): Result<ExprValue, string> {
  const fields = new Map<string, ExprValue>();
  for (const [key, entry] of Object.entries(data)) {
    const field = fromPlain(entry, depth + 1);
    if (!field.ok) return field;
    fields.set(key, field.value);
  }
  return ok({ kind: "object", fields });
}

/** The value as JSON data; durations as milliseconds. */
export function toPlain(value: ExprValue): unknown {
  switch (value.kind) {
    case "null":
      return null;
    case "array":
      return value.items.map(toPlain);
    case "object":
      return Object.fromEntries([...value.fields].map(([key, field]) => [key, toPlain(field)]));
    default:
      return value.value;
  }
}
