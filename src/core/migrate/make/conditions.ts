import { expressionFor } from "#core/migrate/condition-expression";
import { constantOf, defaultOf, type Pieces } from "#core/migrate/pieces";
import type { OpenConditions } from "#core/migrate/worlds";
import { quoteForExpression } from "#core/migrate/zr-text";
import { isEmptyQuestion } from "./empty-questions";
import type { Variable } from "./expansion-host";
import { readComparison } from "./statements";

interface Branch {
  /** Whether what follows is read. */
  isActive: boolean;
  /** Whether one of its branches was read already. */
  isDone: boolean;
  readonly outer: boolean;
}

/** What conditions ask of the reader. */
export interface ConditionHost {
  readonly open: OpenConditions;
  readonly variable: (name: string) => Variable | undefined;
  readonly expand: (text: string) => Pieces;
  /** The text, or else what it is where nothing is set. */
  readonly expandNow: (text: string) => string | undefined;
  readonly files: (pattern: string) => readonly string[] | undefined;
  /** Something that was not read and may define variables; undefined where all was read. */
  readonly unread: () => string | undefined;
  /** A value is looked at now. */
  readonly settle: (pieces: Pieces) => void;
  readonly remark: (what: string, why: string) => void;
  /** Where the line stands. */
  readonly place: () => string;
}

const OPENING = /^(ifeq|ifneq|ifdef|ifndef)\b\s*([^]*)$/;

/** The open conditional directives of one makefile (GNU make manual, "Conditional Parts of Makefiles"). */
export class Conditions {
  readonly #host: ConditionHost;
  readonly #branches: Branch[] = [];

  constructor(host: ConditionHost) {
    this.#host = host;
  }

  /** Whether what follows is read. */
  get isActive(): boolean {
    return this.#branches.at(-1)?.isActive ?? true;
  }

  /** Takes a line; false where it was no conditional directive. */
  take(code: string): boolean {
    const opening = OPENING.exec(code);
    if (opening !== null) {
      const outer = this.isActive;
      const holds = outer && this.#holds(opening[1] ?? "", opening[2] ?? "");
      this.#branches.push({ isActive: holds, isDone: holds, outer });
      return true;
    }
    const closing = /^(else|endif)\b\s*([^]*)$/.exec(code);
    if (closing === null) return false;
    const branch = this.#branches.at(-1);
    if (branch === undefined) this.#host.remark(code, "there is no condition that it belongs to");
    else if (closing[1] === "endif") this.#branches.pop();
    else this.#else(branch, (closing[2] ?? "").trim());
    return true;
  }

  #else(branch: Branch, rest: string): void {
    const inner = OPENING.exec(rest);
    const isLeft = branch.outer && !branch.isDone;
    branch.isActive =
      isLeft && (rest === "" || (inner !== null && this.#holds(inner[1] ?? "", inner[2] ?? "")));
    branch.isDone ||= branch.isActive;
  }

  #holds(word: string, rest: string): boolean {
    if (word === "ifdef" || word === "ifndef")
      return this.#isDefined(rest, `${word} ${rest}`) === (word === "ifdef");
    const sides = readComparison(rest);
    if (sides === undefined) return this.#opaque(`${word} ${rest}`, false);
    return this.#areEqual(sides, `${word} ${rest}`) === (word === "ifeq");
  }

  #isDefined(text: string, source: string): boolean {
    const name = this.#host.expandNow(text.trim()) ?? "";
    const variable = this.#host.variable(name);
    if (variable === undefined) {
      if (/^(?:MAKE|CC|CXX|RM|AR|SHELL|CURDIR|MAKEFILE_LIST)$/.test(name)) return true;
      if (this.#host.unread() !== undefined) return this.#opaque(source, false);
      return (
        /^[A-Za-z_]\w*$/.test(name) && this.#host.open.decide(`env.get('${name}', '') != ''`, false, source)
      );
    }
    if (variable.flavor === "optional" && variable.value.length === 0)
      return (
        /^[A-Za-z_]\w*$/.test(name) && this.#host.open.decide(`env.get('${name}', '') != ''`, false, source)
      );
    this.#host.settle(this.#host.expand(`$(${name})`));
    if (typeof variable.value === "string" || variable.value.length === 0) return variable.value.length > 0;
    const isSomething = variable.value.some(
      (piece) => (piece.kind === "text" || piece.kind === "name") && piece.text.trim() !== "",
    );
    if (isSomething) return true;
    // What a command or the environment says may be nothing.
    const known = constantOf(variable.value);
    return known === undefined ? !this.#isText(variable.value, "", source) : known !== "";
  }

