import { expressionFor } from "#core/migrate/condition-expression";
import {
  constantOf,
  defaultOf,
  limited,
  textPieces,
  unknownPiece,
  type Piece,
  type Pieces,
} from "#core/migrate/pieces";
import { quoteForExpression } from "#core/migrate/zr-text";
import type { ExpansionHost, Scope } from "./expansion-host";
import { BUILT_IN } from "./built-in-variables";
import { callFunction, callTextFunction, isFunction } from "./make-functions";
import { readReference, splitArguments, topLevelIndex } from "./references";

const MAX_DEPTH = 60;
/** Expansions within one. */
const MAX_STEPS = 20_000;
const MAX_LENGTH = 200_000;

/** What is written behind the name of a target: `make run a b`. */
const WORDS_BEHIND_GOAL =
  /^(?:wordlist\s+2\s*,\s*\$[({]words\s+\$[({]MAKECMDGOALS[)}][)}]|filter-out\s+\$(?:@|[({]@[)}]))\s*,\s*\$[({]MAKECMDGOALS[)}]$/;

/** Expands text as make does, as far as it can be known without running anything; the rest stays a reference. */
export class Expander {
  readonly #host: ExpansionHost;
  #depth = 0;
  #steps = 0;
  #assumesDefaults = false;

  constructor(host: ExpansionHost) {
    this.#host = host;
  }

  expand(text: string, scope: Scope): Pieces {
    this.#steps = this.#depth === 0 ? 0 : this.#steps + 1;
    if (this.#depth > MAX_DEPTH || this.#steps > MAX_STEPS)
      return [{ kind: "unknown", what: text.slice(0, 60), why: "it refers to itself" }];
    this.#depth += 1;
    const pieces: Piece[] = [];
    let plain = "";
    let at = 0;
    let length = 0;
    while (at < text.length && length < MAX_LENGTH) {
      if (text[at] !== "$") {
        const next = text.indexOf("$", at);
        const end = next === -1 ? text.length : next;
        plain += text.slice(at, end);
        at = end;
        continue;
      }
      const reference = readReference(text, at);
      at = reference.end;
      if (reference.kind === "text") {
        plain += reference.text;
        continue;
      }
      const value = this.#reference(reference.text, scope);
      if (plain !== "") pieces.push({ kind: "text", text: plain });
      plain = "";
      pieces.push(...value);
      length += value.length + 1;
    }
    if (plain !== "") pieces.push({ kind: "text", text: plain });
    this.#depth -= 1;
    return limited(pieces);
  }

  /** As `expand`, with what the environment could say taken to be unset: for names of targets. */
  expandAssuming(text: string, scope: Scope): Pieces {
    const before = this.#assumesDefaults;
    this.#assumesDefaults = true;
    const pieces = this.expand(text, scope);
    this.#assumesDefaults = before;
    return pieces;
  }

  /** The text where it is known without the outside, or else with its defaults. */
  expandNow(text: string, scope: Scope): string | undefined {
    const pieces = this.expand(text, scope);
    return constantOf(pieces) ?? defaultOf(pieces);
  }

  /**
   * The text where it is known, or else with its defaults, on the condition that the environment does not say otherwise;
   * undefined where it does, and where only the run can tell.
   */
  assumed(text: string, scope: Scope): string | undefined {
    const pieces = this.expand(text, scope);
    const known = constantOf(pieces);
    this.#host.overrides.settle(pieces);
    if (known !== undefined) return known;
    for (const piece of pieces) {
      if (piece.kind !== "default") continue;
      const fallback = constantOf(piece.fallback);
      const expression = expressionFor([piece]);
      if (fallback === undefined || expression === undefined) return undefined;
      if (!this.#host.decide(`${expression} == ${quoteForExpression(fallback)}`, true)) return undefined;
    }
    return defaultOf(pieces);
  }

  #reference(body: string, scope: Scope): Pieces {
    if (WORDS_BEHIND_GOAL.test(body)) return [{ kind: "arguments" }];
    const call = /^([a-z][a-z-]*)(?:[ \t]+|$)([^]*)$/.exec(body);
    if (call !== null && isFunction(call[1] ?? "") && (call[2] !== "" || /\s/.test(body)))
      return this.#function(call[1] ?? "", splitArguments(call[2] ?? ""), scope);
    const colon = topLevelIndex(body, ":");
    const equals = colon === -1 ? -1 : body.indexOf("=", colon);
    if (colon > 0 && equals !== -1) {
      const from = body.slice(colon + 1, equals);
      const to = body.slice(equals + 1);
      const pattern = from.includes("%") ? from : `%${from}`;
      const replacement = from.includes("%") ? to : `%${to}`;
      const value = this.#variable(body.slice(0, colon), scope);
      this.#host.overrides.settle(value);
      return callTextFunction(
        "patsubst",
        [this.expand(pattern, scope), this.expand(replacement, scope), value],
        body,
      );
    }
    const name = body.includes("$") ? this.assumed(body, scope) : body;
    if (name === undefined)
      return [
        { kind: "unknown", what: `$(${body})`, why: "the name of the variable is only known when it runs" },
      ];
    return this.#variable(name, scope);
  }

  #variable(name: string, scope: Scope): Pieces {
    const local = scope.get(name);
    if (local !== undefined) return local;
    if (/^[@<^+*?%|][DF]$/.test(name)) return partOf(name, scope.get(name[0] ?? ""));
    const variable = this.#host.variable(name);
    const special = variable === undefined || name === "PWD" ? this.#special(name) : undefined;
    if (special !== undefined) return special;
    if (variable === undefined) return this.#undefined(name, scope);
    const value = typeof variable.value === "string" ? this.expand(variable.value, scope) : variable.value;
    if (variable.flavor === "optional" && /^[A-Za-z_]\w*$/.test(name))
      return this.#fromEnvironment(name, value);
    return this.#named(name, value);
  }

