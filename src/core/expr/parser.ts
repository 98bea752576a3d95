import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Span } from "#base/span";
import type { CompareOperator, Expr } from "./ast";
import { tokenize } from "./lexer";
import type { Token } from "./lexer";
import type { ExprProblem } from "./problem";
import { booleanValue, durationValue, nullValue, numberValue, stringValue } from "./value";

/** Longest expression text, in UTF-16 code units. */
export const MAX_LENGTH = 65_536;
/** Deepest nesting of parentheses, calls, arrays, `!`, `?:` and `.` together. */
export const MAX_DEPTH = 100;

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "=~", "!~", "in"]);
const WORD_OPERATORS: ReadonlyMap<string, string> = new Map([
  ["and", "&&"],
  ["or", "||"],
  ["not", "!"],
  ["is", "=="],
]);

type Parsed = Result<Expr, ExprProblem>;

/**
 * Reads an expression by recursive descent, one method a level of binding. The error is the first problem in the
 * text; it never throws, whatever the text is.
 */
export function parseExpression(text: string): Parsed {
  if (text.length > MAX_LENGTH) {
    const span = { start: MAX_LENGTH, end: text.length };
    return err({ code: "E200", data: { length: text.length, max: MAX_LENGTH }, span });
  }
  const { tokens, problems } = tokenize(text);
  const [problem] = problems;
  if (problem !== undefined) return err(problem);
  return new Parser(tokens).parseAll();
}

class Parser {
  private at = 0;
  private depth = 0;
  private readonly end: Token;

  constructor(private readonly tokens: readonly Token[]) {
    this.end = tokens.at(-1) ?? { kind: "end", text: "", span: { start: 0, end: 0 } };
  }

  parseAll(): Parsed {
    if (this.peek().kind === "end") return err({ code: "E210", data: {}, span: this.peek().span });
    const expr = this.parseConditional();
    if (!expr.ok || this.peek().kind === "end") return expr;
    return err(this.unexpected("an operator or the end"));
  }

  private peek(): Token {
    return this.tokens[this.at] ?? this.end;
  }