  #areEqual(sides: readonly [string, string], source: string): boolean {
    const isMember = this.#isMember(sides, source);
    if (isMember !== undefined) return isMember;
    const isEmpty =
      sides[0] === ""
        ? this.#isEmpty(sides[1], source)
        : sides[1] === ""
          ? this.#isEmpty(sides[0], source)
          : undefined;
    if (isEmpty !== undefined) return isEmpty;
    const [left, right] = [this.#host.expand(sides[0]), this.#host.expand(sides[1])];
    const [a, b] = [constantOf(left), constantOf(right)];
    this.#host.settle([...left, ...right]);
    if (a !== undefined && b !== undefined) return this.#onFiles(sides, [a, b]) ?? a === b;
    if (a === undefined && b === undefined) {
      const [one, other] = [defaultOf(left), defaultOf(right)];
      const usual = JSON.stringify(left) === JSON.stringify(right) || (one !== undefined && one === other);
      const [x, y] = [expressionFor(left), expressionFor(right)];
      return x === undefined || y === undefined
        ? this.#opaque(source, usual)
        : this.#host.open.decide(`${x} == ${y}`, usual, source);
    }
    return this.#isText(a === undefined ? left : right, a ?? b ?? "", source);
  }

  /** `ifeq ($(X),$(filter $(X),a b))`, and the same turned round against nothing: whether a word is one of some. */
  #isMember([left, right]: readonly [string, string], source: string): boolean | undefined {
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const [, asked = "", list = ""] =
        /^\$[({]filter\s+(\$[({][\w.-]+[)}])\s*,\s*([\w\s./@+-]+)[)}]$/.exec(other) ?? [];
      if (asked === "" || (one !== "" && one !== asked)) continue;
      const pieces = this.#host.expand(asked);
      if (constantOf(pieces) !== undefined) return undefined;
      const isIn = list
        .split(/\s+/)
        .filter((word) => word !== "")
        .some((word) => this.#isText(pieces, word, source));
      return one === "" ? !isIn : isIn;
    }
    return undefined;
  }

  /** Whether questions such as `$(findstring x,$(X))` have no answer; undefined where the text is no such one. */
  #isEmpty(text: string, source: string): boolean | undefined {
    const { open, settle, expand } = this.#host;
    return isEmptyQuestion(text, {
      expand: (part) => {
        const pieces = expand(part);
        settle(pieces);
        return pieces;
      },
      isNothing: (value) => {
        const expression = expressionFor(value);
        return expression === undefined
          ? undefined
          : open.decide(`${expression} == ''`, defaultOf(value) === "", source);
      },
      hasPart: (value, part) => {
        const expression = expressionFor(value);
        const usual = defaultOf(value)?.includes(part) === true;
        return expression === undefined
          ? undefined
          : open.decide(`contains(${expression}, ${quoteForExpression(part)})`, usual, source);
      },
    });
  }

  #isText(open: Pieces, known: string, source: string): boolean {
    const usual = defaultOf(open) === known;
    const expression = known === known.trim() ? expressionFor(open) : undefined;
    return expression === undefined
      ? this.#opaque(source, usual)
      : this.#host.open.decide(`${expression} == ${quoteForExpression(known)}`, usual, source);
  }

  /** Whether files are there is asked when it runs. */
  #onFiles(sides: readonly [string, string], values: readonly [string, string]): boolean | undefined {
    const asked = sides.findIndex((side) => /^\$[({]wildcard\s/.test(side));
    if (asked === -1 || values[1 - asked] !== "") return undefined;
    const pattern = this.#host.expandNow(
      sides[asked]?.replace(/^\$[({]wildcard\s+/, "").replace(/[)}]$/, "") ?? "",
    );
    const word = (pattern ?? "").trim().replace(/^(?:\.\/)+/, "");
    if (word === "" || /[\s$\\\u0001{}]/.test(word)) return undefined;
    const quoted = quoteForExpression(word);
    const isThere = /[*?[]/.test(word) ? `len(glob(${quoted})) > 0` : `file.exists(${quoted})`;
    return !this.#host.open.decide(isThere, (this.#host.files(word) ?? []).length > 0);
  }

  /** Taken both ways; tasks that are not the same then are left out. */
  #opaque(source: string, usual: boolean): boolean {
    this.#host.remark(source, "the condition can't be expressed; what depends on it is left out");
    return this.#host.open.decideOpaque(`${this.#host.place()} ${source}`, usual);
  }
}
