import type { Diagnostic } from "#base/diagnostic";
import { parseDuration } from "#base/duration";
import { releaseKey, releasesUrl } from "#base/release-key";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { version as current } from "#base/version";
import { platformName } from "#core/toolchain/platform";
import { compareToolVersions, parseToolVersion } from "#core/toolchain/tool-version";
import { programOwner } from "#engine/release/program-owner";
import type { ReleaseFailure } from "#engine/release/release-failure";
import { findRelease, RELEASE_VERSION } from "#engine/release/signed-sums";
import type { Release } from "#engine/release/signed-sums";
import { upgradeProgram } from "#engine/release/upgrade-program";
import type { FetchContext } from "#engine/toolchain/follow-redirects";
import type { Host } from "#system/host";
import { selfPath } from "#system/process/self";
import { fileSystem } from "#system/runtime-modules";

export interface UpgradeRequest {
  /** As written, with or without a leading `v`; undefined for the newest. */
  readonly version: string | undefined;
  /** Only look. */
  readonly check: boolean;
  /** Also to an older version, and to the one that is there. */
  readonly force: boolean;
  readonly host: Host;
  readonly signal: AbortSignal;
  /** Told how much of the archive is there. */
  readonly onProgress: (version: string, received: number, total: number | undefined) => void;
}

export interface Upgraded {
  /** The version before. */
  readonly from: string;
  /** The version of the release. */
  readonly to: string;
  /** `newer`: there is a newer one, and it was only looked. */
  readonly state: "current" | "newer" | "older" | "upgraded";
  /** The program. */
  readonly path: string;
}

const TIMEOUT_MS = 30_000;

/** Replaces this program by another release, or looks which one that would be. */
export async function upgrade(request: UpgradeRequest): Promise<Result<Upgraded, Diagnostic>> {
  const { host, check, force } = request;
  const wanted = request.version?.replace(/^v/, "");
  if (wanted !== undefined && !RELEASE_VERSION.test(wanted))
    return refused({ code: "E570", data: { version: request.version ?? "" } });
  const given = (host.env["ZR_RELEASES"] ?? "").replace(/\/+$/, "");
  const base = given === "" ? releasesUrl : given;
  if (releaseKey === undefined || base === undefined)
    return refused({ code: "E560", data: { reason: "it was not built as a release" } });
  const path = await programPath();
  const owner = check ? undefined : await programOwner(path, host.env);
  if (owner !== undefined) return refused({ code: "E561", data: { ...owner } });
  const release = await findRelease(wanted, { base, key: releaseKey }, fetchContext(request));
  if (!release.ok) return refused(release.error);
  const { version } = release.value;
  const state = stateOf(version);
  const found = { from: current, to: version, path };
  if (check || (state === "current" && !force)) return ok({ ...found, state });
  if (state === "older" && !force) return refused({ code: "E568", data: { version, current } });
  const done = await upgradeProgram(upgradeOf(release.value, path, request), fetchContext(request));
  return done.ok ? ok({ ...found, state: "upgraded" }) : refused(done.error);
}

const refused = (failure: ReleaseFailure): Result<never, Diagnostic> =>
  err({ ...failure, severity: "error" });

const fetchContext = ({ host, signal }: UpgradeRequest): FetchContext => ({
  timeoutMs: parseDuration(host.env["ZR_DOWNLOAD_TIMEOUT"] ?? "") ?? TIMEOUT_MS,
  signal,
});

/** How a version stands to this one. */
function stateOf(version: string): "current" | "newer" | "older" {
  const [other, own] = [parseToolVersion(version), parseToolVersion(current)];
  const order = other === undefined || own === undefined ? 0 : compareToolVersions(other, own);
  return order === 0 ? "current" : order > 0 ? "newer" : "older";
}

function upgradeOf(
  release: Release,
  path: string,
  { host, onProgress }: UpgradeRequest,
): Parameters<typeof upgradeProgram>[0] {
  const { os, arch, env } = host;
  return {
    release,
    // Of this program, not of the machine: what runs by emulation goes on doing so.
    platform: platformName({ os, arch }),
    path,
    os,
    env,
    onProgress: (received, total) => onProgress(release.version, received, total),
  };
}

async function programPath(): Promise<string> {
  // So Linux calls a program whose place another one has taken since it was started (proc(5), `/proc/pid/exe`).
  const own = selfPath().replace(/ \(deleted\)$/, "");
  const path = await fileSystem()
    .realpath(own)
    .catch(() => own);
  return path.replaceAll("\\", "/");
}
