import type { Span } from "#base/span";
import { parseTemplate } from "#core/expr/interpolate";
import { tokenize } from "#core/expr/lexer";
import type { Token } from "#core/expr/lexer";
import { exprFunctions } from "#core/expr/functions";
import { nameUses } from "./name-uses";
import { spanInString } from "./text-model";
import type { TextModel } from "./text-model";
import { typedStrings } from "./typed-strings";

export const TOKEN_TYPES = [
  "variable",
  "property",
  "function",
  "operator",
  "string",
  "number",
  "keyword",
  "type",
] as const;

export interface SemanticToken {
  readonly span: Span;
  readonly type: (typeof TOKEN_TYPES)[number];
}

const WORDS = new Set(["true", "false", "null", "in"]);
const GROUPS = new Set(
  exprFunctions.flatMap(({ name }) => (name.includes(".") ? [name.split(".")[0] ?? ""] : [])),
);

/** The parts of expressions, of `${…}` in strings, and references to tasks, in the order of the text. */
export function semanticTokens(model: TextModel): readonly SemanticToken[] {
  const found: SemanticToken[] = [];
  const { text } = model;
  for (const { node, format } of typedStrings(model)) {
    const add = (within: Span, type: SemanticToken["type"]): void => {
      const span = spanInString(text, node, within);
      if (span.end > span.start && !text.slice(span.start, span.end).includes("\n"))
        found.push({ span, type });
    };
    if (format === "expression") {
      const { tokens } = tokenize(node.value);
      for (const [index, token] of tokens.entries()) {
        const type = typeOf(token, tokens[index - 1], tokens[index + 1]);
        if (type !== undefined) add(token.span, type);
      }
    } else if (node.value.includes("${") && format !== "regex") {
      for (const part of parseTemplate(node.value).parts) {
        if (part.kind !== "reference") continue;
        add({ start: part.span.start + 2, end: part.keySpan.start - 1 }, "variable");
        add(part.keySpan, "property");
      }
    }
  }
  for (const { kind, span, path } of nameUses(model))
    if ((kind === "task" || kind === "template") && isWhole(model, span, path))
      found.push({ span, type: "type" });
  return found.sort((a, b) => a.span.start - b.span.start);
}

const isWhole = (model: TextModel, span: Span, path: readonly (string | number)[]): boolean => {
  const value = model.find(path)?.value?.span;
  return value !== undefined && span.start - value.start <= 1 && value.end - span.end <= 1;
};

function typeOf(
  token: Token,
  before: Token | undefined,
  after: Token | undefined,
): SemanticToken["type"] | undefined {
  switch (token.kind) {
    case "name":
      if (WORDS.has(token.text)) return "keyword";
      if (after?.text === "(") return "function";
      if (before?.text === ".") return "property";
      return after?.text === "." && GROUPS.has(token.text) && token.text !== "env" ? "function" : "variable";
    case "string":
    case "number":
    case "operator":
      return token.kind;
    case "duration":
      return "number";
    case "end":
      return undefined;
  }
}
