import { resolveFrom } from "#base/path";
import { profileChain } from "#core/config/package-config";
import type { EnvTable } from "#core/config/schema/sections";
import type { ResolvedTask } from "#core/config/resolve-task";
import type { Package } from "#core/workspace/workspace";
import { dotenvFiles } from "./env-sources";
import { resolvePath } from "#base/workspace-path";

/** Absolute paths of the files that the variables of all tasks of a package come from. */
export function sharedEnvironmentFiles({ config, dir }: Package, root: string): readonly string[] {
  const paths = new Set<string>();
  for (const { layer, document } of config.files) {
    const from = layer === "root" ? root : dir;
    if (layer !== "user") for (const { path } of dotenvFiles(document.global?.dotenv, from)) paths.add(path);
    addFiles(document.env, from, paths);
  }
  for (const { env } of profileChain(config.files, config.profile)) addFiles(env, dir, paths);
  return [...paths];
}

interface Folders {
  /** Absolute: the package's. */
  readonly dir: string;
  /** Absolute: the workspace's. */
  readonly root: string;
}

/** Absolute paths of the files that a task reads by what it says of its variables and of its stdin. */
export function taskReadFiles({ table, groupEnv }: ResolvedTask, { dir, root }: Folders): readonly string[] {
  const { dotenv, env_file, env, io, cwd } = table;
  if ((dotenv ?? env_file ?? env ?? io) === undefined && groupEnv.length === 0) return NONE;
  const files = [...dotenvFiles(dotenv, dir), ...dotenvFiles(env_file, dir)];
  const paths = new Set(files.map(({ path }) => path));
  for (const group of groupEnv) addFiles(group.table.env, dir, paths);
  addFiles(env, dir, paths);
  if (io?.stdin?.startsWith(FILE) === true)
    paths.add(resolveFrom(resolvePath(cwd ?? ".", dir, root), io.stdin.slice(FILE.length)));
  return [...paths];
}

const NONE: readonly string[] = [];
const FILE = "file:";

function addFiles(env: EnvTable | undefined, dir: string, paths: Set<string>): void {
  for (const value of Object.values(env ?? {}))
    if (typeof value === "object" && value.file !== undefined) paths.add(resolveFrom(dir, value.file));
}
