import { ok } from "#base/result";
import { asBoolean, isMatch } from "./compare";
import * as body from "./function-bodies";
import type { CallResult } from "./function-bodies";
import type { ExprHost } from "./host";
import { compareVersions } from "./semver";
import { types, union, withoutNull } from "./types";
import type { ExprType } from "./types";
import { booleanValue, numberValue, stringOrNull, stringValue } from "./value";
import type { ExprValue } from "./value";

export interface ExprParameter {
  readonly name: string;
  readonly type: ExprType;
  readonly optional?: true;
  /** May be given any number of times, at least once. */
  readonly rest?: true;
  /** What the text must be, checked early where it is a literal. */
  readonly format?: "regex" | "version" | "range";
}

export interface ExprFunction {
  readonly name: string;
  readonly parameters: readonly ExprParameter[];
  readonly result: ExprType;
  /** The result by the types of the arguments, where it depends on them. */
  readonly resultOf?: (args: readonly ExprType[]) => ExprType;
  /** One sentence or two. */
  readonly doc: string;
  readonly example: string;
  /** Whether it asks the host, and so may be slow, fail or be refused. */
  readonly needsHost: boolean;
  /** The result where an argument is null; the function is not called then. */
  readonly onNull: ExprValue;
  /** Arguments have been checked for number, kind and null. */
  readonly call: (args: readonly ExprValue[], host: ExprHost) => CallResult;
}

const FALSE = booleanValue(false);
const NULL: ExprValue = { kind: "null" };

const string = (name: string): ExprParameter => ({ name, type: types.string });

/** Every function of the language, in the order of the documentation. */
export const exprFunctions: readonly ExprFunction[] = [
  {
    name: "file.exists",
    parameters: [string("path")],
    result: types.boolean,
    doc: "Whether the file or folder exists.",
    example: "file.exists('Dockerfile')",
    needsHost: true,
    onNull: FALSE,
    call: (args, host) => body.answer(host.fileExists(body.text(args, 0)), booleanValue, "file.exists"),
  },
  {
    name: "file.changed",
    parameters: [{ name: "glob", type: types.string, rest: true }],
    result: types.boolean,
    doc: "Whether a matching file differs from the base, is uncommitted or untracked.",
    example: "file.changed('src/**', 'package.json')",
    needsHost: true,
    onNull: FALSE,
    call: (args, host) =>
      body.answer(
        host.fileChanged(args.map((_, index) => body.text(args, index))),
        booleanValue,
        "file.changed",
      ),
  },
  {
    name: "file.newer",
    parameters: [string("target"), string("source")],
    result: types.boolean,
    doc: "Whether target is newer than source; a folder is as new as its newest file.",
    example: "!file.newer('dist', 'src')",
    needsHost: true,
    onNull: FALSE,
    call: (args, host) =>
      body.answer(host.fileNewer(body.text(args, 0), body.text(args, 1)), booleanValue, "file.newer"),
  },
  {
    name: "file.hash",
    parameters: [string("pattern")],
    result: types.nullableString,
    doc: "Digest of the content of the files that match a path or glob; null where nothing matches.",
    example: "file.hash('go.sum') != env.LAST_GO_SUM",
    needsHost: true,
    onNull: NULL,
    call: (args, host) => body.answer(host.fileHash(body.text(args, 0)), stringOrNull, "file.hash"),
  },
  {
    name: "file.read",
    parameters: [string("path")],
    result: types.string,
    doc: "Content of the file. A file that cannot be read is an error.",
    example: "contains(file.read('.nvmrc'), '20')",
    needsHost: true,
    onNull: NULL,
    call: (args, host) => body.answer(host.fileRead(body.text(args, 0)), stringValue, "file.read"),
  },
  {
    name: "glob",
    parameters: [string("pattern")],
    result: types.strings,
    doc: "Paths that match, sorted.",
    example: "len(glob('migrations/*.sql')) > 0",
    needsHost: true,
    onNull: NULL,
    call: (args, host) =>
      body.answer(
        host.glob(body.text(args, 0)),
        (paths): ExprValue => ({ kind: "array", items: paths.map((path) => stringValue(path)) }),
        "glob",
      ),
  },
  {
    name: "shell",
    parameters: [string("command")],
    result: types.string,
    doc: "Trimmed standard output of a command; as a condition, whether it exited with 0. Runs in the package folder for at most 10 s.",
    example: "shell('git diff --quiet')",
    needsHost: true,
    onNull: NULL,
    call: body.runShell,
  },
  ...(
    [
      ["gte", "later than or the same as", (order) => order >= 0],
      ["gt", "later than", (order) => order > 0],
      ["lte", "earlier than or the same as", (order) => order <= 0],
      ["lt", "earlier than", (order) => order < 0],
      ["eq", "the same as", (order) => order === 0],
    ] as const satisfies readonly (readonly [string, string, (order: number) => boolean])[]
  ).map(([name, words, holds]) => versionFunction(name, words, holds)),
  {
    name: "semver.satisfies",
    parameters: [
      { name: "version", type: types.string, format: "version" },
      { name: "range", type: types.string, format: "range" },
    ],
    result: types.boolean,
    doc: "Whether the version is in the range (`^1.2`, `~1.2.3`, `>=18 <21`, `1.x`, `a || b`).",
    example: "semver.satisfies(tool.version('node'), '>=18 <23')",
    needsHost: false,
    onNull: FALSE,
    call: body.satisfiesRange,
  },
  {
    name: "contains",
    parameters: [
      { name: "container", type: types.container },
      { name: "part", type: types.dynamic },
    ],
    result: types.boolean,
    doc: "Whether a string has the part in it, an array the element, an object the key.",
    example: "contains(package.tags, 'web')",
    needsHost: false,
    onNull: FALSE,
    call: (args) => body.containsPart(args[0] ?? NULL, args[1] ?? NULL),
  },
  textTest("prefix"),
  textTest("suffix"),
  textChange("lower"),
  textChange("upper"),
  {
    name: "len",
    parameters: [{ name: "value", type: types.container }],
    result: types.number,
    doc: "Number of characters, elements or keys; 0 for null.",
    example: "len(package.tags) > 0",
    needsHost: false,
    onNull: numberValue(0),
    call: (args) => ok(numberValue(body.lengthOf(args[0] ?? NULL))),
  },
  {
    name: "matches",
    parameters: [string("text"), { name: "pattern", type: types.string, format: "regex" }],
    result: types.boolean,
    doc: "Whether the pattern is found in the text, as `=~`.",
    example: "matches(branch, '^release/\\d+')",
    needsHost: false,
    onNull: FALSE,
    call: (args) => asBoolean(isMatch(args[0] ?? NULL, args[1] ?? NULL, "matches")),
  },
  {
    name: "which",
    parameters: [string("tool")],
    result: types.nullableString,
    doc: "Path of a program found on PATH, or null.",
    example: "which('docker') != null",
    needsHost: true,
    onNull: NULL,
    call: (args, host) => body.answer(host.which(body.text(args, 0)), stringOrNull, "which"),
  },
  {
    name: "tool.version",
    parameters: [string("name")],
    result: types.nullableString,
    doc: "Version of a tool as the task would use it, or null where it is not there.",
    example: "semver.gte(tool.version('node'), '20')",
    needsHost: true,
    onNull: NULL,
    call: (args, host) => body.answer(host.toolVersion(body.text(args, 0)), stringOrNull, "tool.version"),
  },
  {
    name: "json",
    parameters: [string("text")],
    result: types.dynamic,
    doc: "The data of a JSON text.",
    example: "json(file.read('package.json')).private == true",
    needsHost: false,
    onNull: NULL,
    call: (args) => body.parseJson(body.text(args, 0)),
  },
  {
    name: "env.get",
    parameters: [string("name"), { name: "default", type: types.stringOrNumber, optional: true }],
    result: types.env,
    resultOf: ([, fallback]) => (fallback === undefined ? types.env : union(types.setEnv, fallback)),
    doc: "The environment variable, or the default where it is not set.",
    example: "env.get('PORT', 8080) > 1024",
    needsHost: true,
    onNull: NULL,
    call: (args, host) => ok(body.readEnv(host.env(body.text(args, 0)), args[1] ?? NULL)),
  },
];