  private isAt(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.kind === "operator" || token.kind === "name");
  }

  private take(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.at += 1;
    return true;
  }

  private parseConditional(): Parsed {
    if (this.depth >= MAX_DEPTH) return err(this.tooDeep());
    this.depth += 1;
    const expr = this.parseConditionalInside();
    this.depth -= 1;
    return expr;
  }

  private parseConditionalInside(): Parsed {
    const test = this.parseLogic("||");
    if (!test.ok || !this.take("?")) return test;
    const then = this.parseConditional();
    if (!then.ok) return then;
    if (!this.take(":")) return err(this.unexpected("`:`"));
    const otherwise = this.parseConditional();
    if (!otherwise.ok) return otherwise;
    const span = join(test.value.span, otherwise.value.span);
    return ok({ kind: "conditional", test: test.value, then: then.value, otherwise: otherwise.value, span });
  }

  private parseLogic(operator: "||" | "&&"): Parsed {
    const operands = this.parseRun(operator, () =>
      operator === "||" ? this.parseLogic("&&") : this.parseNot(),
    );
    if (!operands.ok) return operands;
    const [only, second] = operands.value;
    if (only !== undefined && second === undefined) return ok(only);
    return ok({ kind: "logic", operator, operands: operands.value, span: spanOf(operands.value) });
  }

  private parseRun(operator: string, next: () => Parsed): Result<Expr[], ExprProblem> {
    const operands: Expr[] = [];
    do {
      const operand = next();
      if (!operand.ok) return operand;
      operands.push(operand.value);
    } while (this.take(operator));
    return ok(operands);
  }

  private parseNot(): Parsed {
    const start = this.peek().span;
    if (!this.take("!")) return this.parseComparison();
    if (this.depth >= MAX_DEPTH) return err(this.tooDeep());
    this.depth += 1;
    const operand = this.parseNot();
    this.depth -= 1;
    if (!operand.ok) return operand;
    return ok({ kind: "not", operand: operand.value, span: join(start, operand.value.span) });
  }

  private parseComparison(): Parsed {
    const left = this.parseSum();
    if (!left.ok) return left;
    const operator = this.takeComparison();
    if (operator === undefined) return left;
    const right = this.parseSum();
    if (!right.ok) return right;
    const again = this.peek();
    if (this.takeComparison() !== undefined) {
      return err({ code: "E208", data: { operator: again.text }, span: again.span });
    }
    const span = join(left.value.span, right.value.span);
    return ok({ kind: "compare", operator, left: left.value, right: right.value, span });
  }

  private takeComparison(): CompareOperator | undefined {
    const token = this.peek();
    if (token.kind !== "operator" && token.kind !== "name") return undefined;
    if (!isComparison(token.text)) return undefined;
    this.at += 1;
    return token.text;
  }

  private parseSum(): Parsed {
    const operands = this.parseRun("+", () => this.parsePostfix());
    if (!operands.ok) return operands;
    const [only, second] = operands.value;
    if (only !== undefined && second === undefined) return ok(only);
    return ok({ kind: "add", operands: operands.value, span: spanOf(operands.value) });
  }

  private parsePostfix(): Parsed {
    let expr = this.parsePrimary();
    const outside = this.depth;
    while (expr.ok) {
      const next = this.parseSuffix(expr.value);
      if (next === undefined) break;
      this.depth += 1;
      expr = this.depth > MAX_DEPTH ? err(this.tooDeep()) : next;
    }
    this.depth = outside;
    return expr;
  }

  private parseSuffix(object: Expr): Parsed | undefined {
    if (this.take(".")) return this.parseDot(object);
    if (this.take("[")) return this.parseIndex(object);
    if (!this.take("(")) return undefined;
    const args = this.parseList(")");
    if (!args.ok) return args;
    const span = { start: object.span.start, end: this.previousEnd() };
    return ok({ kind: "call", callee: object, args: args.value, span });
  }

  private parseDot(object: Expr): Parsed {
    const token = this.peek();
    const index = token.kind === "number" && /^\d+$/.test(token.text);
    if (token.kind !== "name" && !index) return err(this.unexpected("a name after `.`"));
    this.at += 1;
    const span = join(object.span, token.span);
    const key = token.kind === "number" ? token.value : token.text;
    return ok({ kind: "member", object, key, keySpan: token.span, span });
  }

  private parseIndex(object: Expr): Parsed {
    const token = this.peek();
    const index = token.kind === "number" && /^\d+$/.test(token.text);
    if (token.kind !== "string" && !index) return err(this.unexpected("a quoted name or a number"));
    this.at += 1;
    if (!this.take("]")) return err(this.unexpected("`]`"));
    const span = { start: object.span.start, end: this.previousEnd() };
    return ok({ kind: "member", object, key: token.value, keySpan: token.span, span });
  }

  private parseList(close: string): Result<Expr[], ExprProblem> {
    if (this.take(close)) return ok([]);
    const items = this.parseRun(",", () => this.parseConditional());
    if (!items.ok) return items;
    if (!this.take(close)) return err(this.unexpected(`\`,\` or \`${close}\``));
    return items;
  }

  private parsePrimary(): Parsed {
    const token = this.peek();
    const { span } = token;
    if (this.take("(")) return this.parseGroup();
    if (this.take("[")) {
      const items = this.parseList("]");
      if (!items.ok) return items;
      return ok({ kind: "array", items: items.value, span: { start: span.start, end: this.previousEnd() } });
    }
    if (token.kind === "operator" || token.kind === "end" || token.text === "in") {
      return err(this.unexpected("a value"));
    }
    this.at += 1;
    switch (token.kind) {
      case "string":
        return ok({ kind: "literal", value: stringValue(token.value), span });
      case "number":
        return ok({ kind: "literal", value: numberValue(token.value), span });
      case "duration":
        return ok({ kind: "literal", value: durationValue(token.value), span });
      case "name":
        return ok(nameOrConstant(token.text, span));
    }
  }

  private parseGroup(): Parsed {
    const inside = this.parseConditional();
    if (!inside.ok || this.take(")")) return inside;
    return err(this.unexpected("`)`"));
  }

  private previousEnd(): number {
    return this.tokens[this.at - 1]?.span.end ?? 0;
  }

  private unexpected(expected: string): ExprProblem {
    const token = this.peek();
    if (token.kind === "end") return { code: "E207", data: { expected }, span: token.span };
    const meant = token.kind === "name" ? WORD_OPERATORS.get(token.text) : undefined;
    const problem = { code: "E206", data: { found: token.text, expected }, span: token.span };
    return meant === undefined ? problem : { ...problem, suggestions: [meant] };
  }

  private tooDeep(): ExprProblem {
    return { code: "E201", data: { max: MAX_DEPTH }, span: this.peek().span };
  }
}

function isComparison(text: string): text is CompareOperator {
  return COMPARISONS.has(text);
}

function nameOrConstant(text: string, span: Span): Expr {
  if (text === "true" || text === "false") {
    return { kind: "literal", value: booleanValue(text === "true"), span };
  }
  return text === "null" ? { kind: "literal", value: nullValue, span } : { kind: "name", name: text, span };
}

function join(a: Span, b: Span): Span {
  return { start: a.start, end: b.end };
}

function spanOf(operands: readonly Expr[]): Span {
  return { start: operands[0]?.span.start ?? 0, end: operands.at(-1)?.span.end ?? 0 };
}
