import type { Diagnostic, DiagnosticData } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import type { CoreCode } from "#core/model/diagnostic-codes";
import { formatProblem } from "./formats";
import type { Fields, Kind, MapKind, TableKind, UnionKind } from "./schema/kinds";
import { isTomlTable } from "./toml/values";

/** Where the checker stands and what it has found. The path is one array that grows and shrinks with the walk. */
interface Walk {
  readonly file: string;
  readonly path: (string | number)[];
  readonly found: Diagnostic[];
}

/** Checks a value read from `file` against a kind, and returns everything that is wrong with it, in document order. */
export function checkValue(kind: Kind, value: unknown, file: string): Diagnostic[] {
  const walk: Walk = { file, path: [], found: [] };
  check(walk, kind, value);
  return walk.found;
}

function check(walk: Walk, kind: Kind, value: unknown): void {
  switch (kind.type) {
    case "any":
      return;
    case "union":
      checkUnion(walk, kind, value);
      return;
    case "list":
      if (!Array.isArray(value)) return wrongType(walk, kind, value);
      if (kind.nonEmpty && value.length === 0) report(walk, "E116", { data: { where: where(walk) } });
      for (let index = 0; index < value.length; index += 1) {
        walk.path.push(index);
        check(walk, kind.item, value[index]);
        walk.path.pop();
      }
      return;
    case "map":
      if (!isTomlTable(value)) return wrongType(walk, kind, value);
      checkMap(walk, kind, value);
      return;
    case "table":
      if (!isTomlTable(value)) return wrongType(walk, kind, value);
      checkTable(walk, kind, value);
      return;
    default:
      checkScalar(walk, kind, value);
  }
}

function checkScalar(
  walk: Walk,
  kind: Exclude<Kind, { type: "any" | "union" | "list" | "map" | "table" }>,
  value: unknown,
): void {
  if (!matchesShape(kind, value)) {
    if (kind.type === "enum" && typeof value === "string") {
      report(walk, "E113", {
        data: { where: where(walk), expected: kind.values.join(", "), found: shown(value) },
        suggestions: suggest(value, kind.values),
      });
      return;
    }
    return wrongType(walk, kind, value);
  }
  if (kind.type === "string" && kind.format !== undefined && typeof value === "string") {
    const expected = formatProblem(kind.format, value);
    if (expected !== undefined)
      report(walk, "E115", { data: { where: where(walk), expected, found: shown(value) } });
  }
  if (
    (kind.type === "integer" || kind.type === "number") &&
    typeof value === "number" &&
    !(value >= kind.min && value <= kind.max)
  ) {
    report(walk, "E114", {
      data: { where: where(walk), min: kind.min, max: kind.max, found: String(value) },
    });
  }
}

/** Options are told apart by the JSON type of the value; among several of one type the first that accepts it wins. */
function checkUnion(walk: Walk, kind: UnionKind, value: unknown): void {
  const { options } = kind;
  const at = nextFitting(options, value, 0);
  const first = options[at];
  if (first === undefined) return wrongType(walk, kind, value);
  if (nextFitting(options, value, at + 1) === options.length) return check(walk, first, value);
  let best: Diagnostic[] | undefined;
  for (let index = at; index < options.length; index = nextFitting(options, value, index + 1)) {
    const attempt: Walk = { file: walk.file, path: walk.path, found: [] };
    check(attempt, options[index] ?? first, value);
    if (attempt.found.length === 0) return;
    best ??= attempt.found;
  }
  walk.found.push(...(best ?? []));
}

/** Where the next option from `from` on stands that a value of this JSON type may be meant for; their number where there is none. */
function nextFitting(options: readonly Kind[], value: unknown, from: number): number {
  let at = from;
  for (let option = options[at]; option !== undefined; option = options[at]) {
    if (matchesShape(option, value) || (option.type === "enum" && typeof value === "string")) break;
    at += 1;
  }
  return at;
}

function checkMap(walk: Walk, kind: MapKind, value: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(value)) {
    walk.path.push(key);
    const expected = nameProblem(kind.keys, key);
    if (expected !== undefined) {
      const name = JSON.stringify(key);
      const place = where({ ...walk, path: walk.path.slice(0, -1) });
      report(walk, "E117", { data: { name: shown(name), where: place, expected }, target: "key" });
    }
    check(walk, kind.value, value[key]);
    walk.path.pop();
  }
}

