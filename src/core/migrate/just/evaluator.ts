import { expressionFor } from "#core/migrate/condition-expression";
import { callFunction } from "./call-function";
import { constantNamed, quotedParams } from "./just-functions";
import {
  limited,
  constantOf,
  defaultOf,
  textPieces,
  unknownIn,
  type Piece,
  type Pieces,
} from "#core/migrate/pieces";
import type { LostOverrides } from "#core/migrate/lost-overrides";
import type { OpenConditions } from "#core/migrate/worlds";
import { quoteForExpression } from "#core/migrate/zr-text";
import { interpolated, type Expression } from "./expression";
import type { Assignment } from "./justfile";

/** What expressions may name besides functions. */
export interface EvaluatorInput {
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly system: string;
  /** How the folder of the file is called from the folder of the configuration; empty for itself. */
  readonly folder: string;
  /** In front of names of variables, so that those of a module are its own. */
  readonly prefix: string;
  /** Shared by all files of one reading. */
  readonly conditions: OpenConditions;
  readonly asked: { system: boolean };
  /** Told of every value that is looked at. */
  readonly overrides: LostOverrides;
}

export type Scope = ReadonlyMap<string, Pieces>;

const NO_SCOPE: Scope = new Map();
const MAX_DEPTH = 50;

const unknown = (what: string, why: string): Piece => ({ kind: "unknown", what, why });

/** Evaluates expressions of a justfile as far as they can be known without running anything. */
export class Evaluator {
  readonly #input: EvaluatorInput;
  readonly #values = new Map<string, Pieces>();
  #depth = 0;

  constructor(input: EvaluatorInput) {
    this.#input = input;
  }

  /** A text with `{{…}}` in it. */
  text(source: string, scope: Scope): Pieces {
    return interpolated(source).flatMap((part) =>
      typeof part === "string" ? textPieces(part) : this.value(part, scope),
    );
  }

  /** A line of a recipe: one that is a choice as a whole is a choice of commands. */
  line(source: string, scope: Scope): Pieces {
    const [only, ...others] = interpolated(source.trim()).filter((part) => part !== "");
    return others.length === 0 && typeof only === "object" && only.kind === "if"
      ? this.#command(only, scope)
      : this.text(source, scope);
  }

