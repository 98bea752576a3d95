import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { isOfArchives } from "#core/toolchain/installed-tool";
import type { LockedTool } from "#core/toolchain/lock-file";
import { mirrored } from "#core/toolchain/mirrored";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolRequest } from "#core/toolchain/tool-request";
import type { ArchiveSource, Toolchain } from "#core/toolchain/toolchain";
import { installArchive } from "#engine/toolchain/install-archive";
import { installPackage } from "#engine/toolchain/install-package";
import { installedAt } from "#engine/toolchain/installed-tools";
import type { ToolFailure } from "#engine/toolchain/tool-failure";
import { packageBackend, packageClient } from "./package-client";
import { placeOf } from "./tool-work";
import type { ToolWork } from "./tool-work";
import { resolveOne, unknownTool } from "./resolve-one";
import type { ResolvedTool } from "./resolve-one";
import { mirrorOf } from "./tool-setting";
import { toolchainOf } from "./toolchain-of";

export interface InstallPlace {
  readonly work: ToolWork;
  /** Folders that are in front of PATH for clients of registries. */
  readonly path: readonly string[];
}

/** Installs what a request has been resolved to, unless it is there. Gives the entry for the lock, now complete. */
export async function installOne(
  request: ToolRequest,
  resolved: ResolvedTool & { readonly isLocked: boolean },
  at: InstallPlace,
): Promise<Result<LockedTool, ToolFailure>> {
  const { work } = at;
  const { tool } = request;
  const { locked } = resolved;
  const { version } = locked;
  const place = placeOf(work);
  const present = await installedAt(place.home({ tool, version }));
  const isThere = present !== undefined && isOfArchives(present, locked.archives);
  // Where nobody says the digest, it has to be known from an installation, which the lock of another project may lack.
  if (isThere && resolved.unverified === undefined) return ok(locked);
  const context = { place, fetch: work.fetch, report: work.report };
  const said = { tool: toolLabel(tool), version };
  const backend = packageBackend(tool);
  if (backend !== undefined) {
    const client = packageClient(tool, backend, at);
    const installed = client.ok
      ? await installPackage({ tool, version, backend, client: client.value }, context)
      : client;
    work.report({ ...said, kind: installed.ok ? "installed" : "failed" });
    return installed.ok ? ok(locked) : installed;
  }
  const archive = await archiveOf(request, resolved, at);
  if (!archive.ok) return archive;
  const toolchain = await toolchainOf(request, work.platform);
  if (toolchain === undefined) return err(await unknownTool(said.tool));
  const { url, sha256, sha512 } = archive.value;
  if (!isPublishers(url, toolchain, { request, version, platform: work.platform }))
    return err({
      code: "E417",
      data: {
        tool: `${said.tool} ${version}`,
        url,
        reason: "zr.lock names another site than the publisher's",
      },
    });
  const installed = await installArchive(
    {
      tool,
      version,
      url: mirrored(url, toolchain.sites, mirrorOf(request, work.setting.host)),
      official: url,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(sha512 === undefined ? {} : { sha512 }),
      layout: toolchain.layout(work.platform, version),
    },
    context,
  );
  if (!isThere) work.report({ ...said, kind: installed.ok ? "installed" : "failed" });
  if (!installed.ok) return installed;
  const found = installed.value.sha256;
  if (locked.archives[work.platform] !== undefined || found === undefined) return ok(locked);
  return ok({ ...locked, archives: { ...locked.archives, [work.platform]: { url, sha256: found } } });
}

/** Whether an address that a lock gives is one of the publisher's: a lock is no place to bring other ones in. */
function isPublishers(
  url: string,
  { sites, archive }: Toolchain,
  {
    request,
    version,
    platform,
  }: { readonly request: ToolRequest; readonly version: string; readonly platform: string },
): boolean {
  if (request.tool.backend === "url") return archive?.({ version }, platform)?.url === url;
  // As it is asked for: `.`, `..` and `\` in it are gone then, unless they are written in a way that only servers read.
  const asked = URL.canParse(url) ? new URL(url).href : "";
  const read = asked.replaceAll(/%2f|%5c/gi, "/").replaceAll(/%2e/gi, ".");
  return sites.some((site) => asked.startsWith(`${site}/`)) && !/\/\.\.(?:\/|$)/.test(read);
}

/** The archive for this platform; a lock that was made elsewhere may lack it. */
async function archiveOf(
  request: ToolRequest,
  { locked, unverified, isLocked }: ResolvedTool & { readonly isLocked: boolean },
  { work, path }: InstallPlace,
): Promise<Result<ArchiveSource, ToolFailure>> {
  const known = locked.archives[work.platform] ?? unverified;
  if (known !== undefined) return ok(known);
  const label = toolLabel(request.tool);
  if (isLocked)
    return err({
      code: "E413",
      data: {
        tool: `${label} ${locked.version}`,
        platform: work.platform,
        published: Object.keys(locked.archives),
      },
    });
  const again = await resolveOne(
    { ...request, request: request.tool.backend === "url" ? request.request : locked.version },
    work,
    path,
  );
  if (!again.ok) return again;
  const found = again.value.locked.archives[work.platform] ?? again.value.unverified;
  return found === undefined
    ? err({
        code: "E413",
        data: {
          tool: `${label} ${locked.version}`,
          platform: work.platform,
          published: Object.keys(again.value.locked.archives),
        },
      })
    : ok(found);
}