function checkTable(walk: Walk, kind: TableKind<Fields>, value: Readonly<Record<string, unknown>>): void {
  const { fields } = kind;
  for (const key of Object.keys(value)) {
    walk.path.push(key);
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) {
      const place = where({ ...walk, path: walk.path.slice(0, -1) });
      const code = walk.path.length === 1 ? "E111" : "E110";
      report(walk, code, {
        data: { key: shown(key), where: place },
        suggestions: suggest(key, Object.keys(fields)),
        target: "key",
      });
    } else check(walk, field.kind, value[key]);
    walk.path.pop();
  }
  for (const key of kind.required) {
    if (!Object.hasOwn(value, key))
      report(walk, "E118", { data: { key, where: where(walk) }, target: "header" });
  }
}

// Most names are ASCII, and the tables of Unicode take longer to load than such a file to check.
const PLAIN_NAME = /^[\w*][\w\-./:*]*$/;
const TASK_NAME = /^[\p{L}\p{N}_*][\p{L}\p{N}_\-./:*]*$/u;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// Any C0 control, DEL or C1 control: they would let a name paint over the terminal.
const CONTROL = /\p{Cc}/u;

/** What a key should look like, where it does not. */
function nameProblem(keys: MapKind["keys"], key: string): string | undefined {
  if (keys !== "env-name" && PLAIN_NAME.test(key)) return undefined;
  if (keys === "task-name" && !TASK_NAME.test(key)) return "letters, digits and _ - . / : only";
  if (keys === "env-name" && !ENV_NAME.test(key)) return "letters, digits and _ only, no digit first";
  if (key === "" || CONTROL.test(key)) return "no control characters";
  return undefined;
}

function wrongType(walk: Walk, kind: Kind, value: unknown): void {
  report(walk, "E112", { data: { where: where(walk), expected: kindName(kind), found: valueName(value) } });
}

interface Report {
  readonly data: DiagnosticData;
  readonly suggestions?: readonly string[];
  readonly target?: "key" | "value" | "header";
}

function report(walk: Walk, code: CoreCode, { data, suggestions = [], target = "value" }: Report): void {
  const place = { file: walk.file, path: [...walk.path], target };
  walk.found.push({
    code,
    severity: "error",
    data,
    place,
    ...(suggestions.length > 0 ? { suggestions } : {}),
  });
}

function matchesShape(kind: Kind, value: unknown): boolean {
  switch (kind.type) {
    case "any":
      return true;
    case "string":
      return typeof value === "string";
    case "enum":
      return typeof value === "string" && kind.values.includes(value);
    case "literal":
      return value === kind.value;
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "list":
      return Array.isArray(value);
    case "map":
    case "table":
      return isTomlTable(value);
    case "union":
      return kind.options.some((option) => matchesShape(option, value));
  }
}

/** A kind in words: `a string`, `true, false or a string`. */
export function kindName(kind: Kind): string {
  switch (kind.type) {
    case "any":
      return "any value";
    case "string":
      return "a string";
    case "enum":
      return kind.values.map((value) => `"${value}"`).join(" or ");
    case "literal":
      return String(kind.value);
    case "boolean":
      return "true or false";
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    case "list":
      return kind.item.type === "any" || kind.item.type === "union"
        ? "an array"
        : `an array of ${plural(kindName(kind.item))}`;
    case "map":
    case "table":
      return "a table";
    case "union":
      return [...new Set(kind.options.map(kindName))].join(" or ");
  }
}

const plural = (name: string): string => `${name.replace(/^an? (\w+)/, "$1s")}`;

function valueName(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(shown(value))}`;
  if (typeof value === "number" || typeof value === "bigint") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "an array";
  return isTomlTable(value) ? "a table" : "a date";
}

/** Text from a file as a message may show it: no control characters, not too long. */
export function shown(text: string): string {
  const clean = text.replaceAll(
    /\p{Cc}/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return clean.length > 80 ? `${clean.slice(0, 77)}...` : clean;
}

/** The table or key at the walk's path, as a person would say it. */
function where(walk: Walk): string {
  const [section, name, ...rest] = walk.path;
  if (section === undefined) return "zr.toml";
  if (section === "tasks" && name !== undefined) {
    const task = `task '${shown(String(name))}'`;
    return rest.length === 0 ? task : `'${shown(dotted(rest))}' of ${task}`;
  }
  if (walk.path.length === 1) return `[${section}]`;
  return `'${shown(dotted(walk.path))}'`;
}

const dotted = (path: readonly (string | number)[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
