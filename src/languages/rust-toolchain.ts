import type { IndexPage, Toolchain } from "#core/toolchain/toolchain";
import { TARGET_TRIPLES } from "./target-triples";

const SITE = "https://static.rust-lang.org";

/** The stand-alone archives of static.rust-lang.org, which hold the compiler, Cargo and what usually comes with them. */
export const rustToolchain: Toolchain = {
  name: "rust",
  displayName: "Rust",
  aliases: ["rustc"],
  sites: [SITE],
  platforms: TARGET_TRIPLES,
  index: () => [`${SITE}/manifests.txt`],
  readIndex,
  archive: ({ version }, platform) => {
    const triple = rustToolchain.platforms[platform];
    if (triple === undefined) return undefined;
    const url = `${SITE}/dist/rust-${version}-${triple}.tar.xz`;
    return { url, checksums: `${url}.sha256` };
  },
  // `rust-1.75.0-triple/rustc/bin/rustc`: each component has a tree of its own, and all go into one.
  layout: () => ({
    strip: 2,
    skip: (name) =>
      /^[^/]+\/(?:rust-docs(?:-json-preview)?\/|[^/]*$)|^[^/]+\/[^/]+\/manifest\.in$/.test(name),
    bin: ["bin"],
  }),
  versionFiles: [
    { name: "rust-toolchain.toml", read: channel },
    { name: "rust-toolchain", read: (text) => channel(text) ?? plainChannel(text.trim()) },
  ],
};

/** Lines such as `static.rust-lang.org/dist/2023-12-28/channel-rust-1.75.0.toml`. */
function readIndex(text: string): IndexPage {
  const versions = new Set(
    [...text.matchAll(/\/channel-rust-(\d+\.\d+\.\d+)\.toml/g)].map(([, version = ""]) => version),
  );
  return { releases: [...versions].map((version) => ({ version })) };
}

function channel(text: string): string | undefined {
  return plainChannel(/^\s*channel\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] ?? "");
}

function plainChannel(name: string): string | undefined {
  return name === "stable" ? "latest" : /^\d+(?:\.\d+){0,2}$/.exec(name)?.[0];
}
