import type { IndexPage, Release, Toolchain } from "#core/toolchain/toolchain";
import { jsonOf, textAt, valueAt } from "./manifest-value";
import { soleVersion } from "./sole-version";

const DOWNLOADS = "https://github.com/oven-sh/bun/releases/download";
const API = "https://api.github.com/repos/oven-sh/bun";
const PAGE = 100;

/** The archives of Bun's releases on GitHub. */
export const bunToolchain: Toolchain = {
  name: "bun",
  displayName: "Bun",
  sites: [DOWNLOADS, API],
  platforms: {
    "linux-x64": "linux-x64",
    "linux-arm64": "linux-aarch64",
    "linux-x64-musl": "linux-x64-musl",
    "linux-arm64-musl": "linux-aarch64-musl",
    "darwin-x64": "darwin-x64",
    "darwin-arm64": "darwin-aarch64",
    "windows-x64": "windows-x64",
  },
  index: () => [`${API}/releases?per_page=${PAGE}`],
  readIndex,
  archive: ({ version }, platform) => {
    const name = bunToolchain.platforms[platform];
    if (name === undefined) return undefined;
    const folder = `${DOWNLOADS}/bun-v${version}`;
    return { url: `${folder}/bun-${name}.zip`, checksums: `${folder}/SHASUMS256.txt` };
  },
  layout: () => ({ strip: 1, bin: ["."] }),
  versionFiles: [
    { name: ".bun-version", read: (text) => soleVersion(text) },
    {
      name: "package.json",
      read: (text) =>
        /^bun@([^+]+)/.exec(textAt(jsonOf(text), "packageManager") ?? "")?.[1] ??
        textAt(jsonOf(text), "engines", "bun"),
    },
  ],
};

function readIndex(text: string): IndexPage {
  const listed = jsonOf(text);
  if (!Array.isArray(listed)) return { releases: [] };
  return {
    releases: listed.flatMap((item): readonly Release[] => {
      const version = /^bun-v(\d.*)$/.exec(textAt(item, "tag_name") ?? "")?.[1];
      if (version === undefined || valueAt(item, "draft") === true) return [];
      return [{ version, isPreview: valueAt(item, "prerelease") === true }];
    }),
  };
}
