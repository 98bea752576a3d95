import type { EnvTable } from "#core/config/schema/sections";
import { shellTest } from "./shell-test";
import { whenIn } from "./when-in";
import type { World } from "./worlds";

type EnvValue = EnvTable[string];

/**
 * One value of `env` for all readings, where they have different ones: a command that prints that of the reading whose
 * conditions hold. Undefined where the conditions or the values can't stand in a command.
 *
 * @param values undefined in the readings in which it is what the environment says.
 * @param isSound whether the readings do to tell when an expression holds.
 */
export function conditionalEnv(
  name: string,
  values: ReadonlyMap<World, EnvValue | undefined>,
  isSound: (condition: string) => boolean = () => true,
): EnvValue | undefined {
  const worlds = [...values.keys()];
  const kinds = [...new Set([...values.values()].map((value) => JSON.stringify(value)))];
  const branches: string[] = [];
  for (const kind of kinds.slice(0, -1)) {
    const own = worlds.filter((world) => JSON.stringify(values.get(world)) === kind);
    const when = whenIn(worlds, new Set(own));
    const test = when === undefined || !isSound(when) ? undefined : shellTest(when);
    const command = printing(name, values.get(own[0] ?? worlds[0] ?? NOWHERE));
    if (test === undefined || command === undefined) return undefined;
    branches.push(`${branches.length === 0 ? "if" : "elif"} ${test}; then ${command}`);
  }
  const last = worlds.find((world) => JSON.stringify(values.get(world)) === kinds.at(-1));
  const otherwise = last === undefined ? undefined : printing(name, values.get(last));
  return otherwise === undefined ? undefined : { cmd: [...branches, `else ${otherwise}`, "fi"].join("; ") };
}

const NOWHERE: World = { system: "", facts: [] };

/** A command that prints a value; undefined where there is none. */
function printing(name: string, value: EnvValue | undefined): string | undefined {
  if (value === undefined) return `printf %s "\${${name}-}"`;
  if (typeof value === "object")
    return value.cmd !== undefined && Object.keys(value).length === 1 && !value.cmd.includes("\n")
      ? value.cmd
      : undefined;
  if (typeof value !== "string") return undefined;
  // A text of ours has `$$` for a dollar sign; its references are those that a shell knows.
  const text = value.replaceAll(/\$\$|["\\`]/g, (sign) => (sign === "$$" ? "\\$" : `\\${sign}`));
  return /\$\{[\w-]+\./.test(text) || text.includes("\n") ? undefined : `printf %s "${text}"`;
}
