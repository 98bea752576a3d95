import { suggest } from "#base/suggest";
import type { CompareExpr, Expr } from "./ast";
import { formatProblem } from "./function-bodies";
import { exprFunctions } from "./functions";
import type { ExprFunction, ExprParameter } from "./functions";
import type { Unplaced } from "./problem";
import { compileRegex } from "#core/expr/regex/regex";
import { parseRange, parseVersion } from "./semver";
import * as T from "./types";
import type { ExprType } from "./types";

export function comparisonProblem(expr: CompareExpr, left: ExprType, right: ExprType): Unplaced | undefined {
  const { operator } = expr;
  const words = { left: T.describeType(left), right: T.describeType(right) };
  switch (operator) {
    case "==":
    case "!=":
      return T.canEqual(left, right) ? undefined : { code: "E220", data: { operator, ...words } };
    case "=~":
    case "!~":
      return matchProblem(expr, left, right);
    case "in":
      if (!T.fits(right, T.ARRAY | T.OBJECT)) return { code: "E226", data: { kind: words.right } };
      if (isMember(left, right)) return undefined;
      return { code: "E220", data: { operator, ...words } };
    default:
      if (T.canOrder(left, right)) return undefined;
      return orderProblem(operator, left, right);
  }
}

function isMember(item: ExprType, container: ExprType): boolean {
  if (T.isDynamic(container)) return true;
  const keys = (container.kinds & T.OBJECT) === 0 || T.fits(item, T.STRING | T.NULL);
  return keys && ((container.kinds & T.ARRAY) === 0 || T.canEqual(item, T.elementOf(container)));
}

function orderProblem(operator: string, left: ExprType, right: ExprType): Unplaced {
  for (const type of [left, right]) {
    if (T.canOrder(type, type)) continue;
    return { code: "E221", data: { operator, kind: T.describeType(type) } };
  }
  return { code: "E220", data: { operator, left: T.describeType(left), right: T.describeType(right) } };
}

function matchProblem(expr: CompareExpr, left: ExprType, right: ExprType): Unplaced | undefined {
  const { operator } = expr;
  for (const type of [left, right]) {
    if (!T.fits(type, T.STRING | T.NULL))
      return { code: "E227", data: { operator, kind: T.describeType(type) } };
  }
  if (expr.right.kind !== "literal" || expr.right.value.kind !== "string") return undefined;
  return regexProblem(expr.right.value.value);
}

function regexProblem(pattern: string): Unplaced | undefined {
  const regex = compileRegex(pattern);
  return regex.ok ? undefined : { code: "E230", data: { pattern, reason: regex.error } };
}

export function literalProblem(parameter: ExprParameter, arg: Expr, index: number): Unplaced | undefined {
  if (arg.kind !== "literal" || arg.value.kind !== "string") return undefined;
  const text = arg.value.value;
  switch (parameter.format) {
    case "regex":
      return regexProblem(text);
    case "version":
      return parseVersion(text) === undefined ? formatProblem("version", text, index) : undefined;
    case "range":
      return parseRange(text) === undefined ? formatProblem("range", text, index) : undefined;
    case undefined:
      return undefined;
  }
}

/** The parameter that takes the argument at an index; a repeated one takes all that follow. */
export function parameterAt(entry: ExprFunction, index: number): ExprParameter | undefined {
  const last = entry.parameters.at(-1);
  return entry.parameters[index] ?? (last?.rest === true ? last : undefined);
}

/** The problem of a call with too few or too many arguments. */
export function countProblem(entry: ExprFunction, count: number): Unplaced | undefined {
  const least = entry.parameters.filter((parameter) => parameter.optional !== true).length;
  const most = entry.parameters.at(-1)?.rest === true ? Number.POSITIVE_INFINITY : entry.parameters.length;
  if (count >= least && count <= most) return undefined;
  const expected =
    most === least ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  return { code: "E214", data: { name: entry.name, expected, count } };
}

/** The problem of calling what is no function; a forgotten group (`exists`) is suggested in full (`file.exists`). */
export function unknownFunction(name: string | undefined): Unplaced {
  if (name === undefined) return { code: "E213", data: { name: "this" } };
  const names = exprFunctions.map((entry) => entry.name);
  const grouped = names.filter((known) => known.endsWith(`.${name}`));
  const suggestions = [...new Set([...grouped, ...suggest(name, names)])];
  return { code: "E213", data: { name }, suggestions };
}
