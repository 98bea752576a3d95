import { expect, test } from "bun:test";
import fc from "fast-check";
import { loadWorkspace } from "#app/load-workspace";
import type { ConfigReader } from "#core/config/config-reader";
import { makePlan } from "#core/plan/make-plan";
import type { Instance } from "#core/model/plan";
import { parseExpansion, renderExpansion } from "#engine/env/expand";

const value = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "$",
        "${",
        "}",
        "${vars.x}",
        "${output.d}",
        "$${",
        "$(id)",
        "`id`",
        "'",
        '"',
        "\\",
        "$A",
        ":-",
      ),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""));

/** What stands around a reference, and what that means where the variable `A` is `(A)`. */
const SURROUNDINGS: readonly (readonly [before: string, meaning: string])[] = [
  ["", ""],
  ["$A", "(A)"],
  ["$$A", "$A"],
  ["${A}", "(A)"],
  ["x-", "x-"],
];

async function instancesOf(toml: string): Promise<readonly Instance[]> {
  const reader: ConfigReader = {
    readText: (path) =>
      Promise.resolve(path === "/w/zr.toml" ? { kind: "text", text: toml } : { kind: "missing" }),
    glob: () => Promise.resolve([]),
  };
  const loaded = await loadWorkspace({ cwd: "/w", env: {} }, reader);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const planned = makePlan(loaded.value.workspace, {
    targets: [{ ref: "all", words: [], named: {} }],
    extra: [],
    only: false,
    jobs: 8,
    env: {},
    vars: {},
    host: { os: "linux", arch: "x64", cpus: 4, totalMemory: () => 2 ** 33, env: {} },
  });
  if (planned.kind !== "plan") throw new Error(JSON.stringify(planned));
  return planned.plan.instances.filter(({ name }) => name === "d");
}

/** A TOML string of any text. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f");

const envText = (instance: Instance): string => {
  const entry = instance.env.flatMap(({ entries }) => entries).find(({ name }) => name === "X");
  if (entry?.value.kind !== "text") throw new Error("no text");
  return entry.value.text;
};

test("a value that a task gives another arrives as it is, and two of them make two instances just where they differ", async () => {
  await fc.assert(
    fc.asyncProperty(
      value,
      fc.oneof(value, fc.constant(undefined)),
      fc.constantFrom(...SURROUNDINGS),
      fc.constantFrom("matrix.v", "vars.a"),
      async (one, two, [before, meaning], reference) => {
        const other = two ?? one;
        const caller = (name: string, text: string): string => {
          const from = reference === "matrix.v" ? reference : `vars.${name}`;
          return `[tasks.${name}]\nmatrix = { v = [${quoted(text)}] }\ndeps = [{ task = "d", args = ["\${${from}}"], env = { X = ${quoted(`${before}\${${from}}`)} } }]\n`;
        };
        const instances = await instancesOf(
          `[vars]\na = ${quoted(one)}\nb = ${quoted(other)}\nx = "wrong"\n[tasks.all]\ndeps = ["a", "b"]\n${caller("a", one)}${caller("b", other)}[tasks.d]\ncmd = "true"\nargs = [{ name = "p" }]\n`,
        );
        const expected = one === other ? [one] : [one, other];
        expect(instances.map(({ params }) => params["p"])).toEqual(expected);
        const shown = instances.map((instance) =>
          renderExpansion(
            parseExpansion(envText(instance)).parts,
            (name) => `(${name})`,
            () => "a command was run",
          ),
        );
        expect(shown).toEqual(expected.map((text) => meaning + text));
      },
    ),
    { numRuns: 300 },
  );
});
