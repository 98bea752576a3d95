import { shellWord } from "#base/shell-word";

/**
 * A condition of ours as a command of a shell that succeeds where it holds; undefined where there is none. It reads what
 * the converters write: comparisons of `env.get('X', 'd')`, `shell('…')` and `platform` with a text, `file.exists('…')`,
 * and these with `&&`, `||`, `!` and parentheses.
 */
export function shellTest(expression: string): string | undefined {
  const tokens = tokensOf(expression);
  if (tokens === undefined) return undefined;
  const parser = new TestParser(tokens);
  const result = parser.either();
  return parser.isAtEnd ? result : undefined;
}

const TOKEN =
  /\s*(&&|\|\||!(?!=)|\(|\)|==|!=|env\.get\('(\w+)', '((?:[^'\\]|\\.)*)'\)|shell\('((?:[^'\\]|\\.)*)'\)|file\.exists\('((?:[^'\\]|\\.)*)'\)|platform\b|'((?:[^'\\]|\\.)*)')/y;

type Token =
  | { readonly kind: "sign"; readonly text: string }
  /** A word of a shell, in double quotes. */
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "platform" }
  | { readonly kind: "test"; readonly text: string };

function tokensOf(expression: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < expression.length) {
    const match = pattern.exec(expression);
    if (match === null) return undefined;
    const [, text = "", name, fallback, command, file, literal] = match;
    if (name !== undefined)
      tokens.push({ kind: "value", text: `"\${${name}-${inQuotes(plain(fallback))}}"` });
    else if (command !== undefined) tokens.push({ kind: "value", text: `"$(${plain(command)})"` });
    else if (file !== undefined) tokens.push({ kind: "test", text: `[ -e ${shellWord(plain(file))} ]` });
    else if (literal !== undefined) tokens.push({ kind: "value", text: `"${inQuotes(plain(literal))}"` });
    else tokens.push(text === "platform" ? { kind: "platform" } : { kind: "sign", text });
  }
  return tokens;
}

const plain = (text = ""): string => text.replaceAll("\\n", "\n").replaceAll(/\\(.)/g, "$1");
const inQuotes = (text: string): string => text.replaceAll(/["\\`$}]/g, "\\$&");

const SYSTEMS: Readonly<Record<string, string>> = { linux: "Linux", darwin: "Darwin", windows: "MINGW*" };

class TestParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  either(): string | undefined {
    return this.#joined("||", () => this.#joined("&&", () => this.#one()));
  }

  #joined(sign: string, next: () => string | undefined): string | undefined {
    const parts = [next()];
    while (this.#takes(sign)) parts.push(next());
    const known = parts.filter((part) => part !== undefined);
    if (known.length < parts.length) return undefined;
    return known.length === 1 ? known[0] : `{ ${known.join(` ${sign} `)}; }`;
  }

  #one(): string | undefined {
    if (this.#takes("!")) {
      const inner = this.#one();
      return inner === undefined ? undefined : `! ${inner}`;
    }
    if (this.#takes("(")) {
      const inner = this.either();
      return this.#takes(")") ? inner : undefined;
    }
    const left = this.#tokens[this.#at];
    this.#at += 1;
    if (left?.kind === "test") return left.text;
    const isEqual = this.#takes("==");
    if (!isEqual && !this.#takes("!=")) return undefined;
    const right = this.#tokens[this.#at];
    this.#at += 1;
    if (right?.kind !== "value") return undefined;
    if (left?.kind === "value") return `[ ${left.text} ${isEqual ? "=" : "!="} ${right.text} ]`;
    const system = SYSTEMS[right.text.slice(1, -1)];
    if (left?.kind !== "platform" || system === undefined) return undefined;
    return `${isEqual ? "" : "! "}case "$(uname -s)" in ${system}) true ;; *) false ;; esac`;
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || token.text !== text) return false;
    this.#at += 1;
    return true;
  }
}
