import type { Attribute, Recipe } from "./justfile";

const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  linux: ["linux"],
  macos: ["darwin"],
  windows: ["windows"],
  unix: ["linux", "darwin"],
};
const OTHER_SYSTEMS = new Set(["openbsd", "freebsd", "netbsd", "dragonfly", "android"]);

/** Attributes that change nothing that a task would show. */
const WITHOUT_EFFECT = new Set([
  "no-exit-message",
  "exit-message",
  "no-quiet",
  "private",
  "doc",
  "group",
  "confirm",
  "script",
  "extension",
  "default",
  "working-directory",
  "parallel",
  "positional-arguments",
  "env",
  "arg",
  "metadata",
  "linux",
  "macos",
  "windows",
  "unix",
]);

/** Whether a recipe is there on a system at all. */
export function isEnabled({ attributes }: Recipe, system: string): boolean {
  const named = attributes.filter(({ name }) => SYSTEMS[name] !== undefined || OTHER_SYSTEMS.has(name));
  return named.length === 0 || named.some(({ name }) => SYSTEMS[name]?.includes(system) === true);
}

/** Why an attribute makes a difference that no task shows; undefined where it makes none, or `lostBy` tells of it. */
export function unkeptAttribute({ name }: Attribute): string | undefined {
  if (WITHOUT_EFFECT.has(name) || name === "no-cd") return undefined;
  return OTHER_SYSTEMS.has(name) ? "tasks can't be limited to this system" : "it has no equal";
}

/** An attribute by which a recipe runs where or when a task would not, and what is different. */
export function lostBy({ attributes }: Recipe): readonly [string, string] | undefined {
  const names = attributes.map(({ name }) => name);
  if (names.includes("no-cd"))
    return ["[no-cd]", "a task runs in the folder of its file, not where it is called from"];
  const other = names.find((name) => OTHER_SYSTEMS.has(name));
  const isAlsoHere = names.some((name) => /^(?:linux|macos|windows|unix)$/.test(name));
  return other === undefined || isAlsoHere
    ? undefined
    : [`[${other}]`, "tasks can't be limited to this system"];
}

/** What runs after a script can't be given arguments: it is named by the task, not called by a step. */
export function lostAfterScript({ name, after }: Recipe): readonly [string, string] | undefined {
  const called = after.find(({ args }) => args.length > 0);
  return called === undefined
    ? undefined
    : [`${name}: && ${called.name}`, "what runs after a script can't be given arguments"];
}
