import type { Diagnostic } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import { declaredParameters } from "#core/plan/parameters";
import type { Parameter } from "#core/plan/parameters";
import type { TargetRequest } from "#core/plan/request";
import { argumentHint } from "#core/plan/unknown-target";
import { parseReference, resolveReference } from "#core/workspace/references";
import type { Target } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";

interface OpenTarget {
  readonly ref: string;
  readonly parameters: readonly Parameter[];
  readonly words: string[];
  readonly named: Record<string, string>;
  readonly follows?: string;
}

/**
 * Tells tasks from their arguments on a command line. A word after a task belongs to it as long as the task declares
 * parameters that have no value yet; `--name=value` or `name=value` after a task gives one by name.
 */
export function splitTargets(
  words: readonly string[],
  workspace: Workspace,
): { readonly targets: readonly TargetRequest[]; readonly problems: readonly Diagnostic[] } {
  const targets: OpenTarget[] = [];
  const problems: Diagnostic[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const last = targets[targets.length - 1];
    const isNumber = /^-\.?\d/.test(word) && last !== undefined && wantsWord(last);
    if (last !== undefined && word.startsWith("-") && word.length > 1 && !isNumber)
      at += takeNamed(last, { word, next: words[at + 1], workspace }, problems);
    else if (last !== undefined && givesNamed(last, word)) continue;
    else if (last !== undefined && wantsWord(last)) last.words.push(word);
    else targets.push(openTarget(word, last, workspace));
  }
  return { targets, problems };
}

/** A word that begins a target; one that is no task may be meant as an argument of the task before it. */
function openTarget(word: string, last: OpenTarget | undefined, workspace: Workspace): OpenTarget {
  const target = taskOf(word, workspace);
  const isArgument = target === undefined && last !== undefined && taskOf(last.ref, workspace) !== undefined;
  return {
    ref: word,
    parameters: target === undefined ? [] : declaredParameters(target.pkg.resolve(target.entry).table),
    words: [],
    named: {},
    ...(isArgument ? { follows: [last.ref, ...last.words].join(" ") } : {}),
  };
}

/** Takes a word `name=value` that gives a declared parameter its value; so also one that zr has an option for. */
function givesNamed({ parameters, named }: OpenTarget, word: string): boolean {
  const equals = word.indexOf("=");
  const name = word.slice(0, equals);
  if (equals <= 0 || !parameters.some((parameter) => parameter.name === name)) return false;
  named[name] = word.slice(equals + 1);
  return true;
}

function wantsWord({ parameters, words, named }: OpenTarget): boolean {
  const open = parameters.filter((parameter) => !Object.hasOwn(named, parameter.name));
  return open.some((parameter) => parameter.variadic === true) || words.length < open.length;
}

/** How many further words the option has used up. */
function takeNamed(
  target: OpenTarget,
  {
    word,
    next,
    workspace,
  }: { readonly word: string; readonly next: string | undefined; readonly workspace: Workspace },
  problems: Diagnostic[],
): number {
  const match = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word);
  const name = match?.[1] ?? word;
  const value = match?.[2];
  const known = target.parameters.find((parameter) => parameter.name === name);
  const negated = name.startsWith("no-")
    ? target.parameters.find((parameter) => parameter.name === name.slice(3) && parameter.type === "boolean")
    : undefined;
  if (known === undefined && negated === undefined) {
    const suggestions = suggest(
      name,
      target.parameters.map((parameter) => parameter.name),
    ).map((parameter) => `--${parameter}`);
    const shown = word.split("=", 1)[0] ?? word;
    problems.push({
      code: "E180",
      severity: "error",
      data: { name: shown, where: ` of task '${target.ref}'` },
      suggestions,
      ...(suggestions.length > 0 || taskOf(target.ref, workspace) === undefined
        ? {}
        : { hint: argumentHint(target.ref, shown) }),
    });
    // A word that is no task is meant as the value of the option.
    const isValue = value === undefined && next !== undefined && !next.startsWith("-");
    return isValue && taskOf(next, workspace) === undefined ? 1 : 0;
  }
  if (negated !== undefined) target.named[negated.name] = "false";
  else if (value !== undefined) target.named[name] = value;
  else if (known?.type === "boolean") target.named[name] = "true";
  else if (next === undefined) problems.push({ code: "E182", severity: "error", data: { name: word } });
  else {
    target.named[name] = next;
    return 1;
  }
  return 0;
}

function taskOf(ref: string, workspace: Workspace): Target | undefined {
  const { name } = parseReference(ref);
  const origin = { pkg: workspace.current };
  return resolveReference(workspace, origin, name)[0] ?? resolveReference(workspace, origin, `*:${name}`)[0];
}
