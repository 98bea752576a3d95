import { jsonOf } from "#base/json-of";
import { listAt, textAt } from "#base/value-at";
import type { ArchiveSource, IndexPageQuestion, Release, Toolchain } from "#core/toolchain/toolchain";
import { dotnetProject } from "./dotnet-project";

const SITE = "https://builds.dotnet.microsoft.com/dotnet";
const OLDER_SITE = "https://download.visualstudio.microsoft.com/download";
const INDEX = `${SITE}/release-metadata/releases-index.json`;

const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "linux-x64-musl": "linux-musl-x64",
  "linux-arm64-musl": "linux-musl-arm64",
  "darwin-x64": "osx-x64",
  "darwin-arm64": "osx-arm64",
  "windows-x64": "win-x64",
  "windows-arm64": "win-arm64",
};

/** The SDK's archives by Microsoft's release metadata (github.com/dotnet/core, "release-notes"), with their SHA-512. */
export const dotnetToolchain: Toolchain = {
  name: "dotnet",
  displayName: ".NET",
  aliases: ["dotnet-sdk"],
  sites: [SITE, OLDER_SITE],
  platforms: PLATFORMS,
  index: () => [INDEX],
  readIndex: (text, page) =>
    page.url === INDEX
      ? { releases: [], more: channelPages(jsonOf(text), page) }
      : { releases: releasesIn(jsonOf(text)) },
  layout: () => ({ strip: 0, bin: ["."], env: { DOTNET_ROOT: "." } }),
  versionFiles: dotnetProject.versionFiles ?? [],
};

/** The pages of the channels that the request may be about: each is long. */
function channelPages(index: unknown, { request }: IndexPageQuestion): readonly string[] {
  const channels = listAt(index, "releases-index").flatMap((item) => {
    const [version, page] = [textAt(item, "channel-version"), textAt(item, "releases.json")];
    return version === undefined || page?.startsWith(`${SITE}/`) !== true
      ? []
      : [
          {
            version,
            page,
            isLts: textAt(item, "release-type") === "lts",
            isPreview: /^(?:preview|go-live)$/.test(textAt(item, "support-phase") ?? ""),
          },
        ];
  });
  const newest = (some: typeof channels): readonly string[] => some.slice(0, 1).map(({ page }) => page);
  // The list has the newest channel first.
  if (request === "latest") return newest(channels.filter(({ isPreview }) => !isPreview));
  if (request === "lts") return newest(channels.filter(({ isPreview, isLts }) => isLts && !isPreview));
  // A range may be about several.
  const wanted = /[|<>^~,\s]/.test(request) ? undefined : /^=?v?(\d+(?:\.\d+)?)/.exec(request)?.[1];
  const meant = channels.filter(
    ({ version }) => wanted !== undefined && `${version}.`.startsWith(`${wanted}.`),
  );
  return (meant.length > 0 ? meant : channels).map(({ page }) => page);
}

/** Each release of a channel has the SDKs that came with it. */
function releasesIn(channel: unknown): readonly Release[] {
  const lts = textAt(channel, "release-type") === "lts";
  return listAt(channel, "releases").flatMap((release) =>
    listAt(release, "sdks").flatMap((sdk): readonly Release[] => {
      const version = textAt(sdk, "version");
      if (version === undefined) return [];
      return [{ version, lts, isPreview: version.includes("-"), archives: archivesOf(sdk) }];
    }),
  );
}

function archivesOf(sdk: unknown): Readonly<Record<string, ArchiveSource>> {
  const files = listAt(sdk, "files");
  return Object.fromEntries(
    Object.entries(PLATFORMS).flatMap(([platform, rid]): [string, ArchiveSource][] => {
      const file = files.find(
        (one) =>
          textAt(one, "rid") === rid && /^dotnet-sdk-.*\.(?:tar\.gz|zip)$/.test(textAt(one, "name") ?? ""),
      );
      const [url, hash] = [textAt(file, "url"), textAt(file, "hash")];
      const isPublishers = dotnetToolchain.sites.some((site) => url?.startsWith(`${site}/`));
      return url === undefined || !isPublishers || hash === undefined || !/^[0-9a-f]{128}$/i.test(hash)
        ? []
        : [[platform, { url, sha512: hash.toLowerCase() }]];
    }),
  );
}
