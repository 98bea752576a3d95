import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { archiveName } from "#core/toolchain/archive-format";
import { checksumIn } from "#core/toolchain/checksum-text";
import { chooseRelease, shownVersions } from "#core/toolchain/choose-release";
import { isSha256 } from "#core/toolchain/lock-file";
import type { LockedArchive, LockedTool } from "#core/toolchain/lock-file";
import { mirrored } from "#core/toolchain/mirrored";
import type { ArchiveSource, Release, Toolchain } from "#core/toolchain/toolchain";
import { parseVersionRequest } from "#core/toolchain/version-request";
import { fetchText } from "./fetch-text";
import type { FetchContext } from "./follow-redirects";
import { listReleases } from "./list-releases";
import { fetchFailure } from "./tool-failure";
import type { ToolFailure } from "./tool-failure";

export interface ReleaseQuestion {
  readonly toolchain: Toolchain;
  /** How lock files and people call the tool. */
  readonly label: string;
  readonly request: string;
  readonly platform: string;
  readonly mirror: string | undefined;
  /** Digest that the configuration itself gives. */
  readonly sha256?: string;
}

/** What a request means: the entry for the lock, and the archive for this platform where nobody knows its digest. */
export interface ResolvedRelease {
  readonly locked: LockedTool;
  readonly unverified?: ArchiveSource;
}

/** Asks the publisher which version is meant, and for the digests of its archives on every platform. */
export async function resolveRelease(
  question: ReleaseQuestion,
  context: FetchContext,
): Promise<Result<ResolvedRelease, ToolFailure>> {
  const { toolchain, label, request, platform, mirror } = question;
  const wanted = parseVersionRequest(request);
  if (wanted === undefined || wanted.kind === "system") throw new Error("requests have been checked before");
  const listed = await listReleases({ toolchain, request, platform, mirror }, context);
  if (!listed.ok) return listed;
  const chosen = chooseRelease(listed.value, wanted);
  if (!chosen.ok)
    return err({
      code: "E412",
      data: { tool: label, request, nearest: shownVersions(chosen.error) },
      suggestions: chosen.error,
    });
  const release = chosen.value;
  const own = archiveOf(toolchain, release, platform);
  if (own === undefined) {
    const published = Object.keys(toolchain.platforms).filter(
      (name) => archiveOf(toolchain, release, name) !== undefined,
    );
    return err({ code: "E413", data: { tool: `${label} ${release.version}`, platform, published } });
  }
  const archives = await digestsOf(question, release, context);
  if (!archives.ok) return archives;
  const locked = { tool: label, request, version: release.version, archives: archives.value };
  return ok(archives.value[platform] === undefined ? { locked, unverified: own } : { locked });
}

const archiveOf = ({ archive }: Toolchain, release: Release, platform: string): ArchiveSource | undefined =>
  archive === undefined ? release.archives?.[platform] : archive(release, platform);

/** The archives whose digests can be known, by platform. That of this platform has to be told where it is published. */
async function digestsOf(
  { toolchain, label, platform, mirror, sha256: given }: ReleaseQuestion,
  release: Release,
  context: FetchContext,
): Promise<Result<Readonly<Record<string, LockedArchive>>, ToolFailure>> {
  const texts = new Map<string, ReturnType<typeof fetchText>>();
  const textAt = (url: string): ReturnType<typeof fetchText> => {
    const known = texts.get(url) ?? fetchText(mirrored(url, toolchain.sites, mirror), context);
    texts.set(url, known);
    return known;
  };
  const archives: Record<string, LockedArchive> = {};
  const sources = Object.keys(toolchain.platforms).flatMap((name) => {
    const source = archiveOf(toolchain, release, name);
    return source === undefined ? [] : [{ name, source }];
  });
  // All are under way before the first is waited for.
  for (const { source } of sources)
    if (source.sha256 === undefined && source.checksums !== undefined) void textAt(source.checksums);
  for (const { name, source } of sources) {
    const said = name === platform && given !== undefined ? given : source.sha256?.toLowerCase();
    if (said !== undefined && isSha256(said)) archives[name] = { url: source.url, sha256: said };
    else if (source.checksums !== undefined) {
      const text = await textAt(source.checksums);
      const digest = text.ok ? checksumIn(text.value, archiveName(source.url)) : undefined;
      if (digest !== undefined) archives[name] = { url: source.url, sha256: digest };
      // Without the publisher's word nothing of a publisher that gives it is installed.
      else if (name === platform)
        return err(
          fetchFailure(
            `${label} ${release.version}`,
            text.ok
              ? {
                  kind: "other",
                  url: source.checksums,
                  reason: `it has no digest of ${archiveName(source.url)}`,
                }
              : text.error,
          ),
        );
    }
  }
  return ok(archives);
}
