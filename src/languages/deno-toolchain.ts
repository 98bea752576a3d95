import type { Toolchain } from "#core/toolchain/toolchain";
import { jsonOf } from "#base/json-of";
import { textsAt } from "#base/value-at";
import { soleVersion } from "./sole-version";

const SITE = "https://github.com/denoland/deno/releases/download";
const LIST = "https://deno.com";

/** The archives of Deno's releases. */
export const denoToolchain: Toolchain = {
  name: "deno",
  displayName: "Deno",
  sites: [SITE, LIST],
  platforms: {
    "linux-x64": "x86_64-unknown-linux-gnu",
    "linux-arm64": "aarch64-unknown-linux-gnu",
    "darwin-x64": "x86_64-apple-darwin",
    "darwin-arm64": "aarch64-apple-darwin",
    "windows-x64": "x86_64-pc-windows-msvc",
  },
  index: () => [`${LIST}/versions.json`],
  readIndex: (text) => ({
    releases: textsAt(jsonOf(text), "cli").map((tag) => ({ version: tag.replace(/^v/, "") })),
  }),
  archive: ({ version }, platform) => {
    const triple = denoToolchain.platforms[platform];
    if (triple === undefined) return undefined;
    const url = `${SITE}/v${version}/deno-${triple}.zip`;
    return { url, checksums: `${url}.sha256sum` };
  },
  layout: () => ({ strip: 0, bin: ["."] }),
  versionFiles: [{ name: ".dvmrc", read: (text) => soleVersion(text) }],
};
