import type { Diagnostic, KeyPath } from "#base/diagnostic";
import type { Habit } from "./habit-keys";
import { tomlText } from "./habit-text";

const TYPES: Readonly<Record<string, string>> = {
  int: "number",
  integer: "number",
  float: "number",
  double: "number",
  bool: "boolean",
  flag: "boolean",
  switch: "boolean",
  str: "string",
  text: "string",
  file: "path",
  dir: "path",
  directory: "path",
  folder: "path",
};

/** How a value is written that a key does not take as it stands. */
export function valueHint({ code, data }: Diagnostic, path: KeyPath, value: unknown): Habit | undefined {
  const key = String(path.findLast((part) => typeof part === "string") ?? "");
  const isItem = typeof path.at(-1) === "number";
  if (code === "E113") return key === "type" && typeof value === "string" ? typeHabit(value) : undefined;
  const expected = typeof data["expected"] === "string" ? data["expected"] : "";
  const named = namedTables(path, value);
  if (named !== undefined) return named;
  if (code === "E115")
    return expected.startsWith("a duration") && typeof value === "string"
      ? durationHabit(key, value)
      : undefined;
  if (isItem || COMMANDS.has(key)) return undefined;
  const text = asWanted(key, expected, value);
  return text === undefined ? undefined : { hint: `write ${key} = ${text}` };
}

function typeHabit(name: string): Habit | undefined {
  const lower = name.toLowerCase();
  if (Object.hasOwn(TYPES, lower)) {
    const use = TYPES[lower];
    return use === undefined ? undefined : { use };
  }
  if (["enum", "choice", "select"].includes(lower))
    return { hint: 'leave type out and write choices = ["a", "b"]' };
  if (["list", "array", "strings"].includes(lower))
    return { hint: "variadic = true takes all remaining values" };
  return undefined;
}

/** Lists of tables that have names, written as a table by name or as a list of names. */
const NAMED: readonly (readonly [section: string, key: string, form: (name: string) => string])[] = [
  ["workflows", "inputs", (name) => `{ name = ${tomlText(name)} }`],
  ["workflows", "stages", (name) => `{ tasks = [${tomlText(name)}] }`],
  ["workflows", "steps", (name) => `{ tasks = [${tomlText(name)}] }`],
  ["tasks", "args", (name) => `{ name = ${tomlText(name)} }`],
];

function namedTables(path: KeyPath, value: unknown): Habit | undefined {
  const [section, name, key, index] = path;
  if (section === "tasks" && path.length === 1 && Array.isArray(value)) return { hint: taskHeader(value) };
  if (section === "tasks" && path.length === 2 && Array.isArray(value)) return taskOfList(value);
  const found = NAMED.find(([of, one]) => of === section && one === key);
  if (found === undefined) return undefined;
  if (path.length === 4 && typeof index === "number" && typeof value === "string")
    return { hint: `write ${found[2](value)}` };
  if (path.length !== 3) return undefined;
  if (typeof value === "string") return { hint: `write ${key} = [${found[2](value)}]` };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [first] = Object.keys(value);
  return first === undefined
    ? undefined
    : { hint: `write [[${section}.${name}.${key}]] with name = ${tomlText(first)} below, once for each` };
}

/** Words without blanks are a program and its arguments, others are commands. */
function taskOfList(words: readonly unknown[]): Habit | undefined {
  if (words.length === 0 || !words.every((word) => typeof word === "string")) return undefined;
  const key = words.length === 1 || words.some((word) => /\s/.test(word)) ? "cmds" : "cmd";
  const shown = words.length > 3 ? "[…]" : tomlText(words);
  return { hint: `write { ${key} = ${shown} }` };
}

function taskHeader(tasks: readonly unknown[]): string {
  const [first] = tasks;
  const name =
    typeof first === "object" && first !== null && "name" in first && typeof first.name === "string"
      ? first.name
      : "build";
  return `each task has a header with its name: [tasks.${name}]`;
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^m(?:s|illi)/, "ms"],
  [/^s/, "s"],
  [/^m/, "m"],
  [/^h/, "h"],
  [/^d/, "d"],
];

/** `5 minutes` is `5m`. */
function durationHabit(key: string, value: string): Habit | undefined {
  const [, count = "", unit = ""] = /^(\d{1,9})\s*([a-z]*)$/i.exec(value.trim()) ?? [];
  const short = unit === "" ? "s" : UNITS.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1];
  return count === "" || short === undefined ? undefined : { hint: `write ${key} = "${count}${short}"` };
}

/** A number in place of a command is no slip of quotation marks. */
const COMMANDS: ReadonlySet<string> = new Set(["cmd"]);
const DURATIONS = /^(?:timeout|grace_period|delay|max_delay|max_age|ttl|debounce|interval|older)$/;

/** The value in the form that is wanted, as it would be written; undefined where that is anybody's guess. */
function asWanted(key: string, expected: string, value: unknown): string | undefined {
  if (
    expected.includes("true or false") &&
    typeof value === "string" &&
    /^(?:true|yes|on|false|no|off)$/i.test(value)
  )
    return String(/^(?:true|yes|on)$/i.test(value));
  if (expected.includes("number") && typeof value === "string" && /^-?\d{1,15}$/.test(value)) return value;
  if (typeof value === "number" && expected.includes("a string"))
    return DURATIONS.test(key) ? `"${value}s"` : tomlText(String(value));
  if (expected.startsWith("an array") && ["string", "number"].includes(typeof value))
    return tomlText([value]);
  if (expected === "a string" && key === "script" && Array.isArray(value))
    return '"""…""", or cmds for a list of commands';
  if (expected === "a table" && Array.isArray(value)) return asTable(key, value);
  return undefined;
}

function asTable(key: string, items: readonly unknown[]): string | undefined {
  if (key === "matrix") return `{ name = ${tomlText(items.slice(0, 3))} }, and \${matrix.name} in cmd`;
  if (key !== "env" && key !== "vars") return undefined;
  const pairs = items.flatMap((item) => {
    const [, name = "", value = ""] =
      typeof item === "string" ? (/^([A-Za-z_]\w*)=(.*)$/.exec(item) ?? []) : [];
    return name === "" ? [] : [`${name} = ${tomlText(value)}`];
  });
  return pairs.length === 0 ? undefined : `{ ${pairs.slice(0, 3).join(", ")} }`;
}
