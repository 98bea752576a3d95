/** An expression of a justfile. */
export type Expression =
  | { readonly kind: "text"; readonly text: string; readonly isShellExpanded: boolean }
  | { readonly kind: "format"; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: "command"; readonly text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: "join";
      readonly operator: "+" | "/" | "&&" | "||";
      readonly left: Expression | undefined;
      readonly right: Expression;
    }
  | {
      readonly kind: "if";
      readonly left: Expression;
      readonly operator: string;
      readonly right: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

/** Reads expressions out of a text, from a place on. */
export class ExpressionReader {
  readonly #text: string;
  at: number;
  #depth = 0;

  constructor(text: string, at = 0) {
    this.#text = text;
    this.at = at;
  }

  /** Skips blanks, and line breaks where they mean nothing. */
  blanks(withLines = this.#depth > 0): void {
    const pattern = withLines ? /(?:[ \t\r\n]|\\\r?\n|#[^\n]*(?=\n))*/y : /(?:[ \t]|\\\r?\n)*/y;
    pattern.lastIndex = this.at;
    this.at += pattern.exec(this.#text)?.[0].length ?? 0;
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.at);
  }

  /** Takes a sign where it is next. */
  take(sign: string): boolean {
    this.blanks();
    if (!this.startsWith(sign)) return false;
    this.at += sign.length;
    return true;
  }

  name(): string | undefined {
    this.blanks();
    const pattern = /[A-Za-z_][\w-]*/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  isAtEnd(): boolean {
    this.blanks();
    return this.at >= this.#text.length;
  }

  rest(): string {
    return this.#text.slice(this.at);
  }

  /** An expression, lowest binding first: `||`, `&&`, `if` and the like, `/` and `+`. Undefined where none stands here. */
  expression(): Expression | undefined {
    if (this.#depth > 100) return undefined;
    this.#depth += this.#depth > 0 ? 1 : 0;
    const found = this.#either();
    this.#depth -= this.#depth > 0 ? 1 : 0;
    return found;
  }

  #either(): Expression | undefined {
    const left = this.#both();
    if (left === undefined || !this.take("||")) return left;
    const right = this.#either();
    return right === undefined ? undefined : { kind: "join", operator: "||", left, right };
  }

  #both(): Expression | undefined {
    const left = this.#sum();
    this.blanks();
    if (left === undefined || !this.startsWith("&&")) return left;
    const before = this.at;
    this.at += 2;
    const right = this.#both();
    if (right === undefined) {
      this.at = before;
      return left;
    }
    return { kind: "join", operator: "&&", left, right };
  }

  #sum(): Expression | undefined {
    this.blanks();
    if (this.startsWith("/")) {
      this.at += 1;
      const right = this.#sum();
      return right === undefined ? undefined : { kind: "join", operator: "/", left: undefined, right };
    }
    const left = this.value();
    if (left === undefined) return undefined;
    this.blanks();
    const sign = this.#text[this.at];
    if (sign !== "+" && sign !== "/") return left;
    this.at += 1;
    const right = this.#sum();
    return right === undefined ? undefined : { kind: "join", operator: sign, left, right };
  }

  /** What can stand as a default of a parameter or an argument of a dependency: no operators outside of parentheses. */
  value(): Expression | undefined {
    this.blanks();
    const char = this.#text[this.at] ?? "";
    if (char === "(") return this.#group();
    if (/^(?:x?(?:'|")|f(?:'|"))/.test(this.#text.slice(this.at, this.at + 2))) return this.#string();
    if (char === "`") return this.#command();
    const name = this.name();
    if (name === undefined) return undefined;
    if (name === "if") return this.#conditional();
    if (this.#text[this.at] === "(") return this.#call(name);
    return { kind: "name", name };
  }

  #group(): Expression | undefined {
    this.at += 1;
    this.#depth += 1;
    const inner = this.expression();
    const isClosed = this.take(")");
    this.#depth -= 1;
    return isClosed ? inner : undefined;
  }

  #call(name: string): Expression | undefined {
    this.at += 1;
    this.#depth += 1;
    const args: Expression[] = [];
    let isClosed = this.take(")");
    while (!isClosed) {
      const arg = name === "assert" && args.length === 0 ? this.#comparison() : this.expression();
      if (arg === undefined) break;
      args.push(arg);
      if (!this.take(",")) {
        isClosed = this.take(")");
        break;
      }
      isClosed = this.take(")");
    }
    this.#depth -= 1;
    return isClosed ? { kind: "call", name, args } : undefined;
  }

  #comparison(): Expression | undefined {
    const left = this.expression();
    const operator = ["==", "!=", "=~", "!~"].find((sign) => this.take(sign));
    if (left === undefined || operator === undefined) return left;
    const right = this.expression();
    return right === undefined
      ? undefined
      : { kind: "if", left, operator, right, then: text("true"), otherwise: text("") };
  }

  #conditional(): Expression | undefined {
    this.#depth += 1;
    const left = this.expression();
    const operator = ["==", "!=", "=~", "!~"].find((sign) => this.take(sign));
    const right = operator === undefined ? undefined : this.expression();
    const then = this.take("{") ? this.expression() : undefined;
    const hasElse = this.take("}") && this.name() === "else";
    let otherwise: Expression | undefined;
    if (hasElse && this.take("{")) {
      otherwise = this.expression();
      if (!this.take("}")) otherwise = undefined;
    } else if (hasElse && this.name() === "if") otherwise = this.#conditional();
    this.#depth -= 1;
    if (
      left === undefined ||
      operator === undefined ||
      right === undefined ||
      then === undefined ||
      otherwise === undefined
    )
      return undefined;
    return { kind: "if", left, operator, right, then, otherwise };
  }

  #command(): Expression | undefined {
    const triple = this.startsWith("```");
    const mark = triple ? "```" : "`";
    const close = this.#text.indexOf(mark, this.at + mark.length);
    if (close === -1) return undefined;
    const inner = this.#text.slice(this.at + mark.length, close);
    this.at = close + mark.length;
    return { kind: "command", text: triple ? dedent(inner) : inner };
  }

  #string(): Expression | undefined {
    const prefix = /^[xf]/.exec(this.#text.slice(this.at))?.[0] ?? "";
    this.at += prefix.length;
    const quote = this.#text[this.at] ?? "";
    const mark = this.startsWith(quote.repeat(3)) ? quote.repeat(3) : quote;
    const start = this.at + mark.length;
    let end = start;
    for (; end < this.#text.length; end += 1) {
      if (quote === '"' && this.#text[end] === "\\") end += 1;
      else if (this.#text.startsWith(mark, end)) break;
    }
    if (end >= this.#text.length) return undefined;
    this.at = end + mark.length;
    const raw = mark.length === 3 ? dedent(this.#text.slice(start, end)) : this.#text.slice(start, end);
    const value = quote === '"' ? unescaped(raw) : raw;
    if (value === undefined) return undefined;
    if (prefix === "f") return { kind: "format", parts: interpolated(value) };
    return { kind: "text", text: value, isShellExpanded: prefix === "x" };
  }
}

const text = (value: string): Expression => ({ kind: "text", text: value, isShellExpanded: false });

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  '"': '"',
  "\n": "",
};

function unescaped(raw: string): string | undefined {
  let isValid = true;
  const value = raw.replaceAll(
    /\\(u\{([0-9A-Fa-f]{1,6})\}|\r?\n|[^])/g,
    (_, sign: string, code: string | undefined) => {
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        if (point <= 0x10_ff_ff) return String.fromCodePoint(point);
      }
      const known = ESCAPES[sign.replace("\r", "")];
      if (known === undefined) isValid = false;
      return known ?? "";
    },
  );
  return isValid ? value : undefined;
}

/** Without a line break at the start and without the blanks that all lines begin with. */
function dedent(raw: string): string {
  const lines = raw.replace(/^\r?\n/, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
  const common = indents.reduce<string | undefined>((shared, indent) => {
    if (shared === undefined) return indent;
    let length = 0;
    while (length < shared.length && shared[length] === indent[length]) length += 1;
    return shared.slice(0, length);
  }, undefined);
  return lines
    .map((line) => (line.startsWith(common ?? "") ? line.slice((common ?? "").length) : line.trimStart()))
    .join("\n");
}

/** A text with `{{…}}` in it: text, and between two of them each time an expression; one that can't be read is undefined's place: text as it stands. */
export function interpolated(source: string): readonly (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let plain = "";
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf("{{", at);
    if (open === -1) break;
    plain += source.slice(at, open);
    if (source.startsWith("{{{{", open)) {
      plain += "{{";
      at = open + 4;
      continue;
    }
    const reader = new ExpressionReader(source, open + 2);
    const inner = reader.expression();
    if (inner === undefined || !reader.take("}}")) {
      plain += "{{";
      at = open + 2;
      continue;
    }
    parts.push(plain, inner);
    plain = "";
    at = reader.at;
  }
  return [...parts, plain + source.slice(at)];
}
