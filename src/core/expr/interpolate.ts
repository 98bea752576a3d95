import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Span } from "#base/span";
import { suggest } from "#base/suggest";
import type { TemplateNamespace } from "./names";
import type { ExprProblem } from "./problem";

export interface TemplateText {
  readonly kind: "text";
  /** With `$${` already turned into `${`. */
  readonly value: string;
  readonly span: Span;
}

/** `${namespace.key}`; the key may have dots of its own (`vars.db.host`). */
export interface TemplateReference {
  readonly kind: "reference";
  readonly namespace: TemplateNamespace;
  readonly key: string;
  readonly span: Span;
  readonly keySpan: Span;
}

export type TemplatePart = TemplateText | TemplateReference;

/** A string with zr's references in it. Parts follow each other without gaps and cover the whole text. */
export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

/** Values of references while a template is rendered. */
export interface TemplateLookup {
  /** The text of a key; undefined where the namespace has no such key. */
  value(namespace: TemplateNamespace, key: string): string | undefined;
  /** Keys of a namespace, for suggestions. */
  keys(namespace: TemplateNamespace): Iterable<string>;
}

// Names of tasks have `:` and `/`, and brackets that pick instances, so keys of `output` do. A `:` needs a letter after
// it, which leaves `:-` alone.
const REFERENCE =
  /\$\{(?:(matrix|args|vars|env|match|task|package|workspace|git|run)\.([\w-]+(?:\.[\w-]+)*)|output\.(\w(?:[\w./-]|:(?=\w)|\[[^[\]{}]*\])*))\}/y;

/**
 * Splits a string at its references. There are no errors: what is no `${namespace.key}` with a known namespace
 * (`$HOME`, `${HOME}`, `$(date)`, `${x.y}`) is text for the shell. `$${` is a literal `${`.
 */
export function parseTemplate(text: string): Template {
  let next = text.indexOf("${");
  if (next === -1)
    return { text, parts: text === "" ? [] : [plainText(text, { start: 0, end: text.length })] };
  const parts: TemplatePart[] = [];
  let value = "";
  let start = 0;
  let at = 0;
  const flush = (end: number): void => {
    if (end > start) parts.push(plainText(value, { start, end }));
    value = "";
  };
  for (; next !== -1; next = text.indexOf("${", at)) {
    if (text[next - 1] === "$") {
      value += `${text.slice(at, next - 1)}\${`;
      at = next + 2;
      continue;
    }
    const reference = readReference(text, next);
    const end = reference?.span.end ?? next + 2;
    value += text.slice(at, reference === undefined ? end : next);
    at = end;
    if (reference === undefined) continue;
    flush(next);
    parts.push(reference);
    start = end;
  }
  value += text.slice(at);
  flush(text.length);
  return { text, parts };
}

/** The string with every reference replaced by its value, once: values are not read for references again. */
export function renderTemplate(
  template: Template,
  lookup: TemplateLookup,
): Result<string, readonly ExprProblem[]> {
  const problems: ExprProblem[] = [];
  let text = "";
  for (const part of template.parts) {
    if (part.kind === "text") {
      text += part.value;
      continue;
    }
    const value = lookup.value(part.namespace, part.key);
    if (value === undefined) problems.push(unknownReference(part, lookup.keys(part.namespace)));
    else text += value;
  }
  return problems.length === 0 ? ok(text) : err(problems);
}

function readReference(text: string, at: number): TemplateReference | undefined {
  REFERENCE.lastIndex = at;
  const match = REFERENCE.exec(text);
  if (match === null) return undefined;
  const key = match[2] ?? match[3] ?? "";
  const end = at + match[0].length;
  const namespace = namespaceOf(match[1]);
  return {
    kind: "reference",
    namespace,
    key,
    span: { start: at, end },
    keySpan: { start: end - 1 - key.length, end: end - 1 },
  };
}

/** The pattern lets only namespaces through; `output` has a branch of its own. */
function namespaceOf(text: string | undefined): TemplateNamespace {
  // The pattern above is the boundary where text becomes a namespace.
  return (text ?? "output") as TemplateNamespace;
}

function plainText(value: string, span: Span): TemplateText {
  return { kind: "text", value, span };
}

function unknownReference(part: TemplateReference, known: Iterable<string>): ExprProblem {
  const { namespace, key } = part;
  return { code: "E240", data: { namespace, key }, span: part.keySpan, suggestions: suggest(key, known) };
}