const byName = new Map(exprFunctions.map((entry) => [entry.name, entry]));

export const findFunction = (name: string): ExprFunction | undefined => byName.get(name);

/** The static result, which is null as well where an argument may be and the function lets it through. */
export function resultType(entry: ExprFunction, args: readonly ExprType[]): ExprType {
  const result = entry.resultOf?.(args) ?? entry.result;
  const passesNull =
    entry.onNull.kind === "null" && args.some((type) => withoutNull(type).kinds !== type.kinds);
  return passesNull ? union(result, types.null) : result;
}

/** `semver.gte(a: string, b: string): boolean` */
export function formatSignature(entry: ExprFunction, describe: (type: ExprType) => string): string {
  const parameters = entry.parameters.map(
    ({ name, type, optional, rest }) =>
      `${name}${rest === true ? "…" : ""}${optional === true ? "?" : ""}: ${describe(type)}`,
  );
  return `${entry.name}(${parameters.join(", ")}): ${describe(entry.result)}`;
}

function versionFunction(name: string, words: string, holds: (order: number) => boolean): ExprFunction {
  return {
    name: `semver.${name}`,
    parameters: [
      { name: "a", type: types.string, format: "version" },
      { name: "b", type: types.string, format: "version" },
    ],
    result: types.boolean,
    doc: `Whether version a is ${words} version b.`,
    example: `semver.${name}(tool.version('go'), '1.22')`,
    needsHost: false,
    onNull: FALSE,
    call: (args) => {
      const a = body.versionAt(args, 0);
      if (!a.ok) return a;
      const b = body.versionAt(args, 1);
      return b.ok ? ok(booleanValue(holds(compareVersions(a.value, b.value)))) : b;
    },
  };
}

function textTest(part: "prefix" | "suffix"): ExprFunction {
  const isPrefix = part === "prefix";
  const test = (a: string, b: string): boolean => (isPrefix ? a.startsWith(b) : a.endsWith(b));
  return {
    name: isPrefix ? "startsWith" : "endsWith",
    parameters: [string("text"), string(part)],
    result: types.boolean,
    doc: `Whether the text ${isPrefix ? "begins" : "ends"} with the ${part}.`,
    example: isPrefix ? "startsWith(branch, 'release/')" : "endsWith(package.name, '-app')",
    needsHost: false,
    onNull: FALSE,
    call: (args) => ok(booleanValue(test(body.text(args, 0), body.text(args, 1)))),
  };
}

function textChange(name: "lower" | "upper"): ExprFunction {
  const change = (value: string): string => (name === "lower" ? value.toLowerCase() : value.toUpperCase());
  return {
    name,
    parameters: [string("text")],
    result: types.string,
    doc: `The text in ${name} case.`,
    example: name === "lower" ? "lower(env.get('STAGE', 'dev')) == 'prod'" : "upper(matrix.os) == 'LINUX'",
    needsHost: false,
    onNull: NULL,
    call: (args) => ok(stringValue(change(body.text(args, 0)))),
  };
}
