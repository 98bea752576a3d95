import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Release } from "./toolchain";
import { newestFirst, parseToolVersion } from "./tool-version";
import { fitsRequest } from "./version-request";
import type { VersionRequest } from "./version-request";

/** Shown of what there is instead. */
const NEAREST = 5;

/** The newest release that is asked for; the nearest versions where there is none, best first. */
export function chooseRelease(
  releases: readonly Release[],
  request: VersionRequest,
): Result<Release, readonly string[]> {
  const fitting = releases.filter(
    (release) =>
      fitsRequest(release.version, request) &&
      (request.kind !== "lts" || release.lts === true) &&
      (release.isPreview !== true || (request.kind === "prefix" && request.text === release.version)),
  );
  // Where a whole version is written, it is meant itself before any longer one that begins with it.
  const exact =
    request.kind === "prefix" ? fitting.find(({ version }) => version === request.text) : undefined;
  // Who has published nothing but previews means those.
  const all = request.kind === "latest" && fitting.length === 0 ? releases : fitting;
  const chosen = exact ?? newestFirst(all)[0];
  return chosen === undefined ? err(nearestVersions(releases, request)) : ok(chosen);
}

/** The newest version of each line near to the one asked for; the newest ones of all where a word or range was asked. */
function nearestVersions(releases: readonly Release[], request: VersionRequest): readonly string[] {
  const sorted = newestFirst(releases.filter(({ isPreview }) => isPreview !== true)).map(
    ({ version }) => version,
  );
  if (request.kind !== "prefix") return sorted.slice(0, NEAREST);
  const wanted = request.version.numbers;
  const scored = sorted.map((version, index) => ({
    version,
    index,
    distance: distanceOf(parseToolVersion(version)?.numbers ?? [], wanted),
  }));
  return scored
    .toSorted((a, b) => compareLists(a.distance, b.distance) || a.index - b.index)
    .slice(0, NEAREST)
    .map(({ version }) => version);
}

const distanceOf = (found: readonly number[], wanted: readonly number[]): readonly number[] =>
  wanted.map((number, index) => Math.abs((found[index] ?? 0) - number));

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Versions as a message has them. */
export const shownVersions = (versions: readonly string[]): readonly string[] =>
  versions.length === 0 ? ["none"] : versions;