  #command(expression: Expression, scope: Scope): Pieces {
    if (expression.kind !== "if") return this.value(expression, scope);
    const { operator, then, otherwise } = expression;
    const [left, right] = [this.value(expression.left, scope), this.value(expression.right, scope)];
    const holds = this.#compare(left, operator, right);
    if (holds !== undefined) return this.#command(holds ? then : otherwise, scope);
    const areWords = [...left, ...right].every(
      (piece) => piece.kind !== "unknown" && (piece.kind !== "text" || /^[\w@%+:,./= -]*$/.test(piece.text)),
    );
    if (!areWords || operator.endsWith("~")) return this.value(expression, scope);
    const branch = (chosen: Expression): Pieces => {
      const pieces = this.#command(chosen, scope);
      return constantOf(pieces)?.trim() === "" ? textPieces(":") : pieces;
    };
    return [
      ...textPieces('if [ "'),
      ...quotedParams(left),
      ...textPieces(`" ${operator === "==" ? "=" : "!="} "`),
      ...quotedParams(right),
      ...textPieces('" ]; then '),
      ...branch(then),
      ...textPieces("; else "),
      ...branch(otherwise),
      ...textPieces("; fi"),
    ];
  }

  /** The value of a variable, under its name where it is worth one; undefined where there is none. */
  variable(name: string): Pieces | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const assignment = this.#input.assignments.get(name);
    if (assignment === undefined) return undefined;
    this.#values.set(name, [unknown(name, "it refers to itself")]);
    const value = this.#named(name, this.value(assignment.value, NO_SCOPE));
    this.#values.set(name, value);
    return value;
  }

  value(expression: Expression, scope: Scope): Pieces {
    if (this.#depth > MAX_DEPTH) return [unknown("an expression", "it is nested too deeply")];
    this.#depth += 1;
    const value = this.#evaluate(expression, scope);
    this.#depth -= 1;
    return limited(value);
  }

  #evaluate(expression: Expression, scope: Scope): Pieces {
    switch (expression.kind) {
      case "text":
        return expression.isShellExpanded ? shellExpanded(expression.text) : textPieces(expression.text);
      case "format":
        return expression.parts.flatMap((part) =>
          typeof part === "string" ? textPieces(part) : this.value(part, scope),
        );
      case "command":
        return [{ kind: "run", command: this.text(expression.text, scope) }];
      case "name":
        return (
          scope.get(expression.name) ??
          this.variable(expression.name) ??
          constantNamed(expression.name) ?? [unknown(expression.name, "no variable has this name")]
        );
      case "call":
        return this.#call(
          expression.name,
          expression.args.map((arg) => this.value(arg, scope)),
        );
      case "join":
        return this.#join(expression, scope);
      case "if":
        return this.#conditional(expression, scope);
    }
  }

  /** A known value has the name of its variable; what a command prints is asked for once. */
  #named(name: string, value: Pieces): Pieces {
    const own = this.#input.prefix + name;
    const text = constantOf(value);
    // What it is made of keeps its names.
    if (text !== undefined && value.some((piece) => piece.kind === "name")) {
      this.#input.overrides.replace(own);
      return value;
    }
    if (text !== undefined)
      return text === "" || text.includes("\n") ? textPieces(text) : [{ kind: "name", name: own, text }];
    if (!value.some(({ kind }) => kind === "run") || unknownIn(value) !== undefined) return value;
    const variable = own.replaceAll("-", "_");
    const [only, ...others] = value;
    if (only?.kind === "run" && others.length === 0)
      return [{ kind: "once", name: variable, command: only.command }];
    const isPlain = value.every(
      (piece) => (piece.kind !== "text" && piece.kind !== "name") || /^[\w@%+:,./= -]*$/.test(piece.text),
    );
    return isPlain
      ? [
          {
            kind: "once",
            name: variable,
            command: [...textPieces('printf %s "'), ...value, ...textPieces('"')],
          },
        ]
      : value;
  }

  #join({ operator, left, right }: Extract<Expression, { kind: "join" }>, scope: Scope): Pieces {
    const first = left === undefined ? [] : this.value(left, scope);
    if (operator === "+") return [...first, ...this.value(right, scope)];
    if (operator === "/") return [...first, ...textPieces("/"), ...this.value(right, scope)];
    const known = constantOf(first);
    if (known === undefined) {
      if (
        operator === "||" &&
        first.length === 1 &&
        first[0]?.kind === "default" &&
        constantOf(first[0].fallback) === ""
      )
        return [
          { kind: "text", text: `\${${first[0].name}:-` },
          ...this.value(right, scope),
          { kind: "text", text: "}" },
        ];
      return [unknown(operator, "which side counts is only known when it runs")];
    }
    if (operator === "&&") return known === "" ? [] : this.value(right, scope);
    return known === "" ? this.value(right, scope) : first;
  }

  #conditional(
    { left, operator, right, then, otherwise }: Extract<Expression, { kind: "if" }>,
    scope: Scope,
  ): Pieces {
    const [a, b] = [this.value(left, scope), this.value(right, scope)];
    const holds = this.#compare(a, operator, b);
    if (holds !== undefined) return this.value(holds ? then : otherwise, scope);
    return this.#shellConditional([a, operator, b], [this.value(then, scope), this.value(otherwise, scope)]);
  }

  /** Undefined where only a command can tell, as with parameters. */
  #compare(left: Pieces, operator: string, right: Pieces): boolean | undefined {
    const [a, b] = [constantOf(left), constantOf(right)];
    const isNegative = operator.startsWith("!");
    this.#input.overrides.settle([...left, ...right]);
    if (a !== undefined && b !== undefined)
      return operator.endsWith("=")
        ? (a === b) !== isNegative
        : matches(a, b) === undefined
          ? undefined
          : matches(a, b) !== isNegative;
    if (operator.endsWith("~")) return undefined;
    const [open, known] = a === undefined ? [left, b] : [right, a];
    const [only, ...others] = open;
    if (only?.kind === "param" && only.isList === true && others.length === 0 && known === "")
      return this.#decide(`len(args.${only.name}) == 0`, true) !== isNegative;
    const expression = known === undefined ? undefined : expressionFor(open);
    if (expression === undefined || known === undefined) return undefined;
    const usual = defaultOf(open) === known;
    return this.#decide(`${expression} == ${quoteForExpression(known)}`, usual) !== isNegative;
  }

  #decide(expression: string, usual = false): boolean {
    return this.#input.conditions.decide(expression, usual);
  }

  /** A choice that the shell makes, where both sides are words. */
  #shellConditional(
    [left, operator, right]: readonly [Pieces, string, Pieces],
    [yes, no]: readonly [Pieces, Pieces],
  ): Pieces {
    const all = [...left, ...right, ...yes, ...no];
    const areWords = all.every(
      (piece) => piece.kind !== "unknown" && (piece.kind !== "text" || /^[\w@%+:,./= -]*$/.test(piece.text)),
    );
    if (!areWords || operator.endsWith("~"))
      return [unknown("if … { … } else { … }", "what it compares is only known when it runs")];
    const parts = [
      textPieces('if [ "'),
      quotedParams(left),
      textPieces(`" ${operator === "==" ? "=" : "!="} "`),
      quotedParams(right),
      textPieces('" ]; then printf %s "'),
      yes,
      textPieces('"; else printf %s "'),
      no,
      textPieces('"; fi'),
    ];
    return [{ kind: "run", command: parts.flat() }];
  }

  #call(name: string, args: readonly Pieces[]): Pieces {
    this.#input.overrides.settle(args.flat());
    const failed = args.map(unknownIn).find((piece) => piece !== undefined);
    if (failed !== undefined && name !== "error") return [failed];
    return callFunction(name, args, {
      folder: this.#input.folder,
      system: () => {
        this.#input.asked.system = true;
        return this.#input.system;
      },
      decide: (expression) => this.#decide(expression),
    });
  }
}

function shellExpanded(text: string): Pieces {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$([A-Za-z_]\w*)|^~(?=\/|$)/g)) {
    pieces.push(...textPieces(text.slice(at, match.index)));
    pieces.push({
      kind: "default",
      name: match[1] ?? match[3] ?? "HOME",
      fallback: textPieces(match[2] ?? ""),
    });
    at = match.index + match[0].length;
  }
  return [...pieces, ...textPieces(text.slice(at))];
}

function matches(text: string, pattern: string): boolean | undefined {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return undefined;
  }
}
