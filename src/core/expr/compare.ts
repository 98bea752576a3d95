import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Unplaced } from "./problem";
import { compileRegex, testRegex } from "#core/expr/regex/regex";
import { booleanValue, durationValue, numberValue, stringValue } from "./value";
import type { ExprValue, StringValue } from "./value";

const ALIASES: Readonly<Record<"platform" | "arch", ReadonlyMap<string, string>>> = {
  platform: new Map([["macos", "darwin"]]),
  arch: new Map([
    ["x64", "x86_64"],
    ["arm64", "aarch64"],
  ]),
};
const NUMERIC = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

type Outcome<T> = Result<T, Unplaced>;

/** Yes or no of a value: true itself, a string that is not empty, a `shell()` that exited with 0. */
export function isTrue(value: ExprValue): Outcome<boolean> {
  switch (value.kind) {
    case "boolean":
      return ok(value.value);
    case "null":
      return ok(false);
    case "string":
      return ok(value.origin === "shell" ? value.exitCode === 0 : value.value !== "");
    default:
      return err({ code: "E223", data: { kind: value.kind } });
  }
}

/** `==`. Null equals only null; different kinds are an error, except environment strings with numbers. */
export function areEqual(a: ExprValue, b: ExprValue, operator = "=="): Outcome<boolean> {
  if (a.kind === "null" || b.kind === "null") return ok(a.kind === b.kind);
  const numbers = asNumbers(a, b);
  if (numbers !== undefined) return numbers.ok ? ok(numbers.value[0] === numbers.value[1]) : numbers;
  if (a.kind !== b.kind) return err({ code: "E220", data: { operator, left: a.kind, right: b.kind } });
  return ok(isSame(a, b));
}

/** `< <= > >=`: strings by code units, numbers, durations. */
export function compareOrder(
  a: ExprValue,
  b: ExprValue,
  operator: "<" | "<=" | ">" | ">=",
): Outcome<boolean> {
  if (a.kind === "null" || b.kind === "null") return err({ code: "E232", data: { operator } });
  const numbers = asNumbers(a, b);
  if (numbers !== undefined)
    return numbers.ok ? ok(holds(numbers.value[0], numbers.value[1], operator)) : numbers;
  if (a.kind !== b.kind) return err({ code: "E220", data: { operator, left: a.kind, right: b.kind } });
  if (a.kind === "string" && b.kind === "string") return ok(holds(a.value, b.value, operator));
  if (a.kind === "duration" && b.kind === "duration") return ok(holds(a.value, b.value, operator));
  return err({ code: "E221", data: { operator, kind: a.kind } });
}

/** `item in container`: an element of an array, a key of an object. */
export function isIn(item: ExprValue, container: ExprValue, operator = "in"): Outcome<boolean> {
  if (container.kind === "object") {
    if (item.kind === "null") return ok(false);
    if (item.kind === "string") return ok(container.fields.has(item.value));
    return err({ code: "E220", data: { operator, left: item.kind, right: "string" } });
  }
  if (container.kind !== "array") return err({ code: "E226", data: { kind: container.kind } });
  // Every element is looked at, so that an element of the wrong kind is an error wherever it stands.
  let found = false;
  for (const element of container.items) {
    const equal = areEqual(item, element, operator);
    if (!equal.ok) return equal;
    found ||= equal.value;
  }
  return ok(found);
}

/** `text =~ pattern`; null matches nothing. */
export function isMatch(text: ExprValue, pattern: ExprValue, operator: string): Outcome<boolean> {
  if (text.kind !== "null" && text.kind !== "string") {
    return err({ code: "E227", data: { operator, kind: text.kind } });
  }
  if (pattern.kind === "null") return err({ code: "E232", data: { operator } });
  if (pattern.kind !== "string") return err({ code: "E227", data: { operator, kind: pattern.kind } });
  const regex = compileRegex(pattern.value);
  if (!regex.ok) return err({ code: "E230", data: { pattern: pattern.value, reason: regex.error } });
  if (text.kind === "null") return ok(false);
  const found = testRegex(regex.value, text.value);
  if (found === undefined) return err({ code: "E231", data: { pattern: pattern.value } });
  return ok(found);
}

/** `+`: strings concatenate; numbers and durations add. */
export function addValues(a: ExprValue, b: ExprValue): Outcome<ExprValue> {
  if (a.kind === "null" || b.kind === "null") return err({ code: "E232", data: { operator: "+" } });
  if (a.kind === "string" && b.kind === "string") return ok(stringValue(a.value + b.value));
  if (a.kind === "number" && b.kind === "number") return ok(numberValue(a.value + b.value));
  if (a.kind === "duration" && b.kind === "duration") return ok(durationValue(a.value + b.value));
  return err({ code: "E222", data: { left: a.kind, right: b.kind } });
}

export const negate = (result: Outcome<boolean>): Outcome<boolean> =>
  result.ok ? ok(!result.value) : result;
export const asBoolean = (result: Outcome<boolean>): Outcome<ExprValue> =>
  result.ok ? ok(booleanValue(result.value)) : result;

/** Two numbers, one of which may come from the environment; undefined where this rule is not asked. */
function asNumbers(a: ExprValue, b: ExprValue): Outcome<readonly [number, number]> | undefined {
  if (a.kind === "number" && b.kind === "number") return ok([a.value, b.value]);
  if (a.kind === "number" && isEnv(b)) return parsed(b, (value) => [a.value, value]);
  if (isEnv(a) && b.kind === "number") return parsed(a, (value) => [value, b.value]);
  return undefined;
}

const isEnv = (value: ExprValue): value is StringValue => value.kind === "string" && value.origin === "env";

function parsed(
  text: StringValue,
  pair: (value: number) => readonly [number, number],
): Outcome<readonly [number, number]> {
  const trimmed = text.value.trim();
  if (!NUMERIC.test(trimmed)) return err({ code: "E233", data: { text: text.value } });
  return ok(pair(Number(trimmed)));
}

function holds<T extends number | string>(a: T, b: T, operator: "<" | "<=" | ">" | ">="): boolean {
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

/** Equality inside arrays and objects, where different kinds are simply not the same. */
function isSame(a: ExprValue, b: ExprValue): boolean {
  if (a.kind === "string" && b.kind === "string") return canonical(a, b) === canonical(b, a);
  if (a.kind === "array" && b.kind === "array") {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => isSame(item, b.items[index] ?? { kind: "null" }))
    );
  }
  if (a.kind === "object" && b.kind === "object") {
    if (a.fields.size !== b.fields.size) return false;
    return [...a.fields].every(([key, field]) => {
      const other = b.fields.get(key);
      return other !== undefined && isSame(field, other);
    });
  }
  if (a.kind === "null" || b.kind === "null") return a.kind === b.kind;
  return a.kind === b.kind && "value" in a && "value" in b && a.value === b.value;
}

/** The text with its alias replaced where either side is the platform or the architecture. */
function canonical(text: StringValue, other: StringValue): string {
  for (const origin of ["platform", "arch"] as const) {
    if (text.origin === origin || other.origin === origin)
      return ALIASES[origin].get(text.value) ?? text.value;
  }
  return text.value;
}
