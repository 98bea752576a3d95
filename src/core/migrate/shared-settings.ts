import type { EnvTable, TaskTable } from "#core/config/schema/sections";
import type { MadeTask } from "./made-task";
import { conditionalEnv } from "./conditional-env";
import { whenIn } from "./when-in";
import type { World } from "./worlds";

/** What one reading of a file says for all of its tasks. */
export interface WorldSettings {
  readonly env: EnvTable;
  /** Names of `env` that come from a blanket `export`: where they are missing, having them too is no harm. */
  readonly blanket?: ReadonlySet<string>;
  readonly shell?: TaskTable["shell"] | undefined;
  /** Paths, with a `?` behind those that may be missing. */
  readonly dotenv?: readonly string[];
}

/** What all readings say, and what tasks have to say themselves since readings differ in it. */
export interface SharedSettings extends WorldSettings {
  readonly own: ReadonlyMap<World, TaskTable>;
}

/**
 * Takes apart what is the same in all readings, so that nothing of one of them is taken for all.
 *
 * @param isSound whether the readings do to tell when an expression holds.
 */
export function shareSettings(
  given: ReadonlyMap<World, WorldSettings>,
  isSound: (condition: string) => boolean = () => true,
): SharedSettings {
  const own = new Map<World, TaskTable>([...given.keys()].map((world) => [world, {}]));
  const shell = sharedShell(given, own);
  const dotenv = sharedDotenv(given, own);
  return {
    env: sharedEnv(given, own, isSound),
    ...(shell === undefined ? {} : { shell }),
    ...(dotenv.length === 0 ? {} : { dotenv }),
    own,
  };
}

type Own = Map<World, TaskTable>;
type Given = ReadonlyMap<World, WorldSettings>;

const isSame = (values: readonly unknown[]): boolean =>
  new Set(values.map((value) => JSON.stringify(value) ?? "")).size <= 1;

function sharedEnv(given: Given, own: Own, isSound: (condition: string) => boolean): EnvTable {
  const all = [...given.values()];
  const shared: Record<string, EnvTable[string]> = {};
  for (const name of new Set(all.flatMap(({ env }) => Object.keys(env)))) {
    const having = all.filter(({ env }) => env[name] !== undefined);
    const value = having[0]?.env[name];
    const isBlanket = having.every(({ blanket }) => blanket?.has(name));
    const isEverywhere = all.every(
      ({ env, blanket }) => env[name] !== undefined || (blanket === undefined && isBlanket),
    );
    if (value !== undefined && isEverywhere && isSame(having.map(({ env }) => env[name]))) {
      shared[name] = value;
      continue;
    }
    const chosen = conditionalEnv(
      name,
      new Map([...given].map(([world, { env }]) => [world, env[name]])),
      isSound,
    );
    if (chosen !== undefined) {
      shared[name] = chosen;
      continue;
    }
    for (const [world, { env }] of given) {
      const mine = env[name];
      const table = own.get(world) ?? {};
      if (mine !== undefined) own.set(world, { ...table, env: { ...table.env, [name]: mine } });
    }
  }
  return shared;
}

function sharedShell(given: Given, own: Own): TaskTable["shell"] | undefined {
  const all = [...given.values()].map(({ shell }) => shell);
  if (isSame(all)) return all[0];
  for (const [world, { shell = "sh" }] of given) own.set(world, { ...own.get(world), shell });
  return undefined;
}

/** A file that is only named where it exists may be named always, as one that may be missing. */
function sharedDotenv(given: Given, own: Own): readonly string[] {
  const worlds = [...given.keys()];
  const plain = (path: string): string => path.replace(/\?$/, "");
  const shared: string[] = [];
  const paths = [...new Set([...given.values()].flatMap(({ dotenv = [] }) => dotenv.map(plain)))];
  for (const path of paths) {
    const present = worlds.filter((world) => given.get(world)?.dotenv?.map(plain).includes(path));
    const when = whenIn(worlds, new Set(present));
    const isRequired = worlds.every((world) => given.get(world)?.dotenv?.includes(path));
    if (when === "") shared.push(isRequired ? path : `${path}?`);
    else if (when === `file.exists('${path}')`) shared.push(`${path}?`);
    else
      for (const world of worlds) {
        const table = own.get(world) ?? {};
        const before = Array.isArray(table.dotenv) ? table.dotenv : [];
        own.set(world, { ...table, dotenv: present.includes(world) ? [...before, path] : before });
      }
  }
  return shared;
}

/** The tasks of a reading with what only this reading says. */
export const withOwnSettings = (tasks: readonly MadeTask[], own: TaskTable = {}): readonly MadeTask[] =>
  Object.keys(own).length === 0
    ? tasks
    : tasks.map((made) => {
        const { table } = made.task;
        const env = { ...own.env, ...table.env };
        const all: TaskTable = { ...own, ...table, ...(Object.keys(env).length === 0 ? {} : { env }) };
        return { ...made, task: { ...made.task, table: all } };
      });
