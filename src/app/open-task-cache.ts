import { isAbsolute } from "#base/path";
import type { CacheBasis } from "#core/cache/cache-basis";
import { localCacheFolder, parseCacheUse } from "#core/cache/cache-settings";
import type { CacheMode, CacheSettings } from "#core/cache/cache-settings";
import { userCacheFolder } from "#core/cache/user-cache-folder";
import type { Instance } from "#core/model/plan";
import type { CacheSession, InstanceVariables, TellCache } from "#engine/cache/cache-session";
import type { CacheNotice, CacheStore } from "#engine/cache/cache-store";
import { Fingerprints } from "#engine/cache/fingerprints";
import { InputFiles } from "#engine/cache/input-files";
import { openCacheStore } from "#engine/cache/open-cache-store";
import { encodeIndex } from "#engine/cache/stat-index";
import type { ResultMemory } from "#engine/cache/result-memory";
import { TaskCache } from "#engine/cache/task-cache";
import { TaskKeys } from "#engine/cache/task-keys";
import { WorkspaceFiles } from "#engine/cache/workspace-files";
import type { RemoteLayer } from "#engine/cache/remote-link";
import type { Environments } from "#engine/exec/instance-environment";
import { wallMs } from "#system/clock/clock";
import { bytesAtOnce, replaceFile } from "#system/fs/file-entry";
import { ownKey } from "#system/fs/own-key";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import type { Host } from "#system/host";
import type { RemoteUse } from "./remote-cache-layers";

/** What the command line says about the cache of a run. */
export interface CacheOptions {
  /** `--no-cache`. */
  readonly isOff: boolean;
  /** `--force`. */
  readonly force: boolean;
  /** `--why`. */
  readonly why: boolean;
  readonly verbose: boolean;
  /** `--cache`: `local:rw,remote:r`. */
  readonly use?: string;
  /** What is known of results from an earlier run. */
  readonly memory?: ResultMemory;
  /** `--wait-uploads`: how long the end of the run waits for what is sent to remote caches. */
  readonly waitUploadsMs?: number;
}

export interface CacheRun {
  /** Of the workspace; absolute. */
  readonly root: string;
  readonly basis: CacheBasis;
  readonly host: Host;
  /** All that the run may run. */
  readonly instances: readonly Instance[];
  readonly environments: Environments;
  readonly options: CacheOptions;
}

/** A cache with its inner parts, for looking without running. */
export interface OpenTaskCache {
  readonly session: CacheSession;
  readonly parts?: { readonly cache: TaskCache; readonly keys: TaskKeys };
}

/** Opens the cache for a run that has cached tasks; undefined where it is off. */
export async function openTaskCache(run: CacheRun): Promise<OpenTaskCache | undefined> {
  const settings = await run.basis.settings();
  const uses = modesOf(settings, run.options);
  const { mode } = uses;
  if (mode === "off") return undefined;
  const notices: CacheNotice[] = [];
  let tell: TellCache | undefined;
  const say = ({ level, text }: CacheNotice): void => {
    if (level === "warning" || run.options.verbose) tell?.(level === "warning" ? "warn" : "info", text);
  };
  const report = (notice: CacheNotice): void => {
    if (tell === undefined) notices.push(notice);
    else say(notice);
  };
  const connect = (told: TellCache): void => {
    tell = told;
    for (const notice of notices.splice(0)) say(notice);
  };
  const workspaceFiles = filesOf(run, settings);
  const { memory } = run.options;
  const known = memory?.known;
  const isKnown =
    memory !== undefined &&
    run.instances.every(({ id, steps }) => steps.length === 0 || memory.inputPaths(id) !== undefined);
  // Git takes its time, which is not waited for where nothing that runs can make files that nobody has declared.
  if (!isKnown && run.instances.every(({ cache, steps }) => cache !== undefined || steps.length === 0))
    workspaceFiles.prepare();
  const opened = await openStore(run, { ...uses, settings, mode, report });
  if (typeof opened === "string") {
    report({ level: "warning", text: `the run goes on without a cache: ${opened}` });
    return { session: { ...NO_CACHE, connect } };
  }
  const { root } = run;
  const indexPath = `${root}/.zr/cache/index`;
  // Where most inputs are known to be the same, reading the rest takes less time than reading what is known of all.
  const isMostlyKnown = known !== undefined && known.size > 0;
  const prints = new Fingerprints(settings.fingerprint, isMostlyKnown ? undefined : bytesAtOnce(indexPath));
  const keys = taskKeys(run, { settings, workspaceFiles, prints, memory });
  const cache = new TaskCache({
    root,
    keys,
    store: opened,
    prints,
    reads: mode !== "write",
    writes: mode !== "read",
    force: run.options.force,
    explains: run.options.why,
    memory,
    now: wallMs,
    onConnect: connect,
    onClose: () => (isMostlyKnown ? Promise.resolve() : keepIndex(prints, indexPath, `${root}/.zr`)),
  });
  return { session: cache, parts: { cache, keys } };
}

