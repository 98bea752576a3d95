import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { newestFirst } from "#core/toolchain/tool-version";
import { parseToolName, toolLabel } from "#core/toolchain/tool-name";
import type { ToolRequest } from "#core/toolchain/tool-request";
import { fitsRequest, parseVersionRequest } from "#core/toolchain/version-request";
import { installedAt, markInstalled } from "#engine/toolchain/installed-tools";
import type { InstalledTool } from "#core/toolchain/installed-tool";
import { holdLock } from "#engine/toolchain/hold-lock";
import { ownPid } from "#system/process/is-running";
import { fileSystem } from "#system/runtime-modules";
import type { Host } from "#system/host";
import { readLockFile } from "#app/tools/tool-locks";
import { knownLocks } from "#app/tools/known-locks";
import { failureAt } from "#app/tools/install-tools";
import { installOne } from "#app/tools/install-one";
import { resolveOne } from "#app/tools/resolve-one";
import { toolsPlace } from "#app/tools/tool-setting";
import { toolchainOf } from "#app/tools/toolchain-of";
import type { ToolWork } from "#app/tools/tool-work";

/** One version on the disk. */
export interface InstalledVersion {
  readonly tool: string;
  readonly version: string;
  /** The folder of the installation, or of the link to one. */
  readonly folder: string;
  /** Where the programs are: elsewhere for a link. */
  readonly home: string;
}

/** All installations, by tool, the newest first. */
export async function installedVersions(host: Host): Promise<readonly InstalledVersion[]> {
  const { folder } = toolsPlace(host);
  const found: InstalledVersion[] = [];
  for (const tool of await namesIn(folder)) {
    if (tool.startsWith(".")) continue;
    const versions: InstalledVersion[] = [];
    for (const version of await namesIn(`${folder}/${tool}`)) {
      if (version.startsWith(".")) continue;
      const place = `${folder}/${tool}/${version}`;
      const installed = await installedAt(place);
      if (installed !== undefined)
        versions.push({
          tool: installed.tool,
          version: installed.version,
          folder: place,
          home: installed.home,
        });
    }
    found.push(...newestFirst(versions));
  }
  return found;
}

const namesIn = async (folder: string): Promise<readonly string[]> =>
  fileSystem()
    .readdir(folder)
    .then((names) => names.toSorted())
    .catch(() => []);

/** Installs what nobody pins, without writing a lock. Gives its folder. */
export async function installUnpinned(
  request: ToolRequest,
  work: ToolWork,
): Promise<Result<InstalledVersion, Diagnostic>> {
  const at = { work, path: [] };
  const resolved = await resolveOne(request, work, []);
  if (!resolved.ok) return err(failureAt(request, resolved.error));
  const installed = await installOne(request, { ...resolved.value, isLocked: false }, at);
  if (!installed.ok) return err(failureAt(request, installed.error));
  const { version } = installed.value;
  const folder = toolsPlace(work.setting.host).home({ tool: request.tool, version });
  return ok({
    tool: toolLabel(request.tool),
    version,
    folder,
    home: (await installedAt(folder))?.home ?? folder,
  });
}

/** The installed versions that a word of the command line means: `node@22` all of 22, `node` all there are. */
export async function meantVersions(
  request: ToolRequest,
  isExact: boolean,
  host: Host,
): Promise<Result<readonly InstalledVersion[], Diagnostic>> {
  const label = toolLabel(request.tool);
  const all = await installedVersions(host);
  const own = all.filter(({ tool }) => tool === label);
  const wanted = parseVersionRequest(request.request);
  const meant = own.filter(
    ({ version }) =>
      !isExact || version === request.request || (wanted !== undefined && fitsRequest(version, wanted)),
  );
  if (meant.length > 0) return ok(meant);
  const installed = (own.length > 0 ? own : all).map(({ tool, version }) => `${tool}@${version}`);
  const tool = isExact ? `${label}@${request.request}` : label;
  return err({
    code: "E423",
    severity: "error",
    data: { tool, installed: installed.length === 0 ? "none" : installed },
  });
}

/** Removes an installation, or the link to one. Nobody else finds it from the first moment on. */
export async function removeInstalled(
  { tool, version, folder }: InstalledVersion,
  host: Host,
): Promise<Result<void, Diagnostic>> {
  const place = toolsPlace(host);
  const name = parseToolName(tool);
  const { rename, rm } = fileSystem();
  const lock =
    name === undefined ? `${place.folder}/.locks/removal.lock` : place.lock({ tool: name, version });
  const held = await holdLock(lock, { signal: new AbortController().signal }, async () => {
    const aside = `${folder.slice(0, folder.lastIndexOf("/"))}/.new-removed-${ownPid()}`;
    try {
      await rename(folder, aside);
      await rm(aside, { recursive: true, force: true });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  });
  const reason = held.ok ? held.value : held.error;
  return reason === undefined
    ? ok(undefined)
    : err({ code: "E418", severity: "error", data: { tool: `${tool} ${version}`, reason } });
}

export interface LinkPlace {
  /** Where the installation is. */
  readonly target: string;
  /** Look whether it can be linked, and write nothing. */
  readonly isDry: boolean;
}

/** Makes an installation of the user's own usable as a version. */
export async function linkInstalled(
  request: ToolRequest,
  { target, isDry }: LinkPlace,
  work: ToolWork,
): Promise<Result<InstalledVersion, Diagnostic>> {
  const { tool, request: version } = request;
  const label = toolLabel(tool);
  const cannot = (reason: string): Result<InstalledVersion, Diagnostic> =>
    err({ code: "E424", severity: "error", data: { tool: `${label}@${version}`, reason } });
  const { stat, mkdir } = fileSystem();
  const isFolder = (path: string): Promise<boolean> =>
    stat(path)
      .then((entry) => entry.isDirectory())
      .catch(() => false);
  if (!(await isFolder(target))) return cannot(`${target} is no folder`);
  const toolchain = await toolchainOf(request, work.platform);
  const layout = toolchain?.layout(work.platform, version);
  const usual = layout === undefined || layout.bin === "auto" ? ["bin"] : layout.bin;
  const bin = (await isFolder(`${target}/${usual[0] ?? "bin"}`)) ? usual : ["."];
  const folder = toolsPlace(work.setting.host).home({ tool, version });
  if ((await installedAt(folder)) !== undefined) return cannot(`it is installed already, in ${folder}`);
  if (isDry) return ok({ tool: label, version, folder, home: target });
  const installed: InstalledTool = { v: 1, tool: label, version, home: target, bin, env: layout?.env ?? {} };
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    return cannot(error instanceof Error ? error.message : String(error));
  }
  const marked = await markInstalled(folder, installed);
  return marked.ok ? ok({ tool: label, version, folder, home: target }) : cannot(marked.error);
}

/** Installations that no lock known to this machine pins; links are the user's own and stay. */
export async function unusedVersions(host: Host): Promise<readonly InstalledVersion[]> {
  const used = new Set<string>();
  for (const path of await knownLocks(host)) {
    const lock = await readLockFile(path);
    // What can't be read may pin anything.
    if (!lock.ok) return [];
    for (const { tool, version } of lock.value.tools) used.add(`${tool}@${version}`);
  }
  return (await installedVersions(host)).filter(
    ({ tool, version, folder, home }) => folder === home && !used.has(`${tool}@${version}`),
  );
}
