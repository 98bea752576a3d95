/** A part of a template of Go's text/template, as Taskfiles use it. */
export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly pipeline: Pipeline }
  | {
      readonly kind: "if";
      readonly branches: readonly { readonly test: Pipeline; readonly nodes: readonly TemplateNode[] }[];
      readonly otherwise: readonly TemplateNode[];
    }
  | { readonly kind: "unknown"; readonly text: string };

/** Commands from left to right: each gets the value of the one before as its last argument. */
export type Pipeline = readonly TemplateCommand[];

export type TemplateCommand = readonly TemplateOperand[];

export type TemplateOperand =
  | { readonly kind: "field"; readonly path: readonly string[] }
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "group"; readonly pipeline: Pipeline };

/** An action, which ends at the first `}}`, but not in a text between backquotes that is all of it. */
const ACTION = /\{\{(-(?=\s))?(\s*`[^`]*`\s*|[^]*?)(\s-)?\}\}/g;

/** Reads a template; actions that are not understood are `unknown`. */
export function readTemplate(source: string): readonly TemplateNode[] {
  const tokens: { readonly text: string; readonly isAction: boolean }[] = [];
  let at = 0;
  let trims = false;
  // Behind the last end of an action there is none: looking for one from each brace would take for ever.
  const end = source.lastIndexOf("}}") + 2;
  for (const match of end < 2 ? [] : source.slice(0, end).matchAll(ACTION)) {
    let text = source.slice(at, match.index);
    if (trims) text = text.trimStart();
    if (match[1] !== undefined) text = text.trimEnd();
    tokens.push({ text, isAction: false }, { text: (match[2] ?? "").trim(), isAction: true });
    trims = match[3] !== undefined;
    at = match.index + match[0].length;
  }
  const rest = source.slice(at);
  tokens.push({ text: trims ? rest.trimStart() : rest, isAction: false });
  const reader = new NodeReader(tokens);
  const nodes = reader.nodes();
  return reader.isWhole() ? nodes : [{ kind: "unknown", text: source }];
}

class NodeReader {
  readonly #tokens: readonly { readonly text: string; readonly isAction: boolean }[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly { readonly text: string; readonly isAction: boolean }[]) {
    this.#tokens = tokens;
  }

  isWhole(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Nodes up to `else`, `end` or the end. */
  nodes(): readonly TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (; this.#at < this.#tokens.length; this.#at += 1) {
      const { text = "", isAction = false } = this.#tokens[this.#at] ?? {};
      if (!isAction) {
        if (text !== "") nodes.push({ kind: "text", text });
        continue;
      }
      if (/^(?:else\b|end$)/.test(text)) return nodes;
      if (text.startsWith("/*")) continue;
      if (/^if\s/.test(text)) nodes.push(this.#if(text.slice(2)));
      else if (/^(?:range|with|block|define|template|break|continue)\b|^\$\w*\s*:?=/.test(text))
        nodes.push(this.#skipped(text));
      else {
        const pipeline = readPipeline(text);
        nodes.push(
          pipeline === undefined ? { kind: "unknown", text: `{{${text}}}` } : { kind: "value", pipeline },
        );
      }
    }
    return nodes;
  }

  #if(first: string): TemplateNode {
    const branches: { readonly test: Pipeline; readonly nodes: readonly TemplateNode[] }[] = [];
    let test: string | undefined = first;
    let isKnown = this.#depth < 50;
    this.#depth += 1;
    let otherwise: readonly TemplateNode[] = [];
    for (;;) {
      this.#at += 1;
      const nodes = this.nodes();
      const pipeline = test === undefined ? undefined : readPipeline(test);
      if (test === undefined) otherwise = nodes;
      else if (pipeline === undefined) isKnown = false;
      else branches.push({ test: pipeline, nodes });
      const next = this.#tokens[this.#at]?.text ?? "end";
      if (!next.startsWith("else")) break;
      const more = /^else\s+if\s([^]*)$/.exec(next);
      test = more?.[1];
    }
    this.#depth -= 1;
    return isKnown
      ? { kind: "if", branches, otherwise }
      : { kind: "unknown", text: `{{if ${first.trim()}}}…` };
  }

  #skipped(text: string): TemplateNode {
    if (/^\$|^(?:break|continue|template)\b/.test(text)) return { kind: "unknown", text: `{{${text}}}` };
    this.#at += 1;
    this.nodes();
    while (this.#tokens[this.#at]?.text.startsWith("else") === true) {
      this.#at += 1;
      this.nodes();
    }
    return { kind: "unknown", text: `{{${text}}}…` };
  }
}

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(`[^`]*`)|('(?:[^'\\]|\\.)')|(\.[\w.]*)|(-?\d[\w.]*)|([A-Za-z_]\w*)|([()|]))/y;

/** Undefined where it is none. */
function readPipeline(source: string): Pipeline | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match !== null; match = TOKEN.exec(source)) {
    tokens.push(match[0].trim());
    if (TOKEN.lastIndex >= source.trimEnd().length) break;
  }
  if (tokens.length === 0 || TOKEN.lastIndex < source.trimEnd().length) return undefined;
  let at = 0;
  const pipeline = (depth: number): Pipeline | undefined => {
    const commands: TemplateOperand[][] = [[]];
    for (; at < tokens.length; at += 1) {
      const token = tokens[at] ?? "";
      if (token === ")") break;
      if (token === "|") {
        commands.push([]);
        continue;
      }
      const operand = token === "(" ? group(depth) : operandOf(token);
      if (operand === undefined) return undefined;
      commands.at(-1)?.push(operand);
    }
    return commands.every((command) => command.length > 0) ? commands : undefined;
  };
  const group = (depth: number): TemplateOperand | undefined => {
    if (depth > 30) return undefined;
    at += 1;
    const inner = pipeline(depth + 1);
    return inner === undefined || tokens[at] !== ")" ? undefined : { kind: "group", pipeline: inner };
  };
  const found = pipeline(0);
  return at === tokens.length ? found : undefined;
}

function operandOf(token: string): TemplateOperand | undefined {
  if (token.startsWith(".")) return { kind: "field", path: token.split(".").filter((part) => part !== "") };
  if (token.startsWith("`")) return { kind: "literal", text: token.slice(1, -1) };
  if (token.startsWith('"')) {
    try {
      const text: unknown = JSON.parse(token.replaceAll(/\\([^"\\/bfnrtu])/g, "$1"));
      return { kind: "literal", text: String(text) };
    } catch {
      return undefined;
    }
  }
  if (token.startsWith("'")) return { kind: "literal", text: token.slice(1, -1) };
  if (/^-?\d/.test(token) || token === "true" || token === "false") return { kind: "literal", text: token };
  return { kind: "name", name: token };
}
