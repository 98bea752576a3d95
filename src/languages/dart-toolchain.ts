import type { IndexPage, Toolchain } from "#core/toolchain/toolchain";
import { dartProject } from "./dart-project";
import { elementsNamed, xmlElements } from "./xml-elements";

const SITE = "https://dart-archive.storage.googleapis.com";
const RELEASES = "channels/stable/release/";
const LIST = `${SITE}/?delimiter=/&prefix=${RELEASES}`;

/** The archives of the stable channel (github.com/dart-lang/sdk/wiki/Archived-Builds). */
export const dartToolchain: Toolchain = {
  name: "dart",
  displayName: "Dart",
  sites: [SITE],
  platforms: {
    "linux-x64": "linux-x64",
    "linux-arm64": "linux-arm64",
    "darwin-x64": "macos-x64",
    "darwin-arm64": "macos-arm64",
    "windows-x64": "windows-x64",
  },
  index: () => [LIST],
  readIndex,
  archive: ({ version }, platform) => {
    const name = dartToolchain.platforms[platform];
    if (name === undefined) return undefined;
    const url = `${SITE}/${RELEASES}${version}/sdk/dartsdk-${name}-release.zip`;
    return { url, checksums: `${url}.sha256sum` };
  },
  layout: () => ({ strip: 1, bin: ["bin"] }),
  versionFiles: dartProject.versionFiles ?? [],
};

/** A listing of the storage (XML API, "List objects"): each release is a folder, `latest` and old revisions among them. */
function readIndex(text: string): IndexPage {
  const elements = xmlElements(text);
  const folders = elementsNamed(elements, "Prefix").map((element) => element.text);
  const next = elementsNamed(elements, "NextMarker")[0]?.text ?? "";
  return {
    releases: folders.flatMap((folder) => {
      const version = folder.startsWith(RELEASES)
        ? /^(\d+\.\d+\.\d+)\/$/.exec(folder.slice(RELEASES.length))?.[1]
        : undefined;
      return version === undefined ? [] : [{ version }];
    }),
    ...(next === "" ? {} : { more: [`${LIST}&marker=${encodeURIComponent(next)}`] }),
  };
}
