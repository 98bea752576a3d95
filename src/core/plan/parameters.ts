import type { Diagnostic } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import type { TaskTable } from "#core/config/schema/sections";

export type Parameter = NonNullable<TaskTable["args"]>[number] & { readonly name: string };

export type ParameterValues = Readonly<Record<string, string | readonly string[]>>;

/** Values as a caller gives them: words in order, and by name. */
export interface GivenValues {
  readonly words: readonly string[];
  /** A list is what a variadic parameter has been given before. */
  readonly named: ParameterValues;
}

export interface BindOptions {
  /** How messages call the task. */
  readonly task: string;
  /** The environment in which zr was started: the source of a parameter's `env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The declared parameters of a task. The schema has made sure that each has a name. */
export const declaredParameters = (table: TaskTable): readonly Parameter[] =>
  (table.args ?? []) as readonly Parameter[];

/**
 * Gives every declared parameter its value: by name, else the next word, else its variable, else its default. Problems
 * are usage errors; all of them are returned.
 */
export function bindParameters(
  declared: readonly Parameter[],
  given: GivenValues,
  options: BindOptions,
): { readonly values: ParameterValues; readonly problems: readonly Diagnostic[] } {
  const values: Record<string, string | readonly string[]> = Object.create(null);
  const problems: Diagnostic[] = [];
  const problem = (code: string, data: Diagnostic["data"], suggestions: readonly string[] = []): void => {
    problems.push({
      code,
      severity: "error",
      data: { task: options.task, ...data },
      ...(suggestions.length > 0 ? { suggestions } : {}),
    });
  };
  const words = [...given.words];
  for (const parameter of declared) {
    const value =
      ownValue(given.named, parameter.name) ??
      nextWords(parameter, words) ??
      environmentValue(parameter, options.env) ??
      defaultValue(parameter);
    if (value === undefined) {
      if (parameter.required === true) problem("E161", { name: parameter.name });
      continue;
    }
    for (const one of typeof value === "string" ? [value] : value) {
      const expected = valueProblem(parameter, one);
      if (expected !== undefined)
        problem(
          "E162",
          { name: parameter.name, value: one, expected },
          suggest(one, parameter.choices ?? []),
        );
    }
    values[parameter.name] = value;
  }
  for (const word of words) problem("E163", { value: word });
  for (const name of Object.keys(given.named)) {
    if (declared.some((parameter) => parameter.name === name)) continue;
    problem(
      "E163",
      { value: `--${name}` },
      suggest(
        name,
        declared.map((parameter) => parameter.name),
      ).map((known) => `--${known}`),
    );
  }
  return { values, problems };
}

/** Not what every object has: a parameter may be named `constructor`. */
const ownValue = <T>(values: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

function nextWords(parameter: Parameter, words: string[]): string | readonly string[] | undefined {
  if (parameter.variadic === true) return words.length > 0 ? words.splice(0) : undefined;
  return words.shift();
}

function environmentValue(parameter: Parameter, env: BindOptions["env"]): string | undefined {
  return parameter.env === undefined ? undefined : ownValue(env, parameter.env);
}

function defaultValue(parameter: Parameter): string | readonly string[] | undefined {
  if (parameter.default !== undefined) return String(parameter.default);
  if (parameter.type === "boolean" && parameter.required !== true) return "false";
  return parameter.variadic === true && parameter.required !== true ? [] : undefined;
}

function valueProblem(parameter: Parameter, value: string): string | undefined {
  if (parameter.choices !== undefined && !parameter.choices.includes(value))
    return `one of ${parameter.choices.join(", ")}`;
  if (parameter.type === "number" && !(value.trim() !== "" && Number.isFinite(Number(value))))
    return "a number";
  if (parameter.type === "boolean" && value !== "true" && value !== "false") return "true or false";
  if (value.includes("\0")) return "no NUL characters";
  return undefined;
}

/** The variable that carries a parameter's value to the task's commands. */
export const parameterVariable = (name: string): string => `ZR_ARG_${name.replaceAll("-", "_")}`;

/** A parameter's value as one text. */
export const parameterText = (value: string | readonly string[]): string =>
  typeof value === "string" ? value : value.join(" ");
