/** How a shell reads what comes next. */
export type ShellQuoting = "plain" | "single" | "double";

/**
 * Follows a POSIX shell text as far as its quotes go (Shell Command Language 2.2), piece by piece, so that a converter
 * knows where it puts a reference. Command substitutions are followed as text between parentheses.
 */
export class ShellPosition {
  readonly #outer: ShellQuoting[] = [];
  readonly #depths: number[] = [];
  #quoting: ShellQuoting = "plain";
  #last = " ";
  #isComment = false;

  get quoting(): ShellQuoting {
    return this.#quoting;
  }

  read(text: string): void {
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at] ?? "";
      if (this.#isComment) this.#isComment = char !== "\n";
      else if (this.#quoting === "single") {
        if (char === "'") this.#quoting = "plain";
      } else if (char === "\\") at += 1;
      else if (char === "$" && text[at + 1] === "(") {
        this.#outer.push(this.#quoting);
        this.#depths.push(0);
        this.#quoting = "plain";
        at += 1;
      } else if (this.#quoting === "double") {
        if (char === '"') this.#quoting = "plain";
      } else this.#plain(char);
      this.#last = char;
    }
  }

  #plain(char: string): void {
    if (char === "'") this.#quoting = "single";
    else if (char === "#" && /[\s;|&(]/.test(this.#last)) this.#isComment = true;
    else if (char === '"') this.#quoting = "double";
    else if (char === "(" && this.#depths.length > 0) this.#depths.push((this.#depths.pop() ?? 0) + 1);
    else if (char === ")" && this.#depths.length > 0) {
      const depth = this.#depths.pop() ?? 0;
      if (depth > 0) this.#depths.push(depth - 1);
      else this.#quoting = this.#outer.pop() ?? "plain";
    }
  }
}