/** Works out what tasks go by, cached or not. */
function taskKeys(
  { root, basis, host, instances, environments }: Omit<CacheRun, "options">,
  { settings, workspaceFiles, prints, memory }: KeySources,
): TaskKeys {
  return new TaskKeys({
    root,
    instances,
    workspaceFiles,
    inputFiles: new InputFiles(root, workspaceFiles, prints),
    memory,
    globalInputs: basis.globalInputs(),
    outputsOf: basis.outputsOf,
    variablesOf: (instance) => variablesOf(instance, environments),
    secretKey: () => secretKeyOf(settings, host),
    platform: `${host.os}/${host.arch}`,
  });
}

interface KeySources {
  readonly settings: CacheSettings;
  readonly workspaceFiles: WorkspaceFiles;
  readonly prints: Fingerprints;
  readonly memory?: ResultMemory | undefined;
}

/** The files that tasks with a sandbox are to find there. */
export async function filesForSandboxes(run: Omit<CacheRun, "options">): Promise<TaskKeys["filesFor"]> {
  const settings = await run.basis.settings();
  const keys = (): TaskKeys =>
    taskKeys(run, {
      settings,
      workspaceFiles: filesOf(run, settings),
      prints: new Fingerprints(settings.fingerprint, undefined),
    });
  // Each looks at the files as they are when it starts.
  return (instance) => keys().filesFor(instance);
}

const NO_CACHE: CacheSession = {
  connect: () => {},
  before: () => Promise.resolve({ kind: "off" }),
  putBack: () => new Map(),
  recalled: () => {},
  after: () => Promise.resolve(),
  log: () => Promise.resolve(undefined),
  settled: () => {},
  stopReading: () => {},
  close: () => Promise.resolve(),
};

interface CacheModes {
  /** Of both caches together. */
  readonly mode: CacheMode;
  readonly remoteMode: CacheMode;
  readonly readsLocal: boolean;
}

function modesOf(settings: CacheSettings, { isOff, use: written }: CacheOptions): CacheModes {
  if (isOff) return { mode: "off", remoteMode: "off", readsLocal: false };
  const use = written === undefined ? undefined : parseCacheUse(written);
  if (use === undefined)
    return { mode: settings.mode, remoteMode: settings.remote?.mode ?? "read-write", readsLocal: true };
  const remoteMode = settings.remote === undefined ? "off" : use.remote;
  // What comes from elsewhere or goes there passes the local store.
  const reads = [use.local, remoteMode].some((mode) => mode === "read" || mode === "read-write");
  const writes = [use.local, remoteMode].some((mode) => mode === "write" || mode === "read-write");
  const mode = reads ? (writes ? "read-write" : "read") : writes ? "write" : "off";
  return { mode, remoteMode, readsLocal: use.local === "read" || use.local === "read-write" };
}

interface StoreSetting {
  readonly settings: CacheSettings;
  readonly mode: Exclude<CacheMode, "off">;
  readonly remoteMode: CacheMode;
  readonly readsLocal: boolean;
  readonly report: (notice: CacheNotice) => void;
}

