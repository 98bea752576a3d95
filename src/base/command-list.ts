/** One command of a list: its text as written, and its words where they can be known without a shell. */
export interface ListedCommand {
  readonly text: string;
  /** Words after quotes are taken off; undefined where the text expands, redirects, pipes or groups something. */
  readonly words: readonly string[] | undefined;
}

/** Commands that change what the next one of the same shell finds. */
const CHANGES_SHELL =
  /^(?:cd|pushd|popd|export|unset|set|shopt|source|\.|eval|alias|unalias|umask|trap|ulimit|exec|exit|return|read|local|declare|readonly|shift|wait|break|continue|if|for|while|until|case|function|select|\{|\[\[|!|time)$/;

/**
 * The commands of a POSIX shell text of the form `a && b && c` (Shell Command Language 2.9.3), where running each in a
 * shell of its own, until one fails, is the same as running the text. Undefined where it is not: other operators
 * between them, an `||` behind an `&&`, a command that changes the shell it runs in, or a text that is not understood.
 */
export function commandList(text: string): readonly ListedCommand[] | undefined {
  const parts = new ListScan(text).parts();
  if (parts === undefined) return undefined;
  const isLast = (index: number): boolean => index === parts.length - 1;
  for (const [index, part] of parts.entries()) {
    const first = /^\s*([^\s]*)/.exec(part.text)?.[1] ?? "";
    if (first === "") return undefined;
    if (parts.length === 1) continue;
    if (CHANGES_SHELL.test(first) || (part.words === undefined && /\$[?!_$]|^\s*\w+=\S*\s*$/.test(part.text)))
      return undefined;
    if (part.words?.every((word) => /^[A-Za-z_]\w*=/.test(word)) === true) return undefined;
    if (part.hasOr && index > 0) return undefined;
    if (part.hasOr && !isLast(index) && /[{}]/.test(part.text)) return undefined;
  }
  return parts.map(({ text: raw, words }) => ({ text: raw.trim(), words }));
}

interface Part {
  readonly text: string;
  readonly words: readonly string[] | undefined;
  readonly hasOr: boolean;
}

class ListScan {
  readonly #text: string;
  #at = 0;
  #start = 0;
  #word: string | undefined;
  #words: string[] = [];
  #isPlain = true;
  #hasOr = false;
  readonly #parts: Part[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parts(): readonly Part[] | undefined {
    while (this.#at < this.#text.length) if (!this.#step()) return undefined;
    this.#endPart();
    return this.#parts;
  }

  #endPart(): void {
    this.#endWord();
    this.#parts.push({
      text: this.#text.slice(this.#start, this.#at),
      words: this.#isPlain ? this.#words : undefined,
      hasOr: this.#hasOr,
    });
    this.#words = [];
    this.#isPlain = true;
    this.#hasOr = false;
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#words.push(this.#word);
    this.#word = undefined;
  }

  /** @returns false where the text is no such list. */
  #step(): boolean {
    const char = this.#text[this.#at] ?? "";
    const next = this.#text[this.#at + 1];
    if (char === " " || char === "\t") {
      this.#endWord();
      this.#at += 1;
      return true;
    }
    if (char === "&" && next === "&") {
      this.#endPart();
      this.#at += 2;
      this.#start = this.#at;
      return true;
    }
    if (char === "|") return this.#pipe(next);
    if (char === "'" || char === '"') return this.#quoted(char);
    if (char === "\\") return this.#escape(next);
    if (char === "#" && this.#word === undefined) return false;
    if (char === ">" || char === "<") return this.#redirection(char, next);
    if (";&()`\n\r".includes(char)) return false;
    if (char === "$" && next === "(") return false;
    if ("$*?[~{}".includes(char)) this.#isPlain = false;
    this.#word = (this.#word ?? "") + char;
    this.#at += 1;
    return true;
  }

  #pipe(next: string | undefined): boolean {
    this.#isPlain = false;
    if (next === "|") this.#hasOr = true;
    this.#endWord();
    this.#at += next === "|" ? 2 : 1;
    return true;
  }

  /** `2>&1`, `>&2` and `&>` redirect. A here document is not understood. */
  #redirection(char: string, next: string | undefined): boolean {
    if (char === "<" && next === "<") return false;
    this.#isPlain = false;
    this.#at += next === "&" || next === ">" ? 2 : 1;
    return next !== "(";
  }

  #escape(next: string | undefined): boolean {
    if (next === undefined || next === "\n") return false;
    this.#word = (this.#word ?? "") + next;
    this.#at += 2;
    return true;
  }

  #quoted(quote: string): boolean {
    let at = this.#at + 1;
    let value = this.#word ?? "";
    while (at < this.#text.length && this.#text[at] !== quote) {
      const char = this.#text[at] ?? "";
      if (quote === '"' && (char === "`" || (char === "$" && this.#text[at + 1] === "("))) return false;
      if (quote === '"' && char === "$") this.#isPlain = false;
      if (quote === '"' && char === "\\" && '"\\$`'.includes(this.#text[at + 1] ?? "x")) at += 1;
      value += this.#text[at] ?? "";
      at += 1;
    }
    if (at >= this.#text.length) return false;
    this.#word = value;
    this.#at = at + 1;
    return true;
  }
}
