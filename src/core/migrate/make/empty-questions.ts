import { constantOf, type Pieces } from "#core/migrate/pieces";
import { readReference, splitArguments } from "./references";

/** What decides parts of a question. */
export interface QuestionHost {
  readonly expand: (text: string) => Pieces;
  /** Whether a value is nothing; undefined where no expression says it. */
  readonly isNothing: (value: Pieces) => boolean | undefined;
  /** Whether a value has a text in it; undefined where no expression says it. */
  readonly hasPart: (value: Pieces, part: string) => boolean | undefined;
}

/**
 * Whether a text is empty that asks questions: `$(findstring x,$(X))`, `$(and …)`, `$(or …)`, one or several of them (GNU
 * make manual, "Functions for Conditionals"). Undefined where it is anything else, or where no expression says it.
 */
export function isEmptyQuestion(text: string, host: QuestionHost): boolean | undefined {
  if (!/^\$[({](?:findstring|and|or)\s/.test(text)) return undefined;
  return isEmpty(text, host);
}

function isEmpty(text: string, host: QuestionHost): boolean | undefined {
  for (let at = 0; at < text.length;) {
    if (text[at] !== "$") return /\S/.test(text) ? false : undefined;
    const { kind, text: body, end } = readReference(text, at);
    if (kind === "text") return false;
    const found = isEmptyReference(body, text.slice(at, end), host);
    if (found !== true) return found;
    at = end;
  }
  return true;
}

function isEmptyReference(body: string, whole: string, host: QuestionHost): boolean | undefined {
  const [, name = "", rest = ""] = /^(findstring|and|or)\s+([^]*)$/.exec(body) ?? [];
  const args = splitArguments(rest);
  if (name === "findstring") {
    const [part, value] = [constantOf(host.expand(args[0] ?? "")), host.expand(args.slice(1).join(","))];
    if (part === undefined || part === "") return undefined;
    const known = constantOf(value);
    const isThere = known === undefined ? host.hasPart(value, part) : known.includes(part);
    return isThere === undefined ? undefined : !isThere;
  }
  if (name === "") {
    const value = host.expand(whole);
    const known = constantOf(value);
    return known === undefined ? host.isNothing(value) : known === "";
  }
  // The first one that is nothing decides `and`, the first one that is something `or`.
  for (const one of args) {
    const found = isEmpty(one.trim(), host);
    if (found === undefined || found === (name === "and")) return found;
  }
  return name === "or";
}
