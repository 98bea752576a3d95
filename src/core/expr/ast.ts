import type { Span } from "#base/span";
import type { ExprValue } from "./value";

export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "=~" | "!~" | "in";

/**
 * An expression as a tree. `||`, `&&` and `+` hold all operands of a run of the same operator, so the depth of the
 * tree is bounded by the nesting that the parser allows, however long the text is. Parentheses leave no node.
 */
export type Expr =
  | LiteralExpr
  | NameExpr
  | MemberExpr
  | CallExpr
  | CompareExpr
  | { readonly kind: "array"; readonly items: readonly Expr[]; readonly span: Span }
  | { readonly kind: "not"; readonly operand: Expr; readonly span: Span }
  | { readonly kind: "add"; readonly operands: readonly Expr[]; readonly span: Span }
  | {
      readonly kind: "logic";
      readonly operator: "||" | "&&";
      readonly operands: readonly Expr[];
      readonly span: Span;
    }
  | {
      readonly kind: "conditional";
      readonly test: Expr;
      readonly then: Expr;
      readonly otherwise: Expr;
      readonly span: Span;
    };

export interface LiteralExpr {
  readonly kind: "literal";
  readonly value: ExprValue;
  readonly span: Span;
}

export interface NameExpr {
  readonly kind: "name";
  readonly name: string;
  readonly span: Span;
}

/** `object.key`, `object['key']` or `object[0]`. */
export interface MemberExpr {
  readonly kind: "member";
  readonly object: Expr;
  readonly key: string | number;
  readonly keySpan: Span;
  readonly span: Span;
}

export interface CallExpr {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Expr[];
  readonly span: Span;
}

export interface CompareExpr {
  readonly kind: "compare";
  readonly operator: CompareOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly span: Span;
}

/** The children of a node in the order they are written. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "name":
      return [];
    case "array":
      return expr.items;
    case "not":
      return [expr.operand];
    case "add":
    case "logic":
      return expr.operands;
    case "compare":
      return [expr.left, expr.right];
    case "member":
      return [expr.object];
    case "call":
      return [expr.callee, ...expr.args];
    case "conditional":
      return [expr.test, expr.then, expr.otherwise];
  }
}

/** `env`, `env.get`, `file.exists`: the dotted name a call or reference is known by; undefined for anything else. */
export function dottedName(expr: Expr): string | undefined {
  if (expr.kind === "name") return expr.name;
  if (expr.kind !== "member" || expr.object.kind !== "name") return undefined;
  return `${expr.object.name}.${expr.key}`;
}

/** `tasks['b'].success` as its root name and the members after it, outermost last; undefined where no name is below. */
export function referenceChain(expr: Expr): { root: NameExpr; members: readonly MemberExpr[] } | undefined {
  const members: MemberExpr[] = [];
  let inner = expr;
  while (inner.kind === "member") {
    members.push(inner);
    inner = inner.object;
  }
  return inner.kind === "name" ? { root: inner, members: members.reverse() } : undefined;
}
