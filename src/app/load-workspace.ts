import type { Diagnostic } from "#base/diagnostic";
import { isAbsolute, resolveFrom } from "#base/path";
import type { Result } from "#base/result";
import { version } from "#base/version";
import { loadFiles } from "#core/config/load";
import type { ConfigReader } from "#core/config/config-reader";
import type { LoadedFiles, LoadRequest } from "#core/config/load";
import { checkTasks } from "#core/workspace/check-tasks";
import { buildWorkspace } from "#core/workspace/workspace";
import type { Workspace } from "#core/workspace/workspace";
import { isThereAtOnce } from "#system/fs/is-there-at-once";
import { globFiles, readText } from "#system/fs/read-text";
import { packageDiscovery } from "./package-discovery";
import { expectLongWork } from "#system/process/compiler";
import { withoutFollowUps } from "./follow-ups";
import type { Problems } from "./problems";

export interface LoadOptions {
  /** Absolute. */
  readonly cwd: string;
  /** File that stands for the search upward; relative to `cwd`. */
  readonly configPath?: string;
  readonly profile?: string;
  /** The environment in which zr was started. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of commands, which an alias may not take. */
  readonly reservedNames?: () => readonly string[];
}

export interface LoadedWorkspace {
  readonly workspace: Workspace;
  readonly texts: ReadonlyMap<string, string>;
  readonly warnings: readonly Diagnostic[];
}

/** A configuration of this length keeps the program busy for so long that compiled code pays; in UTF-16 code units. */
const LONG_TEXT = 128 * 1024;

/** So many files are read, checked and put together for so long that compiled code pays too. */
const MANY_FILES = 64;

function filesOfDisk(): ConfigReader {
  let count = 0;
  return {
    readText: async (path) => {
      count += 1;
      if (count === MANY_FILES) expectLongWork();
      const read = await readText(path);
      if (read.kind === "text" && read.text.length > LONG_TEXT) expectLongWork();
      return read;
    },
    isThere: isThereAtOnce,
    glob: globFiles,
  };
}

/** What was read of a configuration, and everything that is wrong with its files by themselves. */
export interface ReadWorkspace extends Problems {
  readonly workspace: Workspace;
}

/** Reads and checks the whole configuration that a command is about. All problems of all files come together. */
export async function loadWorkspace(
  options: LoadOptions,
  reader?: ConfigReader,
): Promise<Result<LoadedWorkspace, Problems>> {
  const read = await readWorkspace(options, reader);
  if (!read.ok) return read;
  const { workspace, texts, unread, diagnostics } = read.value;
  if (isRefused(read.value))
    return { ok: false, error: { diagnostics: withoutFollowUps(diagnostics, unread), unread, texts } };
  return { ok: true, value: { workspace, texts, warnings: diagnostics } };
}

/** Whether nothing can be done with a configuration. */
export const isRefused = ({ unread, diagnostics }: Problems): boolean =>
  unread.length > 0 || diagnostics.some((diagnostic) => diagnostic.severity === "error");

/** The same with whatever could be read, also where something is wrong with it. */
export async function readWorkspace(
  options: LoadOptions,
  reader?: ConfigReader,
): Promise<Result<ReadWorkspace, Problems>> {
  const loaded = await loadFiles(
    loadRequest(options),
    reader ?? filesOfDisk(),
    // Manifests are looked for on the disk, as those are files of others, unless a reader says how.
    reader === undefined ? packageDiscovery : reader.packages,
  );
  if (!loaded.ok) return loaded;
  const { workspace, diagnostics } = await checkFiles(loaded.value, options);
  const { texts, unread } = loaded.value;
  return { ok: true, value: { workspace, texts, unread, diagnostics } };
}

/** What is asked of the loader. */
export function loadRequest({ cwd, configPath, env }: LoadOptions): LoadRequest {
  const userPath = userConfigPath(env);
  return {
    cwd,
    ...(configPath === undefined ? {} : { configPath: resolveFrom(cwd, configPath) }),
    ...(userPath === undefined ? {} : { userPath }),
  };
}

/** Puts the files of a workspace together and holds them against each other; with everything wrong with them. */
export async function checkFiles(
  files: LoadedFiles,
  options: Pick<LoadOptions, "profile" | "reservedNames">,
): Promise<{ readonly workspace: Workspace; readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [...files.diagnostics];
  const workspace = buildWorkspace(files, options.profile, diagnostics);
  checkMinVersion(workspace, diagnostics);
  if (options.reservedNames !== undefined) checkShortcuts(workspace, options.reservedNames, diagnostics);
  for (const diagnostic of checkTasks(workspace)) diagnostics.push(diagnostic);
  if (hasWorkflows(workspace)) {
    const { checkWorkflows } = await import("#core/workspace/check-workflows");
    for (const diagnostic of checkWorkflows(workspace)) diagnostics.push(diagnostic);
  }
  return { workspace, diagnostics };
}

function hasWorkflows(workspace: Workspace): boolean {
  for (const { config } of workspace.packages.values()) if (config.workflows.size > 0) return true;
  return false;
}

/** Where the user's own configuration stands. */
export function userConfigPath(env: LoadOptions["env"]): string | undefined {
  const { XDG_CONFIG_HOME: xdg, HOME: home, APPDATA: appData } = env;
  if (appData !== undefined && appData !== "") return `${appData.replaceAll("\\", "/")}/zr/config.toml`;
  if (xdg !== undefined && isAbsolute(xdg)) return `${xdg}/zr/config.toml`;
  return home === undefined || home === "" ? undefined : `${home}/.config/zr/config.toml`;
}

function checkMinVersion(workspace: Workspace, diagnostics: Diagnostic[]): void {
  for (const file of workspace.current.config.files) {
    const wanted = file.document.global?.min_version;
    if (wanted === undefined || !isOlder(version, wanted)) continue;
    diagnostics.push({
      code: "E154",
      severity: "error",
      data: { wanted, found: version },
      place: { file: file.path, path: ["global", "min_version"] },
    });
  }
}

function checkShortcuts(
  workspace: Workspace,
  reservedNames: () => readonly string[],
  diagnostics: Diagnostic[],
): void {
  for (const file of workspace.current.config.files) {
    for (const name of Object.keys(file.document.alias ?? {})) {
      if (reservedNames().includes(name))
        diagnostics.push({
          code: "E141",
          severity: "error",
          data: { name },
          place: { file: file.path, path: ["alias", name], target: "key" },
        });
    }
  }
}

function isOlder(found: string, wanted: string): boolean {
  const numbers = (text: string): number[] => (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
  const have = numbers(found);
  const need = numbers(wanted);
  for (let index = 0; index < Math.max(have.length, need.length); index += 1) {
    const difference = (have[index] ?? 0) - (need[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
