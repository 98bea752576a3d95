import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { archiveFormat, archiveName } from "#core/toolchain/archive-format";
import type { InstalledTool } from "#core/toolchain/installed-tool";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolLayout } from "#core/toolchain/toolchain";
import { fileSystem } from "#system/runtime-modules";
import { downloadFile, forget } from "./download-file";
import type { Downloaded } from "./download-file";
import { extractArchive } from "./extract-archive";
import type { FetchContext } from "./follow-redirects";
import { shownUrl } from "./follow-redirects";
import { holdLock } from "./hold-lock";
import { installedAt, markInstalled } from "./installed-tools";
import { fetchFailure, systemFailure } from "./tool-failure";
import type { ToolFailure } from "./tool-failure";
import type { ToolsPlace, ToolVersionName } from "./tools-place";

export interface ArchiveInstall extends ToolVersionName {
  /** Where it is downloaded from; a mirror's address where there is one. */
  readonly url: string;
  /** The publisher's name of the archive, which says its format. */
  readonly official: string;
  /** What the archive has to have; where nobody says it, whatever it has. */
  readonly sha256?: string;
  /** The same where only that is published. */
  readonly sha512?: string;
  readonly layout: ToolLayout;
}

/** What happens to a tool on its way. Bytes are those received, or unpacked. */
export type InstallEvent = { readonly tool: string; readonly version: string } & (
  | { readonly kind: "waiting" | "installed" | "failed" }
  | { readonly kind: "downloading"; readonly bytes: number; readonly total: number | undefined }
  | { readonly kind: "unpacking"; readonly bytes: number }
  /** A registry's client is at work. */
  | { readonly kind: "building" }
);

export interface InstallContext {
  readonly place: ToolsPlace;
  readonly fetch: FetchContext;
  readonly report: (event: InstallEvent) => void;
}

export interface Installed {
  readonly home: string;
  readonly tool: InstalledTool;
  /** Of the archive it came from, where that is known. */
  readonly sha256?: string;
}

/**
 * Installs a tool from an archive: downloaded, compared with its digest, unpacked beside its place and renamed into it.
 * Of several processes one does it and the others find it done. A failure leaves nothing but, where the connection
 * broke, the part of the archive that has come.
 */
export async function installArchive(
  install: ArchiveInstall,
  context: InstallContext,
): Promise<Result<Installed, ToolFailure>> {
  const { place, fetch } = context;
  const tool = toolLabel(install.tool);
  const home = place.home(install);
  const onWait = (): void => context.report({ kind: "waiting", tool, version: install.version });
  const held = await holdLock(place.lock(install), { signal: fetch.signal, onWait }, async () => {
    const found = await installedAt(home);
    const isMeant =
      found?.sha256 === undefined || install.sha256 === undefined || found.sha256 === install.sha256;
    if (found !== undefined && isMeant) return ok<Installed>(resultOf(found, home));
    return fetchAndUnpack(install, context);
  });
  return held.ok
    ? held.value
    : err<ToolFailure>({ code: "E418", data: { tool: `${tool} ${install.version}`, reason: held.error } });
}

const resultOf = (tool: InstalledTool, home: string): Installed => ({
  home,
  tool,
  ...(tool.sha256 === undefined ? {} : { sha256: tool.sha256 }),
});