/** The store, or in words why there is none. */
async function openStore(
  { root, host, options }: CacheRun,
  { settings, mode, remoteMode, readsLocal, report }: StoreSetting,
): Promise<CacheStore | string> {
  const folder = localCacheFolder(settings.localDir, { root, os: host.os, env: host.env });
  if (folder === undefined) return "there is no home folder to keep results in; set [cache] local_dir";
  const { maxBytes, maxAgeMs } = settings;
  const remotes = await remotesOf({ table: settings.remote, mode: remoteMode, env: host.env, root }, report);
  const opened = openCacheStore({
    folder,
    root,
    mode,
    readsLocal,
    limits: { maxBytes, maxAgeMs },
    remotes,
    processors: host.cpus,
    ...(options.waitUploadsMs === undefined ? {} : { waitUploadsMs: options.waitUploadsMs }),
    report,
  });
  return opened.ok ? opened.value : `${folder}: ${opened.error}`;
}

/** None where there is none, or it can't be used as configured, which is said. */
async function remotesOf(
  use: RemoteUse,
  report: (notice: CacheNotice) => void,
): Promise<readonly RemoteLayer[]> {
  if (use.table === undefined || use.mode === "off") return [];
  const { remoteCacheLayers } = await import("./remote-cache-layers");
  const layers = await remoteCacheLayers(use);
  if (layers.ok) return layers.value;
  report({ level: "warning", text: `the remote cache is not used: ${layers.error}` });
  return [];
}

/** The files that tasks of a workspace may read. */
export function filesOf(
  { root, basis, host }: Pick<CacheRun, "root" | "basis" | "host">,
  { localDir }: Pick<CacheSettings, "localDir">,
): WorkspaceFiles {
  const { XDG_CONFIG_HOME: xdg, HOME: home } = host.env;
  const { os, env } = host;
  const own = [localCacheFolder(localDir, { root, os, env }), userCacheFolder(os, env), dataFolder(env)];
  const config = xdg !== undefined && xdg !== "" ? xdg : home === undefined ? undefined : `${home}/.config`;
  return new WorkspaceFiles({
    root,
    packageDirs: basis.packageDirs(),
    env: host.env,
    ownFolders: own.filter((folder) => folder !== undefined),
    userIgnoreFiles: config === undefined ? [] : [`${config}/git/ignore`],
  });
}

/** The variables of an instance without starting it. */
export async function variablesOf(
  instance: Instance,
  environments: Environments,
): Promise<InstanceVariables | undefined> {
  const made = await environments.of(instance);
  if (!made.ok) return undefined;
  const { values, declaredNames, secretNames } = made.env;
  return { values, declared: declaredNames, secretNames, secretTexts: () => made.env.secretValues() };
}

/**
 * The key of the digests of secrets: the one that a team shares for its remote cache, else one of the user's own, with
 * which other users' keys are others.
 */
function secretKeyOf({ remote }: CacheSettings, { env }: Host): Promise<string | undefined> {
  for (const named of [remote?.encrypt, remote?.sign]) {
    const value =
      named?.startsWith("$") === true ? env[named.slice(1).replace(/^\{(.*)\}$/, "$1")] : undefined;
    if (value !== undefined && value !== "")
      return Promise.resolve(new Bun.CryptoHasher("sha256").update(`zr digest key\0${value}`).digest("hex"));
  }
  const folder = dataFolder(env);
  return folder === undefined ? Promise.resolve(undefined) : ownKey(`${folder}/digest-key`);
}

/** What zr keeps for the user beside caches and settings. */
function dataFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = env["XDG_DATA_HOME"] ?? "";
  const home = env["HOME"] ?? "";
  const folder = isAbsolute(given)
    ? given
    : home !== ""
      ? `${home}/.local/share`
      : env["LOCALAPPDATA"]?.replaceAll("\\", "/");
  return folder === undefined ? undefined : `${folder}/zr`;
}

/** What is known of files is only there to save time: where it can't be kept, nothing is lost. */
async function keepIndex(prints: Fingerprints, path: string, state: string): Promise<void> {
  const entries = prints.entries();
  if (entries === undefined) return;
  try {
    await ensurePrivateFolder(path.slice(0, path.lastIndexOf("/")), state);
  } catch {
    return;
  }
  replaceFile(path, encodeIndex(entries));
}
