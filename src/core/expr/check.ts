import { suggest } from "#base/suggest";
import { dottedName, referenceChain } from "./ast";
import type { CallExpr, CompareExpr, Expr, MemberExpr } from "./ast";
import { resolveReference } from "./check-names";
import type { CheckScope } from "./check-names";
import { comparisonProblem, countProblem, literalProblem, parameterAt, unknownFunction } from "./check-rules";
import { findFunction, resultType } from "./functions";
import type { ExprFunction } from "./functions";
import { parseExpression } from "./parser";
import { placeProblem } from "./problem";
import type { ExprProblem, Unplaced } from "./problem";
import * as T from "./types";
import type { ExprType } from "./types";
import type { ExprValue } from "./value";

export interface Checked {
  readonly problems: readonly ExprProblem[];
  readonly type: ExprType;
}

const PLATFORMS: ReadonlyMap<string, readonly string[]> = new Map([
  ["platform", ["linux", "darwin", "windows", "macos"]],
  ["arch", ["x86_64", "aarch64", "x64", "arm64"]],
]);

/**
 * Reads and checks a condition: what a key that holds an expression needs. Problems are in the order of the text; a
 * text that cannot be read gives one.
 */
export function checkCondition(text: string, scope: CheckScope): readonly ExprProblem[] {
  const expr = parseExpression(text);
  return expr.ok ? checkExpression(expr.value, scope).problems : [expr.error];
}

/**
 * Types of an expression against what is known where it stands. Reports every problem, each once: what depends on a
 * wrong part has the dynamic type, which fits everywhere. `as` says whether the value is asked for yes or no.
 */
export function checkExpression(
  expr: Expr,
  scope: CheckScope,
  as: "condition" | "value" = "condition",
): Checked {
  const checker = new Checker(scope);
  const type = as === "condition" ? checker.condition(expr) : checker.typeOf(expr);
  return { problems: checker.problems.sort((a, b) => a.span.start - b.span.start), type };
}

class Checker {
  readonly problems: ExprProblem[] = [];

  constructor(private readonly scope: CheckScope) {}

  /** The type of an expression that is asked for yes or no. */
  condition(expr: Expr): ExprType {
    const type = this.typeOf(expr);
    if (expr.kind === "literal" && expr.value.kind === "string") {
      return this.wrong(expr, { code: "E224", data: { text: expr.value.value } });
    }
    if (T.fits(type, T.CONDITION)) return type;
    return this.wrong(expr, { code: "E223", data: { kind: T.describeType(type) } });
  }

  typeOf(expr: Expr): ExprType {
    switch (expr.kind) {
      case "literal":
        return literalType(expr.value);
      case "array":
        return {
          kinds: T.ARRAY,
          element: expr.items.map((item) => this.typeOf(item)).reduce(T.union, { kinds: 0 }),
        };
      case "name":
        return this.reference(expr);
      case "member":
        return this.member(expr);
      case "call":
        return this.call(expr);
      case "not":
        this.condition(expr.operand);
        return T.types.boolean;
      case "logic":
        for (const operand of expr.operands) this.condition(operand);
        return T.types.boolean;
      case "add":
        return this.sum(expr.operands);
      case "compare":
        this.comparison(expr);
        return T.types.boolean;
      case "conditional":
        this.condition(expr.test);
        return T.union(this.typeOf(expr.then), this.typeOf(expr.otherwise));
    }
  }

  private wrong(at: { readonly span: ExprProblem["span"] }, problem: Unplaced): ExprType {
    this.problems.push(placeProblem(problem, at.span));
    return T.types.dynamic;
  }

  private reference(expr: Expr): ExprType {
    const chain = referenceChain(expr);
    if (chain === undefined) return T.types.dynamic;
    const resolved = resolveReference(chain.root, chain.members, this.scope);
    if (!resolved.ok) {
      this.problems.push(resolved.error);
      return T.types.dynamic;
    }
    let { type } = resolved.value;
    for (const member of chain.members.slice(resolved.value.used)) type = this.memberOf(type, member);
    return type;
  }

  private member(expr: MemberExpr): ExprType {
    if (referenceChain(expr) !== undefined) return this.reference(expr);
    return this.memberOf(this.typeOf(expr.object), expr);
  }

