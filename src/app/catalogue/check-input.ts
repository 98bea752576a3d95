import { suggest } from "#base/suggest";
import type { ObjectSchema, Schema, TextSchema } from "./schema";

/**
 * What is wrong with a value by a schema, a line for each problem, each with the way to it (`args[2]`). Empty where
 * nothing is.
 */
export function checkValue(value: unknown, schema: Schema, path = ""): readonly string[] {
  switch (schema.type) {
    case "string":
      return checkText(value, schema, path);
    case "boolean":
      return typeof value === "boolean" ? [] : [wrong(path, "true or false", value)];
    case "integer":
    case "number": {
      const { type, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
      const isNumber = typeof value === "number" && (type === "number" || Number.isSafeInteger(value));
      if (!isNumber) return [wrong(path, type === "integer" ? "a whole number" : "a number", value)];
      if (value >= minimum && value <= maximum) return [];
      return [
        wrong(
          path,
          maximum === Number.POSITIVE_INFINITY ? `at least ${minimum}` : `${minimum} to ${maximum}`,
          value,
        ),
      ];
    }
    case "array":
      if (!Array.isArray(value)) return [wrong(path, "a list", value)];
      return value.flatMap((item, index) => checkValue(item, schema.items, `${path}[${index}]`));
    case "object":
      return checkObject(value, schema, path);
  }
}

function checkText(value: unknown, { enum: allowed, pattern }: TextSchema, path: string): readonly string[] {
  if (typeof value !== "string") return [wrong(path, "a text", value)];
  // A NUL ends names and arguments for the system, whatever follows.
  if (value.includes("\0")) return [`${path || "the value"} holds a NUL character`];
  if (!value.isWellFormed()) return [`${path || "the value"} is not well-formed Unicode`];
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value))
    return [wrong(path, "what a former answer gave", value)];
  if (allowed === undefined || allowed.includes(value)) return [];
  return [wrong(path, `one of ${allowed.join(", ")}`, value)];
}

function checkObject(value: unknown, schema: ObjectSchema, path: string): readonly string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [wrong(path, "an object", value)];
  const { properties, required = [], additionalProperties: others } = schema;
  const problems = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${join(path, name)} is missing`);
  for (const [name, item] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) problems.push(...checkValue(item, known, join(path, name)));
    else if (others === false) problems.push(unknownName(join(path, name), name, Object.keys(properties)));
    else if (typeof others === "object") problems.push(...checkValue(item, others, join(path, name)));
  }
  return problems;
}

function unknownName(path: string, name: string, known: readonly string[]): string {
  const [near] = suggest(name, known);
  return `there is no '${path.slice(0, 80)}'${near === undefined ? `; known: ${known.join(", ") || "none"}` : `; did you mean '${near}'?`}`;
}

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

function wrong(path: string, expected: string, found: unknown): string {
  const shown = JSON.stringify(found)?.slice(0, 60) ?? "nothing";
  return `${path || "the arguments"}: expected ${expected}, found ${shown}`;
}