async function fetchAndUnpack(
  install: ArchiveInstall,
  context: InstallContext,
): Promise<Result<Installed, ToolFailure>> {
  const { place, report } = context;
  const { url, version } = install;
  const tool = toolLabel(install.tool);
  const archive = place.download(install, url);
  const staging = place.staging(install);
  const { rm, rename, mkdir } = fileSystem();
  const name = `${tool} ${version}`;
  try {
    await clearStaging(install, place);
    await mkdir(archive.slice(0, archive.lastIndexOf("/")), { recursive: true });
    const onProgress = (bytes: number, total: number | undefined): void =>
      report({ kind: "downloading", tool, version, bytes, total });
    const withSha512 = install.sha512 !== undefined;
    const downloaded = await downloadFile({ url, path: archive, onProgress, withSha512 }, context.fetch);
    if (!downloaded.ok) return err(fetchFailure(name, downloaded.error));
    const { sha256 } = downloaded.value;
    const other = otherDigest(install, downloaded.value);
    if (other !== undefined) {
      await forget(archive);
      return err({ code: "E416", data: { tool: name, url: shownUrl(url), ...other } });
    }
    const installed = await unpackInto(staging, { install, archive, context, sha256 });
    await forget(archive);
    if (!installed.ok) return installed;
    await rename(staging, place.home(install));
    return ok(resultOf(installed.value, place.home(install)));
  } catch (error) {
    // What fills a disk must not go on filling it.
    await forget(archive).catch(() => undefined);
    return err(systemFailure(name, error));
  } finally {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** How a file is another one than was to be downloaded; undefined where it is not. */
function otherDigest(
  { sha256, sha512 }: ArchiveInstall,
  found: Downloaded,
): { readonly kind: string; readonly expected: string; readonly found: string } | undefined {
  if (sha256 !== undefined && found.sha256 !== sha256)
    return { kind: "SHA-256", expected: sha256, found: found.sha256 };
  if (sha512 !== undefined && found.sha512 !== sha512)
    return { kind: "SHA-512", expected: sha512, found: found.sha512 ?? "" };
  return undefined;
}

/** What processes that were killed have left, and what is no installation at the tool's own place. */
async function clearStaging(install: ArchiveInstall, place: ToolsPlace): Promise<void> {
  const { mkdir, readdir, rm } = fileSystem();
  const folder = place.versions(install.tool);
  await mkdir(folder, { recursive: true });
  const prefix = place.stagingPrefix(install.version);
  for (const name of await readdir(folder))
    if (name.startsWith(prefix)) await rm(`${folder}/${name}`, { recursive: true, force: true });
  await rm(place.home(install), { recursive: true, force: true });
}

interface Unpacking {
  readonly install: ArchiveInstall;
  readonly archive: string;
  readonly context: InstallContext;
  readonly sha256: string;
}

async function unpackInto(
  staging: string,
  { install, archive, context, sha256 }: Unpacking,
): Promise<Result<InstalledTool, ToolFailure>> {
  const { version, layout, official } = install;
  const tool = toolLabel(install.tool);
  const { copyFile, chmod, mkdir } = fileSystem();
  const format = archiveFormat(official);
  await mkdir(staging, { recursive: true });
  let bytes = 0;
  const onBytes = (count: number): void => {
    bytes += count;
    context.report({ kind: "unpacking", tool, version, bytes });
  };
  if (format === "file") {
    const program = `${staging}/${layout.file ?? archiveName(official)}`;
    await copyFile(archive, program);
    await chmod(program, 0o755);
  } else {
    const { signal } = context.fetch;
    const extracted = await extractArchive({ archive, format, folder: staging, layout, onBytes, signal });
    if (!extracted.ok) {
      const { kind, reason } = extracted.error;
      return err({
        code: kind === "archive" ? "E417" : "E418",
        data: { tool: `${tool} ${version}`, url: shownUrl(install.url), reason },
      });
    }
  }
  const root = layout.strip === "auto" ? await soleFolder(staging) : ".";
  const bin = layout.bin === "auto" ? [await programFolder(staging, root)] : layout.bin;
  const missing = await firstMissing(staging, bin);
  if (missing !== undefined) {
    const reason = `it holds no folder '${missing}'`;
    return err({ code: "E417", data: { tool: `${tool} ${version}`, url: shownUrl(install.url), reason } });
  }
  const installed: InstalledTool = { v: 1, tool, version, bin, env: layout.env ?? {}, sha256 };
  const marked = await markInstalled(staging, installed);
  return marked.ok
    ? ok(installed)
    : err({ code: "E418", data: { tool: `${tool} ${version}`, reason: marked.error } });
}

/** The one folder that everything lies in; the folder itself where there are several things. */
async function soleFolder(folder: string): Promise<string> {
  const entries = await fileSystem().readdir(folder, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only?.isDirectory() === true && only.name !== "bin" ? only.name : ".";
}

async function programFolder(folder: string, root: string): Promise<string> {
  const { stat } = fileSystem();
  const bin = root === "." ? "bin" : `${root}/bin`;
  const found = await stat(`${folder}/${bin}`).catch(() => undefined);
  return found?.isDirectory() === true ? bin : root;
}

async function firstMissing(folder: string, bin: readonly string[]): Promise<string | undefined> {
  const [first] = bin;
  if (first === undefined) return undefined;
  const found = await fileSystem()
    .stat(`${folder}/${first}`)
    .catch(() => undefined);
  return found?.isDirectory() === true ? undefined : first;
}
