import type { IndexPage, Release, Toolchain } from "#core/toolchain/toolchain";
import { jsonOf } from "#base/json-of";
import { textAt, textsAt, valueAt } from "#base/value-at";
import { soleVersion } from "./sole-version";

const SITE = "https://nodejs.org/dist";

const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "darwin-x64",
  "darwin-arm64": "darwin-arm64",
  "windows-x64": "win-x64",
  "windows-arm64": "win-arm64",
};

/** How the index calls the file of a platform. */
const INDEX_NAMES: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "osx-x64-tar",
  "darwin-arm64": "osx-arm64-tar",
  "windows-x64": "win-x64-zip",
  "windows-arm64": "win-arm64-zip",
};

/** The archives of nodejs.org/dist. */
export const nodeToolchain: Toolchain = {
  name: "node",
  displayName: "Node.js",
  aliases: ["nodejs"],
  sites: [SITE],
  platforms: PLATFORMS,
  index: () => [`${SITE}/index.json`],
  readIndex,
  layout: (platform) => ({ strip: 1, bin: platform.startsWith("windows") ? ["."] : ["bin"] }),
  versionFiles: [
    { name: ".nvmrc", read: nvmRequest },
    { name: ".node-version", read: nvmRequest },
    { name: "package.json", read: (text) => textAt(jsonOf(text), "engines", "node") },
  ],
};

function readIndex(text: string): IndexPage {
  const listed = jsonOf(text);
  if (!Array.isArray(listed)) return { releases: [] };
  return {
    releases: listed.flatMap((item): readonly Release[] => {
      const version = textAt(item, "version")?.replace(/^v/, "");
      if (version === undefined) return [];
      const files = textsAt(item, "files");
      return [
        {
          version,
          lts: typeof valueAt(item, "lts") === "string",
          archives: Object.fromEntries(
            Object.entries(PLATFORMS).flatMap(([platform, name]) =>
              files.includes(INDEX_NAMES[platform] ?? "") ? [[platform, archiveOf(version, name)]] : [],
            ),
          ),
        },
      ];
    }),
  };
}

function archiveOf(version: string, name: string): { readonly url: string; readonly checksums: string } {
  const folder = `${SITE}/v${version}`;
  const ending = name.startsWith("win-") ? "zip" : "tar.gz";
  return { url: `${folder}/node-v${version}-${name}.${ending}`, checksums: `${folder}/SHASUMS256.txt` };
}

/** nvm's words for the newest versions are others than zr's. */
function nvmRequest(text: string): string | undefined {
  const line = text
    .split("\n")
    .map((one) => one.replace(/#.*/, "").trim())
    .find((one) => one !== "");
  if (line === undefined) return undefined;
  if (line === "node" || line === "stable") return "latest";
  return line.startsWith("lts/") ? "lts" : soleVersion(line);
}
