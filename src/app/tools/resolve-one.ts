import { suggest } from "#base/suggest";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { chooseRelease, shownVersions } from "#core/toolchain/choose-release";
import type { LockedTool } from "#core/toolchain/lock-file";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolRequest } from "#core/toolchain/tool-request";
import type { ArchiveSource, Toolchain } from "#core/toolchain/toolchain";
import { parseVersionRequest } from "#core/toolchain/version-request";
import { resolveRelease } from "#engine/toolchain/resolve-release";
import type { ToolFailure } from "#engine/toolchain/tool-failure";
import { packageBackend, packageClient } from "./package-client";
import type { ToolWork } from "./tool-work";
import { mirrorOf } from "./tool-setting";
import { toolInstead } from "#languages/find-toolchain";
import { toolchainNames, toolchainOf } from "./toolchain-of";

/** What a request has been found to mean. */
export interface ResolvedTool {
  readonly locked: LockedTool;
  /** The archive for this platform, where nobody says its digest. */
  readonly unverified?: ArchiveSource;
}

/** Looks up which version is meant, and its archives. */
export async function resolveOne(
  request: ToolRequest,
  work: ToolWork,
  path: readonly string[],
): Promise<Result<ResolvedTool, ToolFailure>> {
  const { tool, sha256 } = request;
  const label = toolLabel(tool);
  const backend = packageBackend(tool);
  if (backend !== undefined) {
    const client = packageClient(tool, backend, { work, path });
    if (!client.ok) return client;
    const releases = await backend.releases(tool.name, request.request, client.value);
    if (!releases.ok) return releases;
    const wanted = parseVersionRequest(request.request) ?? { kind: "latest" as const };
    // Registries know no long-term support.
    const chosen = chooseRelease(releases.value, wanted.kind === "lts" ? { kind: "latest" } : wanted);
    return chosen.ok
      ? ok({ locked: { tool: label, request: request.request, version: chosen.value.version, archives: {} } })
      : err({
          code: "E412",
          data: { tool: label, request: request.request, nearest: shownVersions(chosen.error) },
          suggestions: chosen.error,
        });
  }
  const toolchain = await toolchainOf(request, work.platform);
  if (toolchain === undefined) return err(await unknownTool(label));
  const question = {
    toolchain,
    label,
    request: request.request,
    platform: work.platform,
    mirror: mirrorOf(request, work.setting.host),
  };
  if (tool.backend === "url") return ok(resolveUrl(toolchain, request, work.platform));
  return resolveRelease({ ...question, ...(sha256 === undefined ? {} : { sha256 }) }, work.fetch);
}

/** Why there is no toolchain of that name: there can be none, or nobody knows it. */
export async function unknownTool(name: string): Promise<ToolFailure> {
  const other = await toolInstead(name);
  if (other !== undefined) return { code: "E427", data: { name, reason: other.why, instead: other.instead } };
  const known = await toolchainNames();
  return {
    code: "E410",
    data: { name, known: known.toSorted(), knownKind: "tools" },
    suggestions: suggest(name, known),
    hint: `other programs say where they come from: "npm:${name}", "pypi:${name}", "cargo:${name}", "github:OWNER/${name}"`,
  };
}

/** Its version is the one that is written, and so is all else that is known of it. */
function resolveUrl(
  toolchain: Toolchain,
  { tool, request, sha256 }: ToolRequest,
  platform: string,
): ResolvedTool {
  const source = toolchain.archive?.({ version: request }, platform) ?? { url: "" };
  const archives = sha256 === undefined ? {} : { [platform]: { url: source.url, sha256 } };
  const locked = { tool: toolLabel(tool), request, version: request, archives };
  return sha256 === undefined ? { locked, unverified: source } : { locked };
}
