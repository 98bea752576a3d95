import type { Place } from "#base/diagnostic";
import { resolveFrom } from "#base/path";
import type { PackageConfig, SourceFile } from "#core/config/config";
import { profileChain } from "#core/config/package-config";
import type { EnvTable, TaskTable } from "#core/config/schema/sections";
import type { EnvEntry, EnvLayerName, EnvSource } from "#core/model/environment";
import type { SharedEnvironment } from "#core/model/plan";

type Fill = (text: string, place: Place) => string;

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

const NOTHING: SharedEnvironment = { mode: "inherit", passEnv: [], sources: [] };

/** The layers that all tasks of a package share: dotenv files and `[env]` of the workspace, then of the package. */
export function sharedEnvironment(config: PackageConfig, rootDir: string): SharedEnvironment {
  const { global } = config;
  const sources: EnvSource[] = [];
  const mode = global.env_mode ?? "inherit";
  for (const file of config.files) {
    const isRoot = file.layer === "root";
    const { env } = file.document;
    if (isRoot) sources.push(...dotenvSource("workspace-dotenv", file, rootDir));
    else if (file.layer !== "user") sources.push(...dotenvSource("package-dotenv", file, config.dir));
    if (env === undefined) continue;
    const dir = isRoot ? rootDir : config.dir;
    sources.push(
      envSource(isRoot ? "workspace-env" : "package-env", env, {
        place: { file: file.path, path: ["env"] },
        dir,
      }),
    );
  }
  for (const layer of profileChain(config.files, config.profile)) {
    if (layer.env === undefined) continue;
    const file = config.files.findLast((candidate) => candidate.document.profiles !== undefined);
    const place: Place = { file: file?.path ?? "", path: ["profiles", config.profile ?? "", "env"] };
    sources.push(envSource("profile", layer.env, { place, dir: config.dir }));
  }
  if (sources.length === 0 && mode === "inherit") return NOTHING;
  return { mode, passEnv: global.pass_env ?? [], sources };
}

function dotenvSource(layer: EnvLayerName, file: SourceFile, dir: string): EnvSource[] {
  const dotenv = file.document.global?.dotenv;
  if (dotenv === undefined) return [];
  const files = dotenvFiles(dotenv, dir);
  return files.length === 0
    ? []
    : [{ layer, place: { file: file.path, path: ["global", "dotenv"] }, entries: [], files }];
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
