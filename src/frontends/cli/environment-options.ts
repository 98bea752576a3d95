import type { Diagnostic } from "#base/diagnostic";
import { err, ok, type Result } from "#base/result";
import { suggest } from "#base/suggest";
import type { OptionDefinition, OptionDefinitions, OptionValues } from "./command";
import { choicesOf, isCounted, valueProblem } from "./option-format";

type Environment = Readonly<Record<string, string | undefined>>;

/** Options that make no sense as a lasting setting. */
const hasVariable = (name: string): boolean => name !== "help" && name !== "version";

/** Options of which one, given on the command line, sets the other's variable aside. */
const RIVALS: readonly (readonly [string, string])[] = [
  ["json", "format"],
  ["quiet", "verbose"],
];

/** The variable of a global option: `ZR_DRY_RUN` of `dry-run`; undefined for one that has none. */
export function optionVariable(name: string): string | undefined {
  return hasVariable(name) ? `ZR_${name.toUpperCase().replaceAll("-", "_")}` : undefined;
}

/**
 * The given options over those that `ZR_…` variables set. Flags take `1`, `true`, `0` and `false`, a counted one also
 * how often; a variable that is empty counts as not set. Bad values are E183 with the variable's name.
 */
export function withEnvironment(
  options: OptionValues,
  env: Environment,
  globals: OptionDefinitions,
): Result<OptionValues, readonly Diagnostic[]> {
  if (!setsOptions(env)) return ok(options);
  let merged: Record<string, string | boolean | readonly string[] | undefined> | undefined;
  const problems: Diagnostic[] = [];
  for (const name in globals) {
    const definition = globals[name];
    const variable = optionVariable(name);
    const text = variable === undefined ? undefined : env[variable];
    if (definition === undefined || variable === undefined || text === undefined || text === "") continue;
    if (options[name] !== undefined || hasRival(name, options)) continue;
    const read = readVariable(definition, text);
    if (!read.ok) {
      const suggestions = suggest(text, choicesOf(definition));
      problems.push({
        code: "E183",
        severity: "error",
        data: { name: variable, expected: read.error, found: text },
        ...(suggestions.length > 0 ? { suggestions } : {}),
      });
    } else {
      merged ??= { ...options };
      merged[name] = read.value;
    }
  }
  return problems.length > 0 ? err(problems) : ok(merged ?? options);
}

/** Whether any variable may be meant for an option; nearly always none is. Windows does not tell cases apart. */
function setsOptions(env: Environment): boolean {
  for (const name in env) if (name.slice(0, 3).toUpperCase() === "ZR_") return true;
  return false;
}

function hasRival(name: string, options: OptionValues): boolean {
  for (const [one, other] of RIVALS) {
    if ((name === one && options[other] !== undefined) || (name === other && options[one] !== undefined))
      return true;
  }
  return false;
}

function readVariable(
  definition: OptionDefinition,
  text: string,
): Result<string | boolean | readonly string[], string> {
  if (definition.type === "boolean") {
    if (text === "1" || text === "true") return ok(isCounted(definition) ? "1" : true);
    if (text === "0" || text === "false") return ok(false);
    if (isCounted(definition) && /^\d$/.test(text)) return ok(text);
    return err(isCounted(definition) ? "1, true, 0, false or a number" : "1, true, 0 or false");
  }
  const expected = valueProblem(definition, text);
  if (expected !== undefined) return err(expected);
  return ok(definition.repeatable === true ? [text] : text);
}

/**
 * Whether to colour: `--color=always|never` decides; else a `NO_COLOR` that is not empty turns it off, then
 * `FORCE_COLOR` on (off where it is `0` or `false`), then `TERM=dumb` off; else colour is for terminals.
 */
export function resolveColor(options: OptionValues, env: Environment, isTerminal: boolean): boolean {
  const { color } = options;
  if (color === "always" || color === "never") return color === "always";
  const { NO_COLOR: off, FORCE_COLOR: force, TERM: terminal } = env;
  if (off !== undefined && off !== "") return false;
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  return isTerminal && terminal !== "dumb";
}
