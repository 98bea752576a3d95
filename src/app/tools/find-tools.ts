import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { isOfArchives } from "#core/toolchain/installed-tool";
import { lockedTool } from "#core/toolchain/lock-file";
import type { LockedTool, LockFile } from "#core/toolchain/lock-file";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolRequest } from "#core/toolchain/tool-request";
import { installedAt } from "#engine/toolchain/installed-tools";
import type { EnvEntry, EnvSource } from "#core/model/environment";
import { isForHost, lockPath, toolsPlace } from "./tool-setting";
import type { ToolSetting } from "./tool-setting";
import { readLockFile } from "./tool-locks";

/** A request that can be acted on: its tool is installed. */
export interface ReadyTool {
  readonly request: ToolRequest;
  readonly version: string;
  /** Absolute path of the installation. */
  readonly home: string;
  /** Absolute paths of the folders for PATH. */
  readonly bin: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A request whose tool is not installed, with what the lock says of it. */
export interface MissingTool {
  readonly request: ToolRequest;
  readonly locked: LockedTool | undefined;
}

export interface FoundTools {
  /** In the order of the requests. */
  readonly ready: readonly ReadyTool[];
  readonly missing: readonly MissingTool[];
}

/** The requests that this system is meant by and that ask for more than what the system has. */
export const requestsHere = (
  requests: readonly ToolRequest[],
  { host }: ToolSetting,
): readonly ToolRequest[] =>
  requests.filter((request) => request.request !== "system" && isForHost(request, host));

/**
 * Looks up what is pinned and installed. Reads the locks and, of each tool, the one file that its installation says
 * itself by: this is on the way of every command that runs with tools.
 */
export async function findTools(
  requests: readonly ToolRequest[],
  setting: ToolSetting,
): Promise<Result<FoundTools, readonly Diagnostic[]>> {
  const wanted = requestsHere(requests, setting);
  const locks = await readLocks(wanted, setting);
  if (!locks.ok) return locks;
  const place = toolsPlace(setting.host);
  const found = await Promise.all(
    wanted.map(async (request): Promise<ReadyTool | MissingTool> => {
      const lock = locks.value.get(lockPath(request, setting));
      const locked =
        lock === undefined ? undefined : lockedTool(lock, toolLabel(request.tool), request.request);
      if (locked === undefined) return { request, locked };
      const home = place.home({ tool: request.tool, version: locked.version });
      const installed = await installedAt(home);
      if (installed === undefined || !isOfArchives(installed, locked.archives)) return { request, locked };
      return {
        request,
        version: locked.version,
        home: installed.home,
        bin: installed.bin.map((folder) => below(installed.home, folder)),
        env: Object.fromEntries(
          Object.entries(installed.env).map(([name, folder]) => [name, below(installed.home, folder)]),
        ),
      };
    }),
  );
  return ok({
    ready: found.flatMap((one) => ("home" in one ? [one] : [])),
    missing: found.flatMap((one) => ("home" in one ? [] : [one])),
  });
}

export const below = (home: string, folder: string): string => (folder === "." ? home : `${home}/${folder}`);

/** The locks that requests belong to, by path. */
export async function readLocks(
  requests: readonly ToolRequest[],
  setting: ToolSetting,
): Promise<Result<ReadonlyMap<string, LockFile>, readonly Diagnostic[]>> {
  const paths = [...new Set(requests.map((request) => lockPath(request, setting)))];
  const locks = new Map<string, LockFile>();
  for (const path of paths) {
    const lock = await readLockFile(path);
    if (!lock.ok) return err([lock.error]);
    locks.set(path, lock.value);
  }
  return ok(locks);
}

/** The layer of variables that tools make: their folders in front of PATH, and their own. */
export function toolSource(tools: readonly ReadyTool[], os: string): EnvSource | undefined {
  if (tools.length === 0) return undefined;
  const entries = new Map<string, EnvEntry>();
  const text = (name: string, value: string, expand: boolean): void =>
    void entries.set(name, { name, value: { kind: "text", text: value, expand } });
  for (const { env } of tools) for (const [name, value] of Object.entries(env)) text(name, value, false);
  const separator = os === "windows" ? ";" : ":";
  const folders = tools.flatMap(({ bin }) => bin).map((folder) => folder.replaceAll("$", "$$$$"));
  text("PATH", [...folders, "${PATH}"].join(separator), true);
  return { layer: "tools", entries: [...entries.values()] };
}
