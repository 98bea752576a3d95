/** Where in a shell text an offset lies, as far as quoting goes. */
export type Quoting = "plain" | "single" | "double" | "heredoc" | "raw-heredoc" | "comment";

/** What one pass over a POSIX shell text tells. */
export interface ShellShape {
  /** One simple command: no operators, no control words, no second line. */
  readonly isSingle: boolean;
  /** Whether the text itself takes positional parameters: `$@`, `$*`, `$#`, `$1`… */
  readonly takesArguments: boolean;
  /** The quoting at an offset of the text. */
  readonly quotingAt: (offset: number) => Quoting;
  /** Where the comment begins that the text ends with; its length where it ends with none. */
  readonly end: number;
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly quoting: Quoting;
}

const CONTROL_WORDS = /^\s*(?:if|for|while|until|case|function|select|time|!|\{|\[\[)(?=\s|$)/;

/**
 * Reads a shell text as the POSIX shell's tokenizer would (IEEE Std 1003.1, Shell Command Language 2.2 to 2.3), just
 * far enough to know what is quoted and whether there is more than one command. It never runs or expands anything.
 */
export function shellShape(text: string): ShellShape {
  const trimmed = text.trimEnd();
  const scan = new ShellScan(trimmed);
  scan.run();
  const last = scan.ranges.findLast(({ quoting, end }) => quoting === "comment" && end === trimmed.length);
  return {
    isSingle: !scan.compound && !CONTROL_WORDS.test(text),
    takesArguments: scan.takesArguments,
    quotingAt: (offset) =>
      scan.ranges.find((range) => offset >= range.start && offset < range.end)?.quoting ?? "plain",
    end: last?.start ?? text.length,
  };
}

class ShellScan {
  readonly ranges: Range[] = [];
  compound = false;
  takesArguments = false;
  readonly #text: string;
  #at = 0;
  readonly #heredocs: { readonly delimiter: string; readonly raw: boolean; readonly stripTabs: boolean }[] =
    [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    while (this.#at < this.#text.length) this.#plain();
  }

  /** One step outside quotes. */
  #plain(): void {
    const text = this.#text;
    const char = text[this.#at];
    if (char === "\\") this.#at += 2;
    else if (char === "'") this.#single();
    else if (char === '"') this.#double();
    else if (char === "$") this.#dollar();
    else if (char === "#" && (this.#at === 0 || /[\s;|&(]/.test(text[this.#at - 1] ?? ""))) this.#comment();
    else if (text.startsWith("<<<", this.#at)) this.#at += 3;
    else if (text.startsWith("<<", this.#at)) this.#heredocStart();
    else if (char === "\n") this.#newline();
    else {
      if (char !== undefined && ";|&()`".includes(char) && !this.#isRedirectionAmpersand(char))
        this.compound = true;
      this.#at += 1;
    }
  }

  /** `2>&1` and `&>file` redirect; they separate nothing. */
  #isRedirectionAmpersand(char: string): boolean {
    return (
      char === "&" &&
      (this.#text[this.#at - 1] === ">" ||
        this.#text[this.#at - 1] === "<" ||
        this.#text[this.#at + 1] === ">")
    );
  }

  #single(): void {
    const close = this.#text.indexOf("'", this.#at + 1);
    const end = close === -1 ? this.#text.length : close;
    this.ranges.push({ start: this.#at + 1, end, quoting: "single" });
    this.#at = end + 1;
  }

  #double(): void {
    const start = this.#at + 1;
    this.#at = start;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const char = this.#text[this.#at];
      if (char === "\\") this.#at += 2;
      else if (char === "$") this.#dollar();
      else this.#at += 1;
    }
    this.ranges.push({ start, end: this.#at, quoting: "double" });
    this.#at += 1;
  }

  /** A `$` form. A command substitution is read as text of its own; what its quotes hold comes first in the ranges. */
  #dollar(): void {
    const rest = this.#text.slice(this.#at, this.#at + 4);
    if (/^\$(?:[@*#1-9]|\{[@*#1-9][^a-zA-Z]?)/.test(rest)) this.takesArguments = true;
    if (!rest.startsWith("$(")) {
      this.#at += 1;
      return;
    }
    const start = this.#at + 2;
    this.#at = start;
    for (let depth = 1; this.#at < this.#text.length;) {
      const char = this.#text[this.#at];
      if (char === "(") depth += 1;
      if (char === ")") {
        depth -= 1;
        if (depth === 0) break;
      }
      const before = this.compound;
      this.#plain();
      this.compound = before;
    }
    this.ranges.push({ start, end: this.#at, quoting: "plain" });
    this.#at += 1;
  }

  #comment(): void {
    const end = this.#text.indexOf("\n", this.#at);
    const stop = end === -1 ? this.#text.length : end;
    this.ranges.push({ start: this.#at, end: stop, quoting: "comment" });
    this.#at = stop;
  }

  #heredocStart(): void {
    const match = /^<<(-?)\s*(?:'([^']*)'|"([^"]*)"|\\?([^\s;|&<>()]+))/.exec(this.#text.slice(this.#at));
    this.compound = true;
    if (match === null) {
      this.#at += 2;
      return;
    }
    const delimiter = match[2] ?? match[3] ?? match[4] ?? "";
    const raw = match[4] === undefined || match[0].includes("\\");
    this.#heredocs.push({ delimiter, raw, stripTabs: match[1] === "-" });
    this.#at += match[0].length;
  }

  #newline(): void {
    this.#at += 1;
    if (this.#at < this.#text.length) this.compound = true;
    for (const heredoc of this.#heredocs.splice(0)) {
      const start = this.#at;
      for (;;) {
        const end = this.#text.indexOf("\n", this.#at);
        const stop = end === -1 ? this.#text.length : end;
        const line = this.#text.slice(this.#at, stop);
        const isEnd = (heredoc.stripTabs ? line.replace(/^\t+/, "") : line) === heredoc.delimiter;
        if (isEnd || end === -1) {
          this.ranges.push({
            start,
            end: isEnd ? this.#at : stop,
            quoting: heredoc.raw ? "raw-heredoc" : "heredoc",
          });
          this.#at = stop;
          break;
        }
        this.#at = end + 1;
      }
    }
  }
}

/** Words that a shell does itself, or does differently from the program of that name. */
const SHELL_WORDS = new Set(
  (
    ". : [ [[ ! { } alias bg bind break builtin caller case cd command compgen complete continue coproc declare dirs disown do done elif else enable " +
    "esac eval exec exit export fc fg fi for function getopts hash help history if in jobs kill let local logout mapfile popd printf pushd pwd read " +
    "readarray readonly return select set shift shopt source suspend test then time times trap type typeset ulimit umask unalias unset until wait while"
  ).split(" "),
);

const SAFE = /^[A-Za-z0-9_@%+:,./= \t-]+$/;

/**
 * The words of a command that means the same with and without a shell: plain words only, no assignment, no builtin
 * that differs from its program. Undefined where a shell is needed.
 */
export function simpleCommand(text: string): readonly string[] | undefined {
  if (!SAFE.test(text)) return undefined;
  const words = text.trim().split(/[ \t]+/);
  const [program = ""] = words;
  if (program === "" || program.includes("=") || program.startsWith("-") || SHELL_WORDS.has(program))
    return undefined;
  if (program === "echo" && words[1]?.startsWith("-") === true) return undefined;
  return words;
}
