import { expressionFor } from "#core/migrate/condition-expression";
import {
  limited,
  printing,
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
import {
  readTemplate,
  type Pipeline,
  type TemplateCommand,
  type TemplateNode,
  type TemplateOperand,
} from "./go-template";
import { callFunction } from "./template-functions";
import { isList, isTableValue, joinedItems, unknown, type TemplateValue } from "./template-value";

export interface TemplateInput {
  /** The system that is read for; empty where a command has to ask for it. */
  readonly system: string;
  readonly conditions: OpenConditions;
  readonly asked: { system: boolean };
  /** Told of every value that is looked at. */
  readonly overrides: LostOverrides;
}

/** The value of a name; undefined where nothing in the file gives it one. */
export type Lookup = (name: string) => TemplateValue | undefined;

/** Fills in templates as far as that can be known without running anything. */
export class TemplateFiller {
  readonly #input: TemplateInput;

  constructor(input: TemplateInput) {
    this.#input = input;
  }

  get overrides(): LostOverrides {
    return this.#input.overrides;
  }

  #settled(value: TemplateValue): TemplateValue {
    if (!isList(value) && !isTableValue(value)) this.overrides.settle(value);
    return value;
  }

  fill(source: string, lookup: Lookup): Pieces {
    if (!source.includes("{{")) return textPieces(source);
    return limited(this.#nodes(readTemplate(source), lookup));
  }

  /** The list that a template of one name is; undefined where it is none. */
  list(source: string, lookup: Lookup): readonly string[] | undefined {
    const [only, ...others] = readTemplate(source);
    if (only?.kind !== "value" || others.length > 0) return undefined;
    const value = this.#pipeline(only.pipeline, lookup);
    return isList(value) ? value.items : undefined;
  }

  #nodes(nodes: readonly TemplateNode[], lookup: Lookup): Pieces {
    return nodes.flatMap((node): Pieces => {
      switch (node.kind) {
        case "text":
          return textPieces(node.text);
        case "unknown":
          return [unknown(node.text, "it has no equal")];
        case "value": {
          const value = this.#pipeline(node.pipeline, lookup);
          if (isList(value))
            return [...textPieces("["), ...joinedItems(value.items, " "), ...textPieces("]")];
          return isTableValue(value) ? [unknown("a table", "it has no text")] : value;
        }
        case "if":
          return this.#if(node, lookup);
      }
    });
  }

  #if({ branches, otherwise }: Extract<TemplateNode, { kind: "if" }>, lookup: Lookup): Pieces {
    for (const { test, nodes } of branches) {
      const holds = this.#holds(test, lookup);
      if (holds === undefined)
        return this.#ifSet({ test, nodes, otherwise, isLast: branches.length === 1 }, lookup);
      if (holds) return this.#nodes(nodes, lookup);
    }
    return this.#nodes(otherwise, lookup);
  }

  /** A choice that only the shell can make: whether a value is empty. */
  #ifSet(
    {
      test,
      nodes,
      otherwise,
      isLast,
    }: {
      readonly test: Pipeline;
      readonly nodes: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
      readonly isLast: boolean;
    },
    lookup: Lookup,
  ): Pieces {
    const value = this.#pipeline(test, lookup);
    const refused = [unknown("{{if …}}", "its condition is only known when it runs")];
    if (isList(value) || isTableValue(value) || !isLast || unknownIn(value) !== undefined) return refused;
    const [yes, no] = [this.#nodes(nodes, lookup), this.#nodes(otherwise, lookup)];
    const areWords = [...yes, ...no].every(
      (piece) => piece.kind !== "unknown" && (piece.kind !== "text" || /^[\w@%+:,./= -]*$/.test(piece.text)),
    );
    if (!areWords) return refused;
    const tested = value.map((piece): Piece =>
      piece.kind === "arguments" ? { kind: "text", text: "$*" } : piece,
    );
    return [
      {
        kind: "run",
        command: [
          ...textPieces('if [ -n "'),
          ...tested,
          ...textPieces('" ]; then '),
          ...printing(yes),
          ...textPieces("; else "),
          ...printing(no),
          ...textPieces("; fi"),
        ],
      },
    ];
  }

  /** Undefined where only the run can tell. */
  // oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
  #holds(test: Pipeline, lookup: Lookup): boolean | undefined {
    const [command, ...others] = test;
    if (command === undefined || others.length > 0) return truth(this.#pipeline(test, lookup));
    const [head, ...args] = command;
    if (head?.kind === "name") {
      const name = head.name;
      if (name === "not") return negate(this.#holds(asPipeline(args), lookup));
      if (name === "and" || name === "or") {
        const values = args.map((arg) => this.#holds([[arg]], lookup));
        if (values.some((value) => value === (name === "or"))) return name === "or";
        return values.some((value) => value === undefined) ? undefined : name === "and";
      }
      if (name === "eq" || name === "ne") {
        const [left, ...rest] = args.map((arg) => this.#settled(this.#operand(arg, lookup)));
        const equal = left === undefined ? undefined : this.#equal(left, rest);
        return name === "eq" ? equal : negate(equal);
      }
    }
    if (command.length === 1 && head?.kind === "group") return this.#holds(head.pipeline, lookup);
    const value = this.#settled(this.#pipeline(test, lookup));
    const known = truth(value);
    if (known !== undefined || isList(value) || isTableValue(value)) return known;
    const [only, ...more] = value;
    return only?.kind === "default" && more.length === 0 && constantOf(only.fallback) === ""
      ? this.#decide(`env.get('${only.name}', '') != ''`)
      : undefined;
  }

  #equal(left: TemplateValue, rest: readonly TemplateValue[]): boolean | undefined {
    if (isList(left) || isTableValue(left)) return undefined;
    let isOpen = false;
    for (const value of rest) {
      if (isList(value) || isTableValue(value)) return undefined;
      const [a, b] = [constantOf(left), constantOf(value)];
      const [open, known] = a === undefined ? [left, b] : [value, a];
      if (a !== undefined && b !== undefined) {
        if (a === b) return true;
        continue;
      }
      const expression = known === undefined ? undefined : expressionFor(open);
      if (expression === undefined || known === undefined) isOpen = true;
      else if (this.#decide(`${expression} == ${quoteForExpression(known)}`, defaultOf(open) === known))
        return true;
    }
    return isOpen ? undefined : false;
  }

  #decide(expression: string, usual = false): boolean {
    return this.#input.conditions.decide(expression, usual);
  }

  #pipeline(pipeline: Pipeline, lookup: Lookup): TemplateValue {
    let value: TemplateValue | undefined;
    for (const command of pipeline) value = this.#command(command, value, lookup);
    return value ?? [];
  }

  #operand(operand: TemplateOperand, lookup: Lookup): TemplateValue {
    switch (operand.kind) {
      case "literal":
        return textPieces(operand.text);
      case "group":
        return this.#pipeline(operand.pipeline, lookup);
      case "field":
        return this.#field(operand.path, lookup);
      case "name":
        return this.#command([operand], undefined, lookup);
    }
  }

  #field(path: readonly string[], lookup: Lookup): TemplateValue {
    const [name = "", ...keys] = path;
    const value = lookup(name);
    if (keys.length === 0)
      return value ?? (/^[A-Za-z_]\w*$/.test(name) ? [{ kind: "default", name, fallback: [] }] : []);
    const [key = ""] = keys;
    if (isTableValue(value) && keys.length === 1 && Object.hasOwn(value.entries, key))
      return textPieces(value.entries[key] ?? "");
    return [unknown(`.${path.join(".")}`, "it is only known when it runs")];
  }

  #command([head, ...rest]: TemplateCommand, last: TemplateValue | undefined, lookup: Lookup): TemplateValue {
    if (head === undefined) return last ?? [];
    if (head.kind !== "name")
      return rest.length === 0 ? this.#operand(head, lookup) : [unknown("a call", "it has no equal")];
    const { name } = head;
    if (["eq", "ne", "not", "and", "or"].includes(name) && last === undefined) {
      const holds = this.#holds([[head, ...rest]], lookup);
      if ((name === "or" || name === "and") && rest.length > 0) return this.#either(name, rest, lookup);
      return holds === undefined
        ? [unknown(`{{${name} …}}`, "it is only known when it runs")]
        : textPieces(String(holds));
    }
    const args = [
      ...rest.map((operand) => this.#operand(operand, lookup)),
      ...(last === undefined ? [] : [last]),
    ];
    if (name === "OS" || name === "ARCH") return this.#platform(name);
    if (name === "exeExt")
      return this.#input.system !== "" && this.#system() === "windows" ? textPieces(".exe") : [];
    for (const arg of args) this.#settled(arg);
    return callFunction(name, args);
  }

  #either(name: string, operands: readonly TemplateOperand[], lookup: Lookup): TemplateValue {
    let value: TemplateValue = [];
    for (const operand of operands) {
      value = this.#operand(operand, lookup);
      const holds = truth(value);
      if (holds === undefined)
        return operand === operands.at(-1)
          ? value
          : [unknown(`{{${name} …}}`, "it is only known when it runs")];
      if (holds === (name === "or")) return value;
    }
    return value;
  }

  #system(): string {
    this.#input.asked.system = true;
    return this.#input.system;
  }

  #platform(name: string): Pieces {
    if (name === "OS" && this.#input.system === "")
      return [{ kind: "run", command: textPieces("uname -s | tr '[:upper:]' '[:lower:]'") }];
    return name === "OS"
      ? textPieces(this.#system())
      : [{ kind: "run", command: textPieces("uname -m | sed 's/x86_64/amd64/;s/aarch64/arm64/'") }];
  }
}

const asPipeline = (operands: readonly TemplateOperand[]): Pipeline => {
  const [only] = operands;
  return operands.length === 1 && only?.kind === "group" ? only.pipeline : [operands];
};

const negate = (value: boolean | undefined): boolean | undefined =>
  value === undefined ? undefined : !value;

function truth(value: TemplateValue): boolean | undefined {
  if (isList(value)) return value.items.length > 0;
  if (isTableValue(value)) return true;
  const text = constantOf(value);
  return text === undefined ? undefined : text !== "" && text !== "false" && text !== "0";
}
