import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import { tokenize } from "#core/expr/lexer";
import { parseTemplate } from "#core/expr/interpolate";
import { insideQuotes, spanInString } from "./text-model";
import type { TextModel } from "./text-model";
import { typedStrings } from "./typed-strings";
import type { TypedString } from "./typed-strings";

export type NameKind = "task" | "template" | "package" | "profile" | "var" | "matrix" | "args";

/** A place in which a name is used. */
export interface NameUse {
  readonly kind: NameKind;
  /** As it is written: a reference to a task with its package, brackets and so on. */
  readonly name: string;
  readonly span: Span;
  /** Path of the string that it stands in. */
  readonly path: KeyPath;
  /** In an expression, the key with the dot before it: a name that is no word stands in brackets instead. */
  readonly dotted?: Span;
}

const known = new WeakMap<TextModel, readonly NameUse[]>();

/** Every name that the strings of a document use, in the order of the text. */
export function nameUses(model: TextModel): readonly NameUse[] {
  let uses = known.get(model);
  if (uses === undefined) {
    uses = typedStrings(model).flatMap((string) => usesIn(model.text, string));
    known.set(model, uses);
  }
  return uses;
}

function usesIn(text: string, string: TypedString): readonly NameUse[] {
  const { node, path, format } = string;
  const kind = wholeName(string);
  if (kind !== undefined && !node.value.includes("${"))
    return node.value === "" ? NONE : [{ kind, name: node.value, span: insideQuotes(text, node), path }];
  if (format === "expression") return inExpression(text, string);
  return node.value.includes("${") && format !== "regex" ? inTemplate(text, string) : NONE;
}

const NONE: readonly NameUse[] = [];

/** What a string is the name of as a whole. */
function wholeName({ path, format }: TypedString): NameKind | undefined {
  if (format === "task-ref") return "task";
  if (format === "profile-name") return "profile";
  const last = path.findLast((key) => typeof key === "string");
  const [section, name] = path;
  if (last === "extends" && (section === "tasks" || section === "templates")) return "template";
  if (section === "package" && name === "deps") return "package";
  if (section === "workspace" && name === "dependencies") return "package";
  return section === "hooks" && last === "run" ? "task" : undefined;
}

function inTemplate(text: string, { node, path }: TypedString): readonly NameUse[] {
  const uses: NameUse[] = [];
  for (const part of parseTemplate(node.value).parts) {
    if (part.kind !== "reference") continue;
    const kind = KINDS[part.namespace];
    if (kind === undefined) continue;
    const name = kind === "task" ? part.key : (part.key.split(".")[0] ?? "");
    const within = { start: part.keySpan.start, end: part.keySpan.start + name.length };
    uses.push({ kind, name, span: spanInString(text, node, within), path });
  }
  return uses;
}

const KINDS: Readonly<Partial<Record<string, NameKind>>> = {
  vars: "var",
  matrix: "matrix",
  args: "args",
  output: "task",
  tasks: "task",
};

/** By the tokens alone, so that an expression need not be complete. */
function inExpression(text: string, { node, path }: TypedString): readonly NameUse[] {
  const uses: NameUse[] = [];
  const { tokens } = tokenize(node.value);
  for (const [index, token] of tokens.entries()) {
    const kind = token.kind === "name" ? KINDS[token.text] : undefined;
    const mark = tokens[index + 1];
    const key = tokens[index + 2];
    if (kind === undefined || mark === undefined || key === undefined) continue;
    if (mark.text === "." && key.kind === "name")
      uses.push({
        kind,
        name: key.text,
        span: spanInString(text, node, key.span),
        path,
        dotted: spanInString(text, node, { start: mark.span.start, end: key.span.end }),
      });
    else if (mark.text === "[" && key.kind === "string") {
      const within = { start: key.span.start + 1, end: key.span.start + 1 + key.value.length };
      uses.push({ kind, name: key.value, span: spanInString(text, node, within), path });
    }
  }
  return uses;
}