  /** What make itself knows. */
  #special(name: string): Pieces | undefined {
    switch (name) {
      case "CURDIR":
      case "PWD":
        return [{ kind: "folder" }];
      case "OS":
        return this.#host.system() === "windows" ? textPieces("Windows_NT") : [];
      case "MAKEFILE_LIST":
        return textPieces(this.#host.makefiles().join(" "));
      case "MAKECMDGOALS":
      case ".VARIABLES":
        return [unknownPiece(`$(${name})`, "it is only known when it runs")];
      default:
        return undefined;
    }
  }

  #undefined(name: string, scope: Scope): Pieces {
    const builtIn = BUILT_IN.get(name);
    // What the environment says of a program comes before what is built in, but not for these.
    if (builtIn !== undefined && (!/^[A-Z]+$/.test(name) || /^M|^SHELL$/.test(name)))
      return this.expand(builtIn, scope);
    const unread = this.#host.unread();
    if (unread !== undefined)
      return [unknownPiece(`$(${name})`, `it may be defined by what was not read (${unread})`)];
    if (builtIn !== undefined) return this.#fromEnvironment(name, textPieces(builtIn));
    return /^[A-Za-z_]\w*$/.test(name) ? this.#fromEnvironment(name, []) : [];
  }

  #fromEnvironment(name: string, fallback: Pieces): Pieces {
    return this.#assumesDefaults ? fallback : [{ kind: "default", name, fallback }];
  }

  /** A value worth a name of its own has one. */
  #named(name: string, value: Pieces): Pieces {
    const text = constantOf(value);
    if (text === undefined || text === "" || text.includes("\n") || !/^[A-Za-z_][\w-]*$/.test(name))
      return value;
    // What it is made of keeps its names, so that `prefix` reaches what is below it.
    if (value.some((piece) => piece.kind === "name")) {
      this.#host.overrides.replace(name);
      return value;
    }
    return [{ kind: "name", name, text }];
  }

  #function(name: string, args: readonly string[], scope: Scope): Pieces {
    return callFunction({
      name,
      args,
      scope,
      host: this.#host,
      expand: (text, inner = scope) => this.expand(text, inner),
      assumed: (text) => this.assumed(text, scope),
    });
  }
}

/** `$(@D)` and its like: folders or names of what `$@` stands for. */
function partOf(name: string, whole: Pieces | undefined): Pieces {
  if (whole === undefined) return [];
  const isFolder = name[1] === "D";
  return callTextFunction(isFolder ? "dir" : "notdir", [whole], `$(${name})`).map((piece) =>
    isFolder && piece.kind === "text"
      ? { ...piece, text: piece.text.replaceAll(/\/(?=\s|$)/g, "") || "." }
      : piece,
  );
}
