import type { Place } from "#base/diagnostic";
import type { EnvTable, TaskTable } from "#core/config/schema/sections";
import { parseTemplate } from "#core/expr/interpolate";
import { Interpolation } from "./interpolation";
import type { PlaceOf } from "./interpolation";
import type { GivenEnv, PlanNode } from "./node";
import { nodeScope, packageVars } from "./node-scope";
import { declaredParameters } from "./parameters";
import type { GivenValues } from "./parameters";
import type { PlanRequest } from "./request";
import { NOTHING_GIVEN } from "./wish";
import type { Wish } from "./wish";

/** What an entry of `deps`, `cmds` and the like gives to the task that it names. */
export interface GivingEntry {
  readonly args?: NonNullable<Extract<NonNullable<TaskTable["deps"]>[number], object>["args"]>;
  readonly env?: EnvTable;
}

/** Who gives: the strings of the task that the entry stands in. */
export interface Giver {
  readonly fill: Interpolation;
  /** The place of the entry's `task`. */
  readonly place: Place;
  /** How messages call the entry: `'deps' of task 'build'`. */
  readonly where: string;
}

type Given = Pick<Wish, "given" | "args" | "env" | "isOpen">;

export const GIVES_NOTHING: Given = { given: NOTHING_GIVEN, args: [], env: [] };

/** The strings of a task as far as it gives them to others. */
export const giverFill = (node: PlanNode, root: string, request: PlanRequest): Interpolation =>
  new Interpolation(() =>
    nodeScope(node, {
      root,
      vars: packageVars(node.pkg, request),
      os: request.host.os,
      // Outputs are left to the task that gets them; where that can't be, they are not known yet.
      output: () => ({ kind: "found", of: node.id, path: [] }),
    }),
  );

/**
 * The arguments and variables of an entry, with the references of the task that writes them. Arguments decide the plan,
 * so that they have to be known now. Variables are worked out with those of the task that gets them: what only a run
 * knows is left to it.
 */
export function givenValues({ args, env }: GivingEntry, giver: Giver): Given {
  return {
    given: args === undefined ? NOTHING_GIVEN : givenArgs(args, giver),
    args: [],
    env: env === undefined ? [] : [givenEnv(env, giver)],
  };
}

function givenArgs(args: NonNullable<GivingEntry["args"]>, { fill, place, where }: Giver): GivenValues {
  const value = (text: string, key: string | number): string =>
    fill.plain(text, () => ({ place: beside(place, "args", key), where }));
  return isWordList(args)
    ? { words: args.map(value), named: {} }
    : {
        words: [],
        named: Object.fromEntries(
          Object.entries(args).map(([name, given]) => [name, value(String(given), name)]),
        ),
      };
}

function givenEnv(table: EnvTable, { fill, place, where }: Giver): GivenEnv {
  const env = { table, file: place.file, path: beside(place, "env").path };
  const known: [string, unknown][] = [];
  for (const [name, value] of Object.entries(table)) {
    const text = typeof value === "object" ? value.value : value;
    if (typeof text !== "string" || !text.includes("${")) continue;
    const path = typeof value === "object" ? [name, "value"] : [name];
    const at: PlaceOf = () => ({ place: beside(place, "env", ...path), where });
    const pieces = fill.known(text, at);
    const meaning = pieces.length === 1 ? pieces[0] : pieces;
    known.push([name, typeof value === "object" ? { ...value, value: meaning } : meaning]);
  }
  if (known.length === 0) return env;
  return { ...env, identity: { ...table, ...Object.fromEntries(known) }, writer: { fill, where } };
}

/** Whether an argument refers to a parameter of the giving task that needs a value and has none. */
export function standsForMissing({ args }: GivingEntry, { task, params }: PlanNode): boolean {
  if (args === undefined || task.table.args === undefined) return false;
  const missing = declaredParameters(task.table).filter(
    ({ name, required }) => required === true && !Object.hasOwn(params, name),
  );
  if (missing.length === 0) return false;
  return Object.values(args).some((text) =>
    parseTemplate(String(text)).parts.some(
      (part) =>
        part.kind === "reference" &&
        part.namespace === "args" &&
        missing.some(({ name }) => name === part.key),
    ),
  );
}

/** The place of another key of the entry whose `task` stands at `place`. */
const beside = (
  place: Place,
  ...keys: readonly (string | number)[]
): Place & Required<Pick<Place, "path">> => ({
  ...place,
  path: [...(place.path ?? []).slice(0, -1), ...keys],
});

const isWordList = (args: unknown): args is readonly string[] => Array.isArray(args);
