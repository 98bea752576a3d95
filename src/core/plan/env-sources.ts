import type { Place } from "#base/diagnostic";
import { resolveFrom } from "#base/path";
import type { EnvTable, TaskTable } from "#core/config/schema/sections";
import type { EnvEntry, EnvLayerName, EnvSource } from "#core/model/environment";

/** What becomes of a text of an `env` table, which stands at `place`. */
export type Fill = (text: string, place: Place) => string;

const asIs: Fill = (text) => text;

/** One `env` table as a source of variables; paths in it are relative to `dir`. */
export function envSource(layer: EnvLayerName, table: EnvTable, at: EnvPlace): EnvSource {
  return {
    layer,
    place: at.place,
    entries: Object.entries(table).map(([name, value]) => envEntry(name, value, at)),
  };
}

/** Where an `env` table stands, and how its texts are filled in. */
export interface EnvPlace {
  readonly place: Place;
  readonly dir: string;
  readonly fill?: Fill;
}

function envEntry(name: string, value: EnvTable[string], at: EnvPlace): EnvEntry {
  const { fill = asIs } = at;
  const place: Place = { ...at.place, path: [...(at.place.path ?? []), name] };
  if (value === false) return { name, value: { kind: "unset" } };
  if (typeof value === "string")
    return { name, value: { kind: "text", text: fill(value, place), expand: true } };
  const flags = {
    ...(value.secret === undefined ? {} : { secret: value.secret }),
    ...(value.required === true ? { required: true } : {}),
    ...(value.description === undefined ? {} : { description: value.description }),
  };
  if (value.value !== undefined)
    return { name, value: { kind: "text", text: fill(value.value, place), expand: true }, ...flags };
  if (value.cmd !== undefined) return { name, value: { kind: "command", command: value.cmd }, ...flags };
  if (value.file !== undefined)
    return { name, value: { kind: "file", path: resolveFrom(at.dir, value.file) }, ...flags };
  return { name, value: { kind: "declared" }, ...flags };
}

type DotenvKey = boolean | readonly string[];

/** The dotenv files that a `dotenv` or `env_file` key names. `.env` by `true` may be missing. */
export function dotenvFiles(
  value: DotenvKey | string | undefined,
  dir: string,
): NonNullable<EnvSource["files"]> {
  if (value === undefined || value === false) return [];
  if (value === true) return [{ path: resolveFrom(dir, ".env"), optional: true }];
  return (typeof value === "string" ? [value] : value).map((name) =>
    name.endsWith("?")
      ? { path: resolveFrom(dir, name.slice(0, -1)), optional: true }
      : { path: resolveFrom(dir, name), optional: false },
  );
}

/** The layers of one task above those of its package. */
export function taskSources(
  table: TaskTable,
  at: { readonly envPlace: Place; readonly filePlace: Place; readonly dir: string },
  fill: Fill,
): EnvSource[] {
  const sources: EnvSource[] = [];
  const files = [...dotenvFiles(table.dotenv, at.dir), ...dotenvFiles(table.env_file, at.dir)];
  if (files.length > 0) sources.push({ layer: "task-env-file", place: at.filePlace, entries: [], files });
  if (table.env !== undefined)
    sources.push(envSource("task-env", table.env, { place: at.envPlace, dir: at.dir, fill }));
  return sources;
}
