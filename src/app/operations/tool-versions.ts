import type { Diagnostic } from "#base/diagnostic";
import { mapLimited } from "#base/map-limited";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { lockedTool } from "#core/toolchain/lock-file";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolRequest } from "#core/toolchain/tool-request";
import type { Release } from "#core/toolchain/toolchain";
import { newestFirst } from "#core/toolchain/tool-version";
import { fitsRequest, parseVersionRequest } from "#core/toolchain/version-request";
import { listReleases } from "#engine/toolchain/list-releases";
import type { ToolFailure } from "#engine/toolchain/tool-failure";
import { readLocks, requestsHere } from "#app/tools/find-tools";
import { failureAt } from "#app/tools/install-tools";
import { packageBackend, packageClient } from "#app/tools/package-client";
import { resolveOne, unknownTool } from "#app/tools/resolve-one";
import { lockPath, mirrorOf } from "#app/tools/tool-setting";
import type { ToolSetting } from "#app/tools/tool-setting";
import { toolchainOf } from "#app/tools/toolchain-of";
import { toolWork } from "#app/tools/tool-work";
import type { ToolWork, Watched } from "#app/tools/tool-work";

export interface VersionsQuestion {
  readonly setting: ToolSetting;
  readonly watched: Watched;
  /** Only those that the request means. */
  readonly isNarrowed: boolean;
  readonly withPreviews: boolean;
}

/** The versions of a tool that its publisher lists, the newest first. */
export async function remoteVersions(
  request: ToolRequest,
  { setting, watched, isNarrowed, withPreviews }: VersionsQuestion,
): Promise<Result<readonly string[], Diagnostic>> {
  const work = await toolWork(setting, watched);
  const listed = await releasesOf(request, work);
  if (!listed.ok) return err(failureAt(request, listed.error));
  const wanted = isNarrowed ? parseVersionRequest(request.request) : undefined;
  const shown = listed.value.filter(
    ({ version, isPreview, lts }) =>
      (withPreviews || isPreview !== true) &&
      (wanted === undefined || (fitsRequest(version, wanted) && (wanted.kind !== "lts" || lts === true))),
  );
  return ok(newestFirst(shown).map(({ version }) => version));
}

async function releasesOf(
  request: ToolRequest,
  work: ToolWork,
): Promise<Result<readonly Release[], ToolFailure>> {
  const { tool } = request;
  const backend = packageBackend(tool);
  if (backend !== undefined) {
    const client = packageClient(tool, backend, { work, path: [] });
    return client.ok ? backend.releases(tool.name, request.request, client.value) : client;
  }
  const toolchain = await toolchainOf(request, work.platform);
  if (toolchain === undefined) return err(await unknownTool(toolLabel(tool)));
  const mirror = mirrorOf(request, work.setting.host);
  return listReleases({ toolchain, mirror, request: request.request, platform: work.platform }, work.fetch);
}

/** A pinned tool beside what there is. */
export interface ToolAge {
  readonly tool: string;
  readonly request: string;
  /** By the lock; undefined where it has none. */
  readonly current?: string;
  /** The newest version that the request means. */
  readonly wanted: string;
  readonly latest: string;
}

/** What the publishers have for each request; those that are up to date in both senses are not among them. */
export async function outdatedTools(
  requests: readonly ToolRequest[],
  setting: ToolSetting,
  watched: Watched,
): Promise<Result<readonly ToolAge[], readonly Diagnostic[]>> {
  const wanted = requestsHere(requests, setting).filter(({ tool }) => tool.backend !== "url");
  const locks = await readLocks(wanted, setting);
  if (!locks.ok) return locks;
  const work = await toolWork(setting, watched);
  const problems: Diagnostic[] = [];
  const ages = await mapLimited(wanted, 4, async (request): Promise<readonly ToolAge[]> => {
    const [meant, newest] = [
      await resolveOne(request, work, []),
      await resolveOne({ ...request, request: "latest" }, work, []),
    ];
    if (!meant.ok || !newest.ok) {
      problems.push(
        ...[meant, newest].flatMap((one) => (one.ok ? [] : [failureAt(request, one.error)])).slice(0, 1),
      );
      return [];
    }
    const lock = locks.value.get(lockPath(request, setting));
    const tool = toolLabel(request.tool);
    const current = lock === undefined ? undefined : lockedTool(lock, tool, request.request)?.version;
    const age = {
      tool,
      request: request.request,
      wanted: meant.value.locked.version,
      latest: newest.value.locked.version,
    };
    if (current === age.wanted && current === age.latest) return [];
    return [current === undefined ? age : { ...age, current }];
  });
  return problems.length > 0 ? err(problems) : ok(ages.flat());
}
