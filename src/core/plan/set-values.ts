import type { Diagnostic } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import type { Package } from "#core/workspace/workspace";

type Vars = Readonly<Record<string, unknown>>;

/**
 * `[vars]` of a package with the texts of `--set` on top. One that stands in for a number or a boolean is such a value, so
 * that an expression means the same whoever gives it: `--set fast=false` is false.
 */
export function withSetValues(declared: Vars, set: Readonly<Record<string, string>>): Vars {
  const values: Record<string, unknown> = { ...declared };
  for (const [name, text] of Object.entries(set))
    values[name] = valueLike(declaredIn(declared, name), text) ?? text;
  return values;
}

/** What is wrong with the texts of `--set`: names that no package of the plan declares, values of another type. */
export function checkSetValues(
  packages: readonly Package[],
  set: Readonly<Record<string, string>>,
): readonly Diagnostic[] {
  return Object.entries(set).flatMap(([name, found]): Diagnostic[] => {
    const declared = packages
      .map(({ config }) => declaredIn(config.vars, name))
      .filter((v) => v !== undefined);
    if (declared.length === 0) {
      const known = new Set(packages.flatMap(({ config }) => Object.keys(config.vars)));
      return [{ code: "E197", severity: "error", data: { name }, suggestions: suggest(name, known) }];
    }
    const unlike = declared.find((value) => valueLike(value, found) === undefined);
    if (unlike === undefined) return [];
    const expected = `${typeof unlike === "boolean" ? "true or false" : "a number"} for '${name}'`;
    return [{ code: "E183", severity: "error", data: { name: "--set", expected, found } }];
  });
}

const declaredIn = (vars: Vars, name: string): unknown =>
  Object.hasOwn(vars, name) ? vars[name] : undefined;

/** The text as a value of the same type; nothing where it is none. */
function valueLike(declared: unknown, text: string): string | number | boolean | undefined {
  if (typeof declared === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  if (typeof declared !== "number" && typeof declared !== "bigint") return text;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
