import { jsonOf } from "#base/json-of";
import { listAt, textAt, valueAt } from "#base/value-at";
import type { IndexPage, IndexPageQuestion, Release } from "#core/toolchain/toolchain";
import { fitsRequest, parseVersionRequest } from "#core/toolchain/version-request";

const PAGE = 100;

/** A release of a repository of GitHub. */
export interface GithubRelease {
  readonly tag: string;
  readonly isPreview: boolean;
  /** Names of its files. */
  readonly files: readonly string[];
}

/** The API's address of a repository's newest releases (docs.github.com, "List releases"). */
export const githubReleasesUrl = (repository: string): string =>
  `https://api.github.com/repos/${repository}/releases?per_page=${PAGE}`;

/**
 * The releases that a page of the API lists. It leads to the next one only while nothing that fits has been found: those
 * who have no token may ask for few pages an hour.
 */
export function githubReleases(
  text: string,
  { url, request }: IndexPageQuestion,
  releasesOf: (release: GithubRelease) => readonly Release[],
): IndexPage {
  const listed = jsonOf(text);
  const items: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const releases = items.flatMap((item): readonly Release[] => {
    const tag = textAt(item, "tag_name");
    if (tag === undefined || valueAt(item, "draft") === true) return [];
    const isPreview = valueAt(item, "prerelease") === true;
    return releasesOf({
      tag,
      isPreview,
      files: listAt(item, "assets").flatMap((asset) => textAt(asset, "name") ?? []),
    });
  });
  const wanted = parseVersionRequest(request);
  const isFound = wanted === undefined || releases.some(({ version }) => fitsRequest(version, wanted));
  return { releases, ...(items.length < PAGE || isFound ? {} : { more: [nextPage(url)] }) };
}

function nextPage(url: string): string {
  const [, page] = /&page=(\d+)$/.exec(url) ?? [];
  return `${url.replace(/&page=\d+$/, "")}&page=${Number(page ?? 1) + 1}`;
}
