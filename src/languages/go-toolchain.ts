import type { ArchiveSource, IndexPage, Release, Toolchain } from "#core/toolchain/toolchain";
import { jsonOf } from "#base/json-of";
import { textAt, valueAt } from "#base/value-at";
import { soleVersion } from "./sole-version";

const SITE = "https://go.dev/dl";

const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-amd64",
  "linux-arm64": "linux-arm64",
  // Its programs are linked statically.
  "linux-x64-musl": "linux-amd64",
  "linux-arm64-musl": "linux-arm64",
  "darwin-x64": "darwin-amd64",
  "darwin-arm64": "darwin-arm64",
  "windows-x64": "windows-amd64",
  "windows-arm64": "windows-arm64",
};

/** The archives of go.dev/dl. */
export const goToolchain: Toolchain = {
  name: "go",
  displayName: "Go",
  aliases: ["golang"],
  sites: [SITE],
  platforms: PLATFORMS,
  index: () => [`${SITE}/?mode=json&include=all`],
  readIndex,
  layout: () => ({ strip: 1, bin: ["bin"], env: { GOROOT: "." } }),
  versionFiles: [
    { name: ".go-version", read: (text) => soleVersion(text, "go") },
    {
      name: "go.mod",
      isLeast: true,
      read: (text) => (/^toolchain go(\S+)/m.exec(text) ?? /^go (\d\S*)/m.exec(text))?.[1],
    },
  ],
};

function readIndex(text: string): IndexPage {
  const listed = jsonOf(text);
  if (!Array.isArray(listed)) return { releases: [] };
  return {
    releases: listed.flatMap((item): readonly Release[] => {
      const version = textAt(item, "version")?.replace(/^go/, "");
      if (version === undefined) return [];
      return [
        {
          version,
          isPreview: valueAt(item, "stable") !== true,
          archives: archivesOf(valueAt(item, "files")),
        },
      ];
    }),
  };
}

function archivesOf(files: unknown): Readonly<Record<string, ArchiveSource>> {
  const found = new Map<string, ArchiveSource>();
  for (const file of Array.isArray(files) ? files : []) {
    const name = textAt(file, "filename");
    if (name === undefined || name.includes("/") || textAt(file, "kind") !== "archive") continue;
    const sha256 = textAt(file, "sha256");
    found.set(`${textAt(file, "os") ?? ""}-${textAt(file, "arch") ?? ""}`, {
      url: `${SITE}/${name}`,
      ...(sha256 === undefined ? {} : { sha256 }),
    });
  }
  return Object.fromEntries(
    Object.entries(PLATFORMS).flatMap(([platform, name]) => {
      const archive = found.get(name);
      return archive === undefined ? [] : [[platform, archive]];
    }),
  );
}
