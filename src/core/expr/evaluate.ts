import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { dottedName, referenceChain } from "./ast";
import type { CallExpr, CompareExpr, Expr } from "./ast";
import { countProblem, parameterAt, unknownFunction } from "./check-rules";
import { addValues, areEqual, asBoolean, compareOrder, isIn, isMatch, isTrue, negate } from "./compare";
import { memberValue, readReference } from "./evaluate-names";
import type { ExprScope } from "./evaluate-names";
import { findFunction } from "./functions";
import type { ExprFunction } from "./functions";
import type { ExprHost } from "./host";
import { whenReady } from "./maybe";
import type { Maybe } from "./maybe";
import { placeProblem } from "./problem";
import type { ExprFailure, Unplaced } from "./problem";
import { ANY_STRING, ARRAY, BOOLEAN, describeType, DURATION, isDynamic, NUMBER, OBJECT } from "./types";
import { booleanValue } from "./value";
import type { ExprValue, ValueKind } from "./value";

type Outcome<T = ExprValue> = Result<T, ExprFailure>;

/**
 * The value of an expression. Operands are evaluated from left to right, and those that cannot change the result are
 * not: neither asked of the host nor able to fail. Whatever is wrong is a failure, never a true. The value is there at
 * once where the host answers at once.
 */
export function evaluate(expr: Expr, scope: ExprScope, host: ExprHost): Maybe<Outcome> {
  return new Evaluator(scope, host).value(expr);
}

/** Yes or no of an expression that is a condition. */
export function evaluateCondition(expr: Expr, scope: ExprScope, host: ExprHost): Maybe<Outcome<boolean>> {
  return new Evaluator(scope, host).condition(expr);
}

class Evaluator {
  constructor(
    private readonly scope: ExprScope,
    private readonly host: ExprHost,
  ) {}

  value(expr: Expr): Maybe<Outcome> {
    switch (expr.kind) {
      case "literal":
        return ok(expr.value);
      case "array":
        return whenReady(this.values(expr.items), (items) =>
          items.ok ? ok({ kind: "array", items: items.value }) : items,
        );
      case "name":
      case "member":
        return this.reference(expr);
      case "call":
        return this.call(expr);
      case "not":
        return whenReady(this.condition(expr.operand), (yes) =>
          yes.ok ? ok(booleanValue(!yes.value)) : yes,
        );
      case "logic":
        return this.logic(expr.operands, expr.operator === "||", 0);
      case "add":
        return whenReady(this.values(expr.operands), (operands) =>
          operands.ok ? sum(operands.value, expr.operands) : operands,
        );
      case "compare":
        return this.compare(expr);
      case "conditional":
        return whenReady(this.condition(expr.test), (yes) => {
          if (!yes.ok) return yes;
          return this.value(yes.value ? expr.then : expr.otherwise);
        });
    }
  }

  condition(expr: Expr): Maybe<Outcome<boolean>> {
    if (expr.kind === "literal" && expr.value.kind === "string") {
      return err({ code: "E224", data: { text: expr.value.value }, span: expr.span });
    }
    return whenReady(this.value(expr), (value) => (value.ok ? placed(isTrue(value.value), expr) : value));
  }

  private reference(expr: Expr): Maybe<Outcome> {
    const chain = referenceChain(expr);
    if (chain !== undefined) return readReference(chain.root, chain.members, this);
    if (expr.kind !== "member") return err({ code: "E211", data: { name: "this" }, span: expr.span });
    return whenReady(this.value(expr.object), (object) =>
      object.ok ? memberValue(object.value, expr) : object,
    );
  }

  /** Scope and host, for reading names. */
  get context(): { readonly scope: ExprScope; readonly host: ExprHost } {
    return { scope: this.scope, host: this.host };
  }

  private values(
    exprs: readonly Expr[],
    done: readonly ExprValue[] = [],
  ): Maybe<Outcome<readonly ExprValue[]>> {
    const values = [...done];
    for (const expr of exprs.slice(done.length)) {
      const value = this.value(expr);
      if (value instanceof Promise) {
        return value.then((later) => (later.ok ? this.values(exprs, [...values, later.value]) : later));
      }
      if (!value.ok) return value;
      values.push(value.value);
    }
    return ok(values);
  }

