import { parseDuration } from "#base/duration";
import { resolveFrom } from "#base/path";
import { parseSize } from "#base/size";
import { profileChain } from "#core/config/package-config";
import { mergeTables } from "#core/config/merge";
import type { ConfigDocument, RemoteCacheTable } from "#core/config/schema/sections";
import type { Workspace } from "#core/workspace/workspace";
import { userCacheFolder } from "./user-cache-folder";

type CacheTable = NonNullable<ConfigDocument["cache"]>;

/** What a cache is used for. */
export type CacheMode = "read-write" | "read" | "write" | "off";

/** `[cache]` as all files and the profile together say it. */
export interface CacheSettings {
  readonly mode: CacheMode;
  /** As written; undefined: the user's cache folder. */
  readonly localDir: string | undefined;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly fingerprint: "xxh64" | "sha256";
  readonly remote: RemoteCacheTable | undefined;
}

const DEFAULTS = { maxSize: "10GB", maxAge: "30d" } as const;

export function cacheSettings({ current }: Workspace): CacheSettings {
  const { files, profile } = current.config;
  const tables = [
    ...files.map(({ document }) => document.cache),
    ...profileChain(files, profile).map((layer) => layer.cache),
  ].filter((table) => table !== undefined);
  // Merging keeps the shape that the schema has checked.
  const table = tables.reduce(mergeTables, {}) as CacheTable;
  return {
    mode: table.enabled === false ? "off" : (table.mode ?? "read-write"),
    localDir: table.local_dir,
    maxBytes: parseSize(table.max_size ?? DEFAULTS.maxSize) ?? 0,
    maxAgeMs: parseDuration(table.max_age ?? DEFAULTS.maxAge) ?? 0,
    fingerprint: table.fingerprint ?? "xxh64",
    remote: table.remote,
  };
}

/** Globs from the root that are part of every key. */
export const globalInputs = ({ rootPackage }: Workspace): readonly string[] =>
  rootPackage.config.files
    .map(({ document }) => document.workspace?.global_inputs)
    .findLast((globs) => globs !== undefined) ?? [];

interface FolderFacts {
  readonly root: string;
  readonly os: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Absolute path of the local store; undefined where nobody says where a user's files belong. */
export function localCacheFolder(
  dir: string | undefined,
  { root, os, env }: FolderFacts,
): string | undefined {
  const home = env["HOME"] ?? env["USERPROFILE"]?.replaceAll("\\", "/");
  if (dir === "~" || dir?.startsWith("~/") === true)
    return home === undefined ? undefined : resolveFrom(home, dir.slice(2) || ".");
  if (dir !== undefined) return resolveFrom(root, dir.replace(/^\/\//, ""));
  const own = userCacheFolder(os, env);
  return own === undefined ? undefined : `${own}/results`;
}

/** What a run uses of the caches. */
export interface CacheUse {
  readonly local: CacheMode;
  readonly remote: CacheMode;
}

const MODES: Readonly<Record<string, CacheMode>> = { r: "read", w: "write", rw: "read-write", off: "off" };

/** `local:rw,remote:r`; a part without a colon means both, one that is not named is off. Undefined for anything else. */
export function parseCacheUse(text: string): CacheUse | undefined {
  const use: { local: CacheMode; remote: CacheMode } = { local: "off", remote: "off" };
  for (const part of text.split(",")) {
    const [name = "", mode = "rw", ...rest] = part.trim().split(":");
    const meant = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
    if ((name !== "local" && name !== "remote") || meant === undefined || rest.length > 0) return undefined;
    use[name] = meant;
  }
  return use;
}
