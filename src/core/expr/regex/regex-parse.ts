import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { escapedSet, setOf } from "./regex-set";
import type { CharSet } from "./regex-set";

export type Assertion = "start" | "end" | "word-edge" | "not-word-edge";

/** A pattern as a tree; `max` is undefined for "any number of times". */
export type RegexNode =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assert"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly nodes: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly nodes: readonly RegexNode[] }
  | {
      readonly kind: "repeat";
      readonly node: RegexNode;
      readonly min: number;
      readonly max: number | undefined;
    };

const MAX_GROUPS_DEEP = 100;
const LOOK_AROUND = /^\(\?<?[=!]/;
const GROUP = /^\((?:\?:|\?<[A-Za-z_]\w*>)?/;
const QUANTIFIER = /^(?:[*+?]|\{(\d{1,6})(?:(,)(\d{1,6})?)?\})/;

/** Reads the pattern syntax that JavaScript's `u` patterns have, without look-around and back-references. */
export function parseRegex(pattern: string, ignoreCase: boolean): Result<RegexNode, string> {
  const parser = new RegexParser(pattern, ignoreCase);
  const node = parser.parseChoice();
  if (!node.ok) return node;
  return parser.isDone ? node : err("`)` without `(`");
}

class RegexParser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly pattern: string,
    private readonly ignoreCase: boolean,
  ) {}

  get isDone(): boolean {
    return this.at >= this.pattern.length;
  }

  parseChoice(): Result<RegexNode, string> {
    const nodes: RegexNode[] = [];
    for (;;) {
      const sequence = this.parseSequence();
      if (!sequence.ok) return sequence;
      nodes.push(sequence.value);
      if (this.pattern[this.at] !== "|") break;
      this.at += 1;
    }
    const [only] = nodes;
    return ok(nodes.length === 1 && only !== undefined ? only : { kind: "choice", nodes });
  }

  private parseSequence(): Result<RegexNode, string> {
    const nodes: RegexNode[] = [];
    while (!this.isDone && this.pattern[this.at] !== "|" && this.pattern[this.at] !== ")") {
      const atom = this.parseAtom();
      if (!atom.ok) return atom;
      const node = this.parseQuantifier(atom.value);
      if (!node.ok) return node;
      nodes.push(node.value);
    }
    return ok({ kind: "sequence", nodes });
  }

  private parseQuantifier(node: RegexNode): Result<RegexNode, string> {
    const match = QUANTIFIER.exec(this.pattern.slice(this.at, this.at + 20));
    if (match === null) return ok(node);
    if (node.kind === "assert") return err(`nothing to repeat before \`${match[0]}\``);
    this.at += match[0].length;
    // A lazy quantifier finds the same yes or no.
    if (this.pattern[this.at] === "?") this.at += 1;
    const [text, low, comma, high] = match;
    if (low === undefined) {
      const [min, max] = text === "*" ? [0, undefined] : text === "+" ? [1, undefined] : [0, 1];
      return ok({ kind: "repeat", node, min, max });
    }
    const min = Number(low);
    const max = comma === undefined ? min : high === undefined ? undefined : Number(high);
    if (max !== undefined && max < min) return err(`the numbers of \`${text}\` are out of order`);
    return ok({ kind: "repeat", node, min, max });
  }

  private parseAtom(): Result<RegexNode, string> {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
    if (character === "(") return this.parseGroup();
    if (character === "[") return this.parseClass();
    if (character === "\\") return this.parseEscape();
    this.at += character.length;
    switch (character) {
      case ".":
        return ok({ kind: "set", set: setOf({ ranges: LINE_ENDS, negated: true, ignoreCase: false }) });
      case "^":
        return ok({ kind: "assert", assertion: "start" });
      case "$":
        return ok({ kind: "assert", assertion: "end" });
      case "*":
      case "+":
      case "?":
        return err(`nothing to repeat before \`${character}\``);
      case "{":
      case "}":
      case "]":
        return err(`\`${character}\` needs a backslash here`);
      default:
        return ok(this.characterNode(character.codePointAt(0) ?? 0));
    }
  }

  private characterNode(code: number): RegexNode {
    const ranges = [[code, code] as const];
    return { kind: "set", set: setOf({ ranges, negated: false, ignoreCase: this.ignoreCase }) };
  }

  private parseGroup(): Result<RegexNode, string> {
    const rest = this.pattern.slice(this.at, this.at + 100);
    if (LOOK_AROUND.test(rest)) return err("look-around is not supported");
    const opening = GROUP.exec(rest)?.[0] ?? "(";
    this.at += opening.length;
    if (this.pattern[this.at] === "?" && opening === "(") return err("unknown kind of group `(?`");
    if (this.depth >= MAX_GROUPS_DEEP) return err(`groups are nested more than ${MAX_GROUPS_DEEP} deep`);
    this.depth += 1;
    const inside = this.parseChoice();
    this.depth -= 1;
    if (!inside.ok) return inside;
    if (this.pattern[this.at] !== ")") return err("`(` without `)`");
    this.at += 1;
    // A group of its own, so that a quantifier after `(^)` finds something to repeat.
    return ok({ kind: "sequence", nodes: [inside.value] });
  }

  private parseEscape(): Result<RegexNode, string> {
    const next = this.pattern[this.at + 1];
    if (next === "b" || next === "B") {
      this.at += 2;
      return ok({ kind: "assert", assertion: next === "b" ? "word-edge" : "not-word-edge" });
    }
    const escaped = escapedSet(this.pattern, this.at);
    if (!escaped.ok) return escaped;
    this.at = escaped.value.end;
    const { set, code } = escaped.value;
    return ok(set === undefined ? this.characterNode(code) : { kind: "set", set });
  }

  private parseClass(): Result<RegexNode, string> {
    this.at += 1;
    const negated = this.pattern[this.at] === "^";
    if (negated) this.at += 1;
    const ranges: (readonly [number, number])[] = [];
    const sets: CharSet[] = [];
    while (this.pattern[this.at] !== "]") {
      if (this.isDone) return err("`[` without `]`");
      const low = this.parseClassItem();
      if (!low.ok) return low;
      const isRange = this.pattern[this.at] === "-" && !/^(?:\]|)$/.test(this.pattern[this.at + 1] ?? "");
      if (!isRange) {
        if (low.value.set === undefined) ranges.push([low.value.code, low.value.code]);
        else sets.push(low.value.set);
        continue;
      }
      this.at += 1;
      const high = this.parseClassItem();
      if (!high.ok) return high;
      if (low.value.set !== undefined || high.value.set !== undefined)
        return err("a range needs two characters");
      if (high.value.code < low.value.code) return err("a range in `[…]` is out of order");
      ranges.push([low.value.code, high.value.code]);
    }
    this.at += 1;
    return ok({ kind: "set", set: setOf({ ranges, sets, negated, ignoreCase: this.ignoreCase }) });
  }

  private parseClassItem(): Result<{ code: number; set?: CharSet }, string> {
    if (this.pattern[this.at] === "\\") {
      const escaped = escapedSet(this.pattern, this.at);
      if (!escaped.ok) return escaped;
      this.at = escaped.value.end;
      return escaped;
    }
    const code = this.pattern.codePointAt(this.at);
    if (code === undefined) return err("`[` without `]`");
    this.at += code > 0xff_ff ? 2 : 1;
    return ok({ code });
  }
}

const LINE_ENDS = [
  [10, 10],
  [13, 13],
  [0x20_28, 0x20_29],
] as const;
