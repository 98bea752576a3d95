import type { ArchiveSource, IndexPage, Release, Toolchain } from "#core/toolchain/toolchain";
import { jsonOf } from "#base/json-of";
import { isTable, textAt } from "#base/value-at";
import { soleVersion } from "./sole-version";

const SITE = "https://ziglang.org";

const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x64": "x86_64-linux",
  "linux-arm64": "aarch64-linux",
  // Its programs are linked statically.
  "linux-x64-musl": "x86_64-linux",
  "linux-arm64-musl": "aarch64-linux",
  "darwin-x64": "x86_64-macos",
  "darwin-arm64": "aarch64-macos",
  "windows-x64": "x86_64-windows",
  "windows-arm64": "aarch64-windows",
};

/** The archives of ziglang.org/download. */
export const zigToolchain: Toolchain = {
  name: "zig",
  displayName: "Zig",
  sites: [SITE],
  platforms: PLATFORMS,
  index: () => [`${SITE}/download/index.json`],
  readIndex,
  layout: () => ({ strip: 1, bin: ["."] }),
  versionFiles: [
    { name: ".zigversion", read: (text) => soleVersion(text) },
    { name: "build.zig.zon", read: (text) => /\.minimum_zig_version\s*=\s*"([^"]+)"/.exec(text)?.[1] },
  ],
};

/** Releases by version; `master` is the newest development build. */
function readIndex(text: string): IndexPage {
  const listed = jsonOf(text);
  if (!isTable(listed)) return { releases: [] };
  return {
    releases: Object.entries(listed).flatMap(([key, entry]): readonly Release[] => {
      const version = key === "master" ? textAt(entry, "version") : key;
      if (version === undefined || !/^\d/.test(version)) return [];
      const archives = Object.fromEntries(
        Object.entries(PLATFORMS).flatMap(([platform, name]): [string, ArchiveSource][] => {
          const url = textAt(entry, name, "tarball");
          const sha256 = textAt(entry, name, "shasum");
          if (url?.startsWith(`${SITE}/`) !== true) return [];
          return [[platform, { url, ...(sha256 === undefined ? {} : { sha256 }) }]];
        }),
      );
      return [{ version, isPreview: key === "master", archives }];
    }),
  };
}
