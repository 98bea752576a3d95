/** What a language's comments and texts look like, as far as they have to be told from its code. */
export interface SourceGrammar {
  /** What begins a comment that ends with the line. */
  readonly line?: readonly string[];
  /** What begins and ends other comments. */
  readonly block?: readonly (readonly [string, string])[];
  /** Whether such a comment can hold another one. */
  readonly nests?: boolean;
  /** Quotes of texts within a line, in which a backslash protects what follows. */
  readonly quotes?: readonly string[];
  /** Quotes of texts over several lines; the longer ones first. */
  readonly longQuotes?: readonly string[];
  /** Whether what is in quotes is kept, so that only comments become blank. */
  readonly keepsTexts?: true;
}

/**
 * The text with comments, and what is in quotes, made blank: places stay where they are, and a pattern for code finds
 * only code. Quotes themselves and the ends of lines are kept. Takes time in proportion to the text, whatever it is.
 */
export function maskSource(text: string, grammar: SourceGrammar): string {
  const starts = new StartFinder(grammar);
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const found = starts.next(text, at);
    if (found === undefined) break;
    parts.push(text.slice(at, found.at));
    const end = found.end(text, found.at + found.open.length);
    const inside = text.slice(found.at + found.open.length, end);
    const isClosed = found.close !== "" && text.startsWith(found.close, end);
    const mark = (quote: string): string => (found.isText ? quote : " ".repeat(quote.length));
    const kept = found.isText && grammar.keepsTexts === true ? inside : blank(inside);
    parts.push(mark(found.open), kept, isClosed ? mark(found.close) : "");
    at = end + (isClosed ? found.close.length : 0);
  }
  parts.push(text.slice(at));
  return parts.join("");
}

const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");

interface Start {
  readonly open: string;
  readonly close: string;
  readonly isText: boolean;
  /** Where what begins before `from` ends, before its closing mark. */
  readonly end: (text: string, from: number) => number;
}

class StartFinder {
  readonly #starts: readonly Start[];
  readonly #pattern: RegExp;

  constructor(grammar: SourceGrammar) {
    const { line = [], block = [], nests = false, quotes = [], longQuotes = [] } = grammar;
    this.#starts = [
      ...longQuotes.map((open) => textStart(open, false)),
      ...block.map(([open, close]): Start => ({
        open,
        close,
        isText: false,
        end: (text, from) =>
          nests ? nestedEnd(text, from, [open, close]) : endAt(text, text.indexOf(close, from)),
      })),
      ...line.map((open): Start => ({
        open,
        close: "",
        isText: false,
        end: (text, from) => endAt(text, text.indexOf("\n", from)),
      })),
      ...quotes.map((open) => textStart(open, true)),
    ];
    const escaped = this.#starts.map(({ open }) => open.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&"));
    this.#pattern = new RegExp(escaped.length === 0 ? "(?!)" : escaped.join("|"), "g");
  }

  next(text: string, from: number): (Start & { readonly at: number }) | undefined {
    this.#pattern.lastIndex = from;
    const match = this.#pattern.exec(text);
    const start = this.#starts.find(({ open }) => open === match?.[0]);
    return match === null || start === undefined ? undefined : { ...start, at: match.index };
  }
}

const endAt = (text: string, index: number): number => (index < 0 ? text.length : index);

function textStart(quote: string, isInLine: boolean): Start {
  return {
    open: quote,
    close: quote,
    isText: true,
    end: (text, from) => {
      for (let at = from; at < text.length; at += 1) {
        if (text[at] === "\\") at += 1;
        else if (isInLine && text[at] === "\n") return at;
        else if (text.startsWith(quote, at)) return at;
      }
      return text.length;
    },
  };
}

function nestedEnd(text: string, from: number, [open, close]: readonly [string, string]): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith(close, at)) {
      depth -= 1;
      if (depth === 0) return at;
      at += close.length - 1;
    } else if (text.startsWith(open, at)) {
      depth += 1;
      at += open.length - 1;
    }
  }
  return text.length;
}