  /** `||` ends at the first true, `&&` at the first false. */
  private logic(operands: readonly Expr[], endsAt: boolean, from: number): Maybe<Outcome> {
    for (let index = from; index < operands.length; index += 1) {
      const operand = operands[index];
      if (operand === undefined) break;
      const yes = this.condition(operand);
      if (yes instanceof Promise) {
        return yes.then((later) => {
          if (!later.ok) return later;
          return later.value === endsAt ? ok(booleanValue(endsAt)) : this.logic(operands, endsAt, index + 1);
        });
      }
      if (!yes.ok) return yes;
      if (yes.value === endsAt) return ok(booleanValue(endsAt));
    }
    return ok(booleanValue(!endsAt));
  }

  private compare(expr: CompareExpr): Maybe<Outcome> {
    return whenReady(this.value(expr.left), (left) => {
      if (!left.ok) return left;
      return whenReady(this.value(expr.right), (right) => {
        if (!right.ok) return right;
        return placed(asBoolean(applyComparison(expr, left.value, right.value)), expr);
      });
    });
  }

  private call(expr: CallExpr): Maybe<Outcome> {
    const name = dottedName(expr.callee);
    const entry = name === undefined ? undefined : findFunction(name);
    if (entry === undefined) return err(placeProblem(unknownFunction(name), expr.callee.span));
    const count = countProblem(entry, expr.args.length);
    if (count !== undefined) return err(placeProblem(count, expr.span));
    return whenReady(this.values(expr.args), (args) =>
      args.ok ? this.apply(entry, args.value, expr) : args,
    );
  }

  private apply(entry: ExprFunction, args: readonly ExprValue[], expr: CallExpr): Maybe<Outcome> {
    for (const [index, value] of args.entries()) {
      const problem = argumentProblem(entry, value, index);
      if (problem !== undefined) return err(placeProblem(problem, (expr.args[index] ?? expr).span));
    }
    // The default of an optional parameter may be null.
    const required = args.filter((_, index) => entry.parameters[index]?.optional !== true);
    if (required.some((value) => value.kind === "null")) return ok(entry.onNull);
    return whenReady(entry.call(args, this.host), (result) => {
      if (result.ok) return result;
      const { argument, ...problem } = result.error;
      const at = argument === undefined ? expr : (expr.args[argument] ?? expr);
      return err(placeProblem(problem, at.span));
    });
  }
}

const MASKS: Readonly<Record<Exclude<ValueKind, "null">, number>> = {
  string: ANY_STRING,
  number: NUMBER,
  duration: DURATION,
  boolean: BOOLEAN,
  array: ARRAY,
  object: OBJECT,
};

function argumentProblem(entry: ExprFunction, value: ExprValue, index: number): Unplaced | undefined {
  const parameter = parameterAt(entry, index);
  if (parameter === undefined || value.kind === "null" || isDynamic(parameter.type)) return undefined;
  if ((parameter.type.kinds & MASKS[value.kind]) !== 0) return undefined;
  const expected = describeType(parameter.type);
  return { code: "E225", data: { name: entry.name, parameter: parameter.name, expected, found: value.kind } };
}

function applyComparison(expr: CompareExpr, left: ExprValue, right: ExprValue): Result<boolean, Unplaced> {
  const { operator } = expr;
  switch (operator) {
    case "==":
      return areEqual(left, right, operator);
    case "!=":
      return negate(areEqual(left, right, operator));
    case "=~":
      return isMatch(left, right, operator);
    case "!~":
      return negate(isMatch(left, right, operator));
    case "in":
      return isIn(left, right);
    default:
      return compareOrder(left, right, operator);
  }
}

function sum(values: readonly ExprValue[], exprs: readonly Expr[]): Outcome {
  const strings = values.every((value) => value.kind === "string");
  // One join for a long text: adding up piece by piece would copy the beginning each time.
  if (strings)
    return ok({ kind: "string", value: values.map((value) => value.value).join(""), origin: "plain" });
  let [total] = values;
  for (const [index, value] of values.entries()) {
    if (index === 0 || total === undefined) continue;
    const next = addValues(total, value);
    const at = exprs[index];
    if (!next.ok) return err(placeProblem(next.error, at?.span ?? { start: 0, end: 0 }));
    total = next.value;
  }
  return ok(total ?? { kind: "null" });
}

function placed<T>(result: Result<T, Unplaced>, expr: Expr): Outcome<T> {
  return result.ok ? result : err(placeProblem(result.error, expr.span));
}
