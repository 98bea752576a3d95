import { jsonOf } from "#base/json-of";
import { chooseAsset } from "./asset-choice";
import { TOOL_PLATFORMS } from "./tool-platforms";
import type { ArchiveSource, IndexPage, Release, Toolchain } from "./toolchain";

const PAGE = 100;

/** The files that a repository of GitHub offers with its releases; which one is meant is read off their names. */
export function githubToolchain(repository: string): Toolchain {
  const downloads = `https://github.com/${repository}/releases/download`;
  const api = `https://api.github.com/repos/${repository}`;
  return {
    name: `github:${repository}`,
    displayName: repository,
    sites: [downloads, api],
    platforms: Object.fromEntries(TOOL_PLATFORMS.map((platform) => [platform, platform])),
    index: () => [`${api}/releases?per_page=${PAGE}`],
    readIndex: (text) => readReleases(text, `${downloads}/`),
    layout: (platform) => ({
      strip: "auto",
      bin: "auto",
      file: `${repository.slice(repository.indexOf("/") + 1)}${platform.startsWith("windows") ? ".exe" : ""}`,
    }),
  };
}

function readReleases(text: string, downloads: string): IndexPage {
  const listed = jsonOf(text);
  return {
    releases: (Array.isArray(listed) ? listed : []).flatMap((item): readonly Release[] => {
      const tag = field(item, "tag_name");
      if (typeof tag !== "string" || field(item, "draft") === true) return [];
      const assets = field(item, "assets");
      const sources = new Map(
        (Array.isArray(assets) ? assets : []).flatMap((asset) => sourceOf(asset, downloads)),
      );
      const archives = Object.fromEntries(
        TOOL_PLATFORMS.flatMap((platform) => {
          const source = sources.get(chooseAsset([...sources.keys()], platform) ?? "");
          return source === undefined ? [] : [[platform, source]];
        }),
      );
      const version = /(?:^|[^0-9A-Za-z.])v?(\d+(?:\.\d+)+\S*)$|^v?(\d\S*)$/.exec(tag);
      return [
        {
          version: version?.[1] ?? version?.[2] ?? tag,
          isPreview: field(item, "prerelease") === true,
          archives,
        },
      ];
    }),
  };
}

function sourceOf(asset: unknown, downloads: string): [string, ArchiveSource][] {
  const [name, url, digest] = ["name", "browser_download_url", "digest"].map((key) => field(asset, key));
  if (typeof name !== "string" || typeof url !== "string" || !url.startsWith(downloads)) return [];
  const sha256 = typeof digest === "string" ? /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] : undefined;
  return [[name, { url, ...(sha256 === undefined ? {} : { sha256 }) }]];
}

const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
