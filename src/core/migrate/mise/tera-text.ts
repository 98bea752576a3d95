import { err, ok, type Result } from "#base/result";
import type { TaskTable } from "#core/config/schema/sections";
import { ShellPosition } from "#core/migrate/shell-position";
import { literalText } from "#core/migrate/zr-text";

type Parameter = NonNullable<TaskTable["args"]>[number];

/** Where a template stands: in a command, in the value of a variable, or in a path. */
export type TeraPlace = "shell" | "env" | "path";

/** A text of ours, and the parameters that the template declares on its way. */
export interface TeraText {
  readonly text: string;
  readonly parameters: readonly Parameter[];
  /** What is not quite the same. */
  readonly approximations: readonly string[];
}

const TAG = /\{\{-?\s*([\s\S]*?)\s*-?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/g;
const NAMED = /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))/g;

/**
 * A template of mise (Tera) as a text of ours. The error names the expression that has no equal here. Nothing is ever
 * evaluated: what a shell can compute is left to it.
 */
export function teraText(
  text: string,
  place: TeraPlace,
  vars: ReadonlySet<string>,
): Result<TeraText, string> {
  const parameters: Parameter[] = [];
  const approximations: string[] = [];
  const position = new ShellPosition();
  let result = "";
  let at = 0;
  const literal = (part: string): void => {
    if (place === "shell") position.read(part);
    result += literalText(part, result);
  };
  for (const match of text.matchAll(TAG)) {
    const [whole, expression] = match;
    literal(text.slice(at, match.index));
    at = match.index + whole.length;
    if (whole.startsWith("{#")) continue;
    if (expression === undefined) return err(whole);
    const value = expressionText(expression, place, { vars, parameters, approximations });
    if (value === undefined) return err(whole);
    // What the shell expands stays text between single quotes.
    if (
      place === "shell" &&
      position.quoting === "single" &&
      !/^\$\{(?:vars|args|package|workspace)\./.test(value)
    )
      return err(whole);
    result += value;
  }
  literal(text.slice(at));
  return ok({ text: result, parameters, approximations });
}

interface TeraContext {
  readonly vars: ReadonlySet<string>;
  readonly parameters: Parameter[];
  readonly approximations: string[];
}

function expressionText(source: string, place: TeraPlace, context: TeraContext): string | undefined {
  const variable = /^(vars|env|usage)\.([A-Za-z_]\w*)$/.exec(source);
  const [, space, name = ""] = variable ?? [];
  if (space === "vars") return context.vars.has(name) ? `\${vars.${name}}` : undefined;
  if (space === "env") return place === "path" ? undefined : `\${${name}}`;
  if (space === "usage") return place === "shell" ? `\${args.${name}}` : undefined;
  if (/^(?:config_root|project_root)$/.test(source)) return "${package.dir}";
  const call = /^(\w+)\(([\s\S]*)\)$/.exec(source);
  if (call === null) return undefined;
  const given: Record<string, string> = {};
  for (const [, key = "", double, single, bare] of (call[2] ?? "").matchAll(NAMED))
    given[key] = double ?? single ?? bare ?? "";
  return callText({ name: call[1] ?? "", given }, place, context);
}

interface TeraCall {
  readonly name: string;
  /** Its arguments by name. */
  readonly given: Readonly<Record<string, string>>;
}

function callText({ name, given }: TeraCall, place: TeraPlace, context: TeraContext): string | undefined {
  switch (name) {
    case "arg":
    case "option":
    case "flag":
      return place === "shell" ? parameterText({ name, given }, context) : undefined;
    case "get_env":
      return place === "path" ? undefined : variableText(given);
    case "exec": {
      const { command } = given;
      if (command === undefined || place === "path" || /[{}"`\\]/.test(command)) return undefined;
      context.approximations.push(`'${command}' is run when the task starts, not when the file is read`);
      return `$(${command})`;
    }
    default:
      return undefined;
  }
}

/** A reference to a parameter, which is declared by being spoken of. */
function parameterText({ name: kind, given }: TeraCall, { parameters }: TeraContext): string | undefined {
  const { name, default: initial } = given;
  if (name === undefined || !/^[A-Za-z_][\w-]*$/.test(name)) return undefined;
  const isRequired = kind === "arg" && initial === undefined && given["required"] !== "false";
  if (!parameters.some((known) => known.name === name))
    parameters.push({
      name,
      ...(initial === undefined ? {} : { default: initial }),
      ...(isRequired ? { required: true } : {}),
      ...(kind === "flag" ? { type: "boolean" as const } : {}),
      ...(given["var"] === "true" ? { variadic: true } : {}),
    });
  return `\${args.${name}}`;
}

function variableText({ name, default: initial }: Readonly<Record<string, string>>): string | undefined {
  if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) return undefined;
  if (initial === undefined) return `\${${name}}`;
  return /^[\w./:@-]*$/.test(initial) ? `\${${name}-${initial}}` : undefined;
}
