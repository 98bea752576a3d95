import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { mapLimited } from "#base/map-limited";
import type { LockedTool } from "#core/toolchain/lock-file";
import { lockedTool } from "#core/toolchain/lock-file";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolRequest } from "#core/toolchain/tool-request";
import { urlToolchain } from "#core/toolchain/url-toolchain";
import type { ToolFailure } from "#engine/toolchain/tool-failure";
import { findTools, readLocks, requestsHere } from "./find-tools";
import type { ReadyTool } from "./find-tools";
import { installOne } from "./install-one";
import { resolveOne } from "./resolve-one";
import { lockPath } from "./tool-setting";
import type { ToolSetting } from "./tool-setting";
import { saveLocked } from "./save-locked";
import { toolWork } from "./tool-work";
import type { Watched } from "./tool-work";

export interface InstallOptions extends Watched {
  /** Nothing that the lock does not say is looked up, and the lock is not written. */
  readonly isLocked?: boolean;
  /** What the lock says is looked up anew. */
  readonly isUpgrade?: boolean;
}

const AT_ONCE = 4;

/** A failure at the place that asks for the tool. */
export const failureAt = (
  { place }: ToolRequest,
  { code, data, suggestions, hint }: ToolFailure,
): Diagnostic => ({
  code,
  severity: "error",
  data,
  place,
  ...(suggestions === undefined || suggestions.length === 0 ? {} : { suggestions }),
  ...(hint === undefined ? {} : { hint }),
});

/**
 * Sees to it that all that is asked for is there: versions are taken from the lock or looked up and locked, then what is
 * missing is installed, several at once. Tools of registries come last, as their clients may be among the others. What
 * could be done is done whatever else fails.
 */
export async function installTools(
  requests: readonly ToolRequest[],
  setting: ToolSetting,
  options: InstallOptions,
): Promise<Result<readonly ReadyTool[], readonly Diagnostic[]>> {
  const wanted = requestsHere(requests, setting);
  const locks = await readLocks(wanted, setting);
  if (!locks.ok) return locks;
  const work = await toolWork(setting, options);
  const locked = new Map<ToolRequest, LockedTool>();
  const problems: Diagnostic[] = [];
  const known = (request: ToolRequest): LockedTool | undefined => {
    const lock = locks.value.get(lockPath(request, setting));
    const entry = lock === undefined ? undefined : lockedTool(lock, toolLabel(request.tool), request.request);
    return entry !== undefined && saysSame(entry, request, work.platform) ? entry : undefined;
  };
  /** @returns what is wrong with it. */
  const installNext = async (
    request: ToolRequest,
    path: readonly string[],
  ): Promise<readonly Diagnostic[]> => {
    const entry = options.isUpgrade === true ? undefined : known(request);
    if (entry === undefined && options.isLocked === true)
      return [notLocked(request, lockPath(request, setting))];
    const resolved = entry === undefined ? await resolveOne(request, work, path) : ok({ locked: entry });
    if (!resolved.ok) return [failureAt(request, resolved.error)];
    const meant = { ...resolved.value, isLocked: options.isLocked === true };
    const installed = await installOne(request, meant, { work, path });
    if (!installed.ok) return [failureAt(request, installed.error)];
    locked.set(request, installed.value);
    return [];
  };
  const installAll = async (some: readonly ToolRequest[], path: readonly string[]): Promise<void> => {
    const found = await mapLimited(some, AT_ONCE, (request) => installNext(request, path));
    problems.push(...found.flat());
  };
  const isPackage = ({ tool }: ToolRequest): boolean => ["npm", "pypi", "cargo", "go"].includes(tool.backend);
  await installAll(
    wanted.filter((request) => !isPackage(request)),
    [],
  );
  const packages = wanted.filter(isPackage);
  if (packages.length > 0) {
    const saved = await saveLocked(locked, work, options);
    if (saved !== undefined) problems.push(saved);
    const found = await findTools(wanted, setting);
    await installAll(packages, found.ok ? found.value.ready.flatMap(({ bin }) => bin) : []);
  }
  const saved = await saveLocked(locked, work, options);
  if (saved !== undefined) problems.push(saved);
  if (problems.length > 0) return err(unique(problems));
  const found = await findTools(wanted, setting);
  return found.ok ? ok(found.value.ready) : found;
}

/** Whether a lock still says what the configuration itself does of address and digest. */
function saysSame(
  { archives, version }: LockedTool,
  { url, sha256, tool }: ToolRequest,
  platform: string,
): boolean {
  const archive = archives[platform];
  if (archive === undefined) return true;
  if (sha256 !== undefined && archive.sha256 !== sha256) return false;
  if (tool.backend !== "url" || url === undefined) return true;
  return (
    urlToolchain({ name: tool.name, url, platform }).archive?.({ version }, platform)?.url === archive.url
  );
}

const notLocked = ({ tool, request, place }: ToolRequest, file: string): Diagnostic => ({
  code: "E420",
  severity: "error",
  data: { tool: toolLabel(tool), request, file: file.slice(file.lastIndexOf("/") + 1) },
  place,
});

function unique(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = JSON.stringify(problem);
    return !seen.has(key) && seen.add(key);
  });
}