  private memberOf(type: ExprType, member: MemberExpr): ExprType {
    const wanted = typeof member.key === "number" ? T.ARRAY | T.OBJECT : T.OBJECT;
    if (!T.fits(type, wanted)) {
      const data = { kind: T.describeType(type), name: String(member.key) };
      return this.wrong({ span: member.keySpan }, { code: "E228", data });
    }
    return (type.kinds & T.OBJECT) === 0 ? T.elementOf(type) : T.types.dynamic;
  }

  private call(expr: CallExpr): ExprType {
    const name = dottedName(expr.callee);
    const entry = name === undefined ? undefined : findFunction(name);
    const args = expr.args.map((arg) => this.typeOf(arg));
    if (entry === undefined) return this.wrong(expr.callee, unknownFunction(name));
    if (entry.name === "shell" && this.scope.shellRefusal !== undefined) {
      this.wrong(expr, { code: "E236", data: { reason: this.scope.shellRefusal } });
    }
    const count = countProblem(entry, args.length);
    if (count !== undefined) return this.wrong(expr, count);
    for (const [index, arg] of expr.args.entries()) this.argument(entry, { arg, type: args[index], index });
    const [container, part] = args;
    if (entry.name === "contains" && container !== undefined && part !== undefined) {
      this.contained(expr, container, part);
    }
    return resultType(entry, args);
  }

  private argument(
    entry: ExprFunction,
    given: { arg: Expr; type: ExprType | undefined; index: number },
  ): void {
    const parameter = parameterAt(entry, given.index);
    if (parameter === undefined || given.type === undefined) return;
    if (!T.fits(given.type, parameter.type.kinds | T.NULL)) {
      const data = {
        name: entry.name,
        parameter: parameter.name,
        expected: T.describeType(parameter.type),
        found: T.describeType(given.type),
      };
      this.wrong(given.arg, { code: "E225", data });
      return;
    }
    const problem = literalProblem(parameter, given.arg, given.index);
    if (problem !== undefined) this.wrong(given.arg, problem);
  }

  private contained(expr: CallExpr, container: ExprType, part: ExprType): void {
    const strings = (container.kinds & T.ANY_STRING) === 0 || T.fits(part, T.STRING | T.NULL);
    const elements = (container.kinds & T.ARRAY) === 0 || T.canEqual(part, T.elementOf(container));
    if (T.isDynamic(container) || (strings && elements)) return;
    const data = { operator: "contains", left: T.describeType(container), right: T.describeType(part) };
    this.wrong(expr, { code: "E220", data });
  }

  private sum(operands: readonly Expr[]): ExprType {
    let sum: ExprType | undefined;
    for (const operand of operands) {
      const type = this.typeOf(operand);
      if (sum === undefined) sum = type;
      else if (T.canAdd(sum, type)) sum = T.sumOf(sum, type);
      else {
        const data = { left: T.describeType(sum), right: T.describeType(type) };
        return this.wrong(operand, { code: "E222", data });
      }
    }
    return sum ?? T.types.dynamic;
  }

  private comparison(expr: CompareExpr): void {
    const left = this.typeOf(expr.left);
    const right = this.typeOf(expr.right);
    const problem = comparisonProblem(expr, left, right);
    if (problem !== undefined) {
      this.wrong(expr, problem);
      return;
    }
    this.platformText(expr.left, expr.right);
    this.platformText(expr.right, expr.left);
  }

  /** `platform == 'win32'` can never be true, so it is a mistake. */
  private platformText(name: Expr, other: Expr): void {
    const known = name.kind === "name" ? PLATFORMS.get(name.name) : undefined;
    if (known === undefined || name.kind !== "name") return;
    for (const item of other.kind === "array" ? other.items : [other]) {
      if (item.kind !== "literal" || item.value.kind !== "string" || known.includes(item.value.value))
        continue;
      const data = { name: name.name, text: item.value.value, known };
      this.wrong(item, { code: "E229", data, suggestions: suggest(item.value.value, known) });
    }
  }
}

function literalType(value: ExprValue): ExprType {
  switch (value.kind) {
    case "string":
      return T.types.string;
    case "number":
      return T.types.number;
    case "duration":
      return T.types.duration;
    case "boolean":
      return T.types.boolean;
    case "null":
      return T.types.null;
    case "array":
      return { kinds: T.ARRAY, element: value.items.map(literalType).reduce(T.union, { kinds: 0 }) };
    case "object":
      return { kinds: T.OBJECT };
  }
}
