import type { Toolchain } from "#core/toolchain/toolchain";
import { jsonOf } from "#base/json-of";
import { textAt } from "#base/value-at";
import { githubReleases, githubReleasesUrl } from "./github-releases";
import { soleVersion } from "./sole-version";

const REPOSITORY = "oven-sh/bun";
const DOWNLOADS = `https://github.com/${REPOSITORY}/releases/download`;
const API = `https://api.github.com/repos/${REPOSITORY}`;

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
  index: () => [githubReleasesUrl(REPOSITORY)],
  readIndex: (text, page) =>
    githubReleases(text, page, ({ tag, isPreview }) => {
      const version = /^bun-v(\d.*)$/.exec(tag)?.[1];
      return version === undefined ? [] : [{ version, isPreview }];
    }),
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
