import { describe, expect, test } from "bun:test";
import { archiveFormat } from "#core/toolchain/archive-format";
import { chooseRelease } from "#core/toolchain/choose-release";
import { mirrored } from "#core/toolchain/mirrored";
import type { IndexPage, Release, Toolchain } from "#core/toolchain/toolchain";
import { parseToolVersion } from "#core/toolchain/tool-version";
import { parseVersionRequest } from "#core/toolchain/version-request";
import { FURTHER_TOOLCHAINS } from "./further-toolchains";
import { allToolchains, findToolchain } from "#languages/find-toolchain";
import { languageProviders } from "#languages/index";
import { foldersOfTool } from "#languages/project-folders";

/** What a publisher's pages look like, cut down, and what has to come of them. */
interface Fixture {
  /** The first pages for a request, and what each of them says; others that those lead to as well. */
  readonly pages: Readonly<Record<string, string>>;
  readonly request: string;
  /** Every version that is listed, in any order; previews with a star. */
  readonly versions: readonly string[];
  /** What the request means, and its archives: official addresses, by platform. */
  readonly chosen: string;
  readonly archives: Readonly<Record<string, string>>;
  /** Address of the list of digests for linux-x64; undefined where the index has them. */
  readonly checksums?: string;
  /** Version files and the requests in them. */
  readonly files?: readonly (readonly [string, string, string | undefined])[];
}

const SHA = "a".repeat(64);

const FIXTURES: Readonly<Record<string, Fixture>> = {
  ...FURTHER_TOOLCHAINS,
  node: {
    pages: {
      "https://nodejs.org/dist/index.json": JSON.stringify([
        { version: "v22.3.0", files: ["linux-x64"], lts: false },
        {
          version: "v20.11.1",
          files: [
            "aix-ppc64",
            "linux-arm64",
            "linux-x64",
            "osx-arm64-tar",
            "osx-x64-tar",
            "win-x64-zip",
            "win-arm64-zip",
          ],
          lts: "Iron",
        },
        { version: 3 },
        null,
      ]),
    },
    request: "lts",
    versions: ["22.3.0", "20.11.1"],
    chosen: "20.11.1",
    archives: {
      "linux-x64": "https://nodejs.org/dist/v20.11.1/node-v20.11.1-linux-x64.tar.gz",
      "linux-arm64": "https://nodejs.org/dist/v20.11.1/node-v20.11.1-linux-arm64.tar.gz",
      "darwin-x64": "https://nodejs.org/dist/v20.11.1/node-v20.11.1-darwin-x64.tar.gz",
      "darwin-arm64": "https://nodejs.org/dist/v20.11.1/node-v20.11.1-darwin-arm64.tar.gz",
      "windows-x64": "https://nodejs.org/dist/v20.11.1/node-v20.11.1-win-x64.zip",
      "windows-arm64": "https://nodejs.org/dist/v20.11.1/node-v20.11.1-win-arm64.zip",
    },
    checksums: "https://nodejs.org/dist/v20.11.1/SHASUMS256.txt",
    files: [
      [".nvmrc", "# ours\nv20.11\n", "20.11"],
      [".nvmrc", "lts/iron\n", "lts"],
      [".node-version", "20\n", "20"],
      ["package.json", '{ "engines": { "node": ">=20 <22" } }', ">=20 <22"],
      ["package.json", "{", undefined],
    ],
  },
  bun: {
    pages: {
      "https://api.github.com/repos/oven-sh/bun/releases?per_page=100": JSON.stringify([
        { tag_name: "canary", prerelease: true },
        { tag_name: "bun-v1.1.30" },
        { tag_name: "bun-v1.1.29", draft: true },
        { tag_name: "bun-v1.0.0" },
      ]),
    },
    request: "1",
    versions: ["1.1.30", "1.0.0"],
    chosen: "1.1.30",
    archives: {
      "linux-x64": "https://github.com/oven-sh/bun/releases/download/bun-v1.1.30/bun-linux-x64.zip",
      "linux-arm64": "https://github.com/oven-sh/bun/releases/download/bun-v1.1.30/bun-linux-aarch64.zip",
      "linux-x64-musl": "https://github.com/oven-sh/bun/releases/download/bun-v1.1.30/bun-linux-x64-musl.zip",
      "linux-arm64-musl":
        "https://github.com/oven-sh/bun/releases/download/bun-v1.1.30/bun-linux-aarch64-musl.zip",
      "darwin-x64": "https://github.com/oven-sh/bun/releases/download/bun-v1.1.30/bun-darwin-x64.zip",
      "darwin-arm64": "https://github.com/oven-sh/bun/releases/download/bun-v1.1.30/bun-darwin-aarch64.zip",
      "windows-x64": "https://github.com/oven-sh/bun/releases/download/bun-v1.1.30/bun-windows-x64.zip",
    },
    checksums: "https://github.com/oven-sh/bun/releases/download/bun-v1.1.30/SHASUMS256.txt",
    files: [
      [".bun-version", "1.1.30\n", "1.1.30"],
      ["package.json", '{ "packageManager": "bun@1.1.30" }', "1.1.30"],
    ],
  },
  deno: {
    pages: { "https://deno.com/versions.json": '{ "cli": ["v2.1.4", "v1.46.3", 3], "std": ["0.224.0"] }' },
    request: "2",
    versions: ["2.1.4", "1.46.3"],
    chosen: "2.1.4",
    archives: {
      "linux-x64":
        "https://github.com/denoland/deno/releases/download/v2.1.4/deno-x86_64-unknown-linux-gnu.zip",
      "linux-arm64":
        "https://github.com/denoland/deno/releases/download/v2.1.4/deno-aarch64-unknown-linux-gnu.zip",
      "darwin-x64": "https://github.com/denoland/deno/releases/download/v2.1.4/deno-x86_64-apple-darwin.zip",
      "darwin-arm64":
        "https://github.com/denoland/deno/releases/download/v2.1.4/deno-aarch64-apple-darwin.zip",
      "windows-x64":
        "https://github.com/denoland/deno/releases/download/v2.1.4/deno-x86_64-pc-windows-msvc.zip",
    },
    checksums:
      "https://github.com/denoland/deno/releases/download/v2.1.4/deno-x86_64-unknown-linux-gnu.zip.sha256sum",
    files: [[".dvmrc", "v2.1.4\n", "2.1.4"]],
  },
  go: {
    pages: {
      "https://go.dev/dl/?mode=json&include=all": JSON.stringify([
        { version: "go1.23rc1", stable: false, files: [] },
        {
          version: "go1.22.1",
          stable: true,
          files: [
            ["linux", "amd64", "tar.gz"],
            ["linux", "arm64", "tar.gz"],
            ["darwin", "amd64", "tar.gz"],
            ["darwin", "arm64", "tar.gz"],
            ["windows", "amd64", "zip"],
            ["windows", "arm64", "zip"],
          ].flatMap(([os, arch, ending]) => [
            { filename: `go1.22.1.${os}-${arch}.${ending}`, os, arch, kind: "archive", sha256: SHA },
            { filename: `go1.22.1.${os}-${arch}.msi`, os, arch, kind: "installer", sha256: SHA },
          ]),
        },
      ]),
    },
    request: "1.22",
    versions: ["1.23rc1*", "1.22.1"],
    chosen: "1.22.1",
    archives: {
      "linux-x64": "https://go.dev/dl/go1.22.1.linux-amd64.tar.gz",
      "linux-arm64": "https://go.dev/dl/go1.22.1.linux-arm64.tar.gz",
      "linux-x64-musl": "https://go.dev/dl/go1.22.1.linux-amd64.tar.gz",
      "linux-arm64-musl": "https://go.dev/dl/go1.22.1.linux-arm64.tar.gz",
      "darwin-x64": "https://go.dev/dl/go1.22.1.darwin-amd64.tar.gz",
      "darwin-arm64": "https://go.dev/dl/go1.22.1.darwin-arm64.tar.gz",
      "windows-x64": "https://go.dev/dl/go1.22.1.windows-amd64.zip",
      "windows-arm64": "https://go.dev/dl/go1.22.1.windows-arm64.zip",
    },
    files: [
      [".go-version", "1.22.1\n", "1.22.1"],
      ["go.mod", "module x\n\ngo 1.22\n\ntoolchain go1.22.3\n", "1.22.3"],
      ["go.mod", "module x\n\ngo 1.22\n", "1.22"],
    ],
  },
  zig: {
    pages: {
      "https://ziglang.org/download/index.json": JSON.stringify({
        master: {
          version: "0.16.0-dev.12+abc",
          "x86_64-linux": {
            tarball: "https://ziglang.org/builds/zig-x86_64-linux-0.16.0-dev.12+abc.tar.xz",
            shasum: SHA,
          },
        },
        "0.14.1": Object.fromEntries(
          [
            "x86_64-linux",
            "aarch64-linux",
            "x86_64-macos",
            "aarch64-macos",
            "x86_64-windows",
            "aarch64-windows",
          ].map((name) => [
            name,
            {
              tarball: `https://ziglang.org/download/0.14.1/zig-${name}-0.14.1.${name.endsWith("windows") ? "zip" : "tar.xz"}`,
              shasum: SHA,
            },
          ]),
        ),
        "0.1.1": { "x86_64-linux": { tarball: "https://elsewhere.example/zig.tar.xz", shasum: SHA } },
      }),
    },
    request: "0.14",
    versions: ["0.16.0-dev.12+abc*", "0.14.1", "0.1.1"],
    chosen: "0.14.1",
    archives: {
      "linux-x64": "https://ziglang.org/download/0.14.1/zig-x86_64-linux-0.14.1.tar.xz",
      "linux-arm64": "https://ziglang.org/download/0.14.1/zig-aarch64-linux-0.14.1.tar.xz",
      "linux-x64-musl": "https://ziglang.org/download/0.14.1/zig-x86_64-linux-0.14.1.tar.xz",
      "linux-arm64-musl": "https://ziglang.org/download/0.14.1/zig-aarch64-linux-0.14.1.tar.xz",
      "darwin-x64": "https://ziglang.org/download/0.14.1/zig-x86_64-macos-0.14.1.tar.xz",
      "darwin-arm64": "https://ziglang.org/download/0.14.1/zig-aarch64-macos-0.14.1.tar.xz",
      "windows-x64": "https://ziglang.org/download/0.14.1/zig-x86_64-windows-0.14.1.zip",
      "windows-arm64": "https://ziglang.org/download/0.14.1/zig-aarch64-windows-0.14.1.zip",
    },
    files: [["build.zig.zon", '.{ .minimum_zig_version = "0.14.0" }', "0.14.0"]],
  },
  rust: {
    pages: {
      "https://static.rust-lang.org/manifests.txt": [
        "static.rust-lang.org/dist/2023-12-28/channel-rust-stable.toml",
        "static.rust-lang.org/dist/2023-12-28/channel-rust-1.75.0.toml",
        "static.rust-lang.org/dist/2024-02-08/channel-rust-1.76.0.toml",
        "static.rust-lang.org/dist/2024-02-09/channel-rust-nightly.toml",
        "",
      ].join("\n"),
    },
    request: "latest",
    versions: ["1.75.0", "1.76.0"],
    chosen: "1.76.0",
    archives: Object.fromEntries(
      [
        ["linux-x64", "x86_64-unknown-linux-gnu"],
        ["linux-arm64", "aarch64-unknown-linux-gnu"],
        ["linux-x64-musl", "x86_64-unknown-linux-musl"],
        ["linux-arm64-musl", "aarch64-unknown-linux-musl"],
        ["darwin-x64", "x86_64-apple-darwin"],
        ["darwin-arm64", "aarch64-apple-darwin"],
        ["windows-x64", "x86_64-pc-windows-msvc"],
        ["windows-arm64", "aarch64-pc-windows-msvc"],
      ].map(([platform, triple]) => [
        platform,
        `https://static.rust-lang.org/dist/rust-1.76.0-${triple}.tar.xz`,
      ]),
    ),
    checksums: "https://static.rust-lang.org/dist/rust-1.76.0-x86_64-unknown-linux-gnu.tar.xz.sha256",
    files: [
      ["rust-toolchain.toml", '[toolchain]\nchannel = "1.76.0"\n', "1.76.0"],
      ["rust-toolchain", "stable\n", "latest"],
      ["rust-toolchain", "nightly-2024-01-01\n", undefined],
    ],
  },
  python: {
    pages: {
      "https://raw.githubusercontent.com/astral-sh/versions/main/v1/python-build-standalone.ndjson": [
        ["3.13.0rc1+20240801", "20240801"],
        ["3.12.1+20231002", "20231002"],
        ["3.12.1+20240107", "20240107"],
      ]
        .map(([version = "", build]) =>
          JSON.stringify({
            version,
            artifacts: [
              "x86_64-unknown-linux-gnu",
              "aarch64-unknown-linux-gnu",
              "x86_64-unknown-linux-musl",
              "aarch64-unknown-linux-musl",
              "x86_64-apple-darwin",
              "aarch64-apple-darwin",
              "x86_64-pc-windows-msvc",
              "aarch64-pc-windows-msvc",
            ].flatMap((platform) =>
              ["install_only", "install_only_stripped", "debug+full"].map((variant) => ({
                platform,
                variant,
                sha256: SHA,
                url: `https://github.com/astral-sh/python-build-standalone/releases/download/${build}/cpython-${version.replace("+", "%2B")}-${platform}-${variant}.tar.gz`,
              })),
            ),
          }),
        )
        .join("\n"),
    },
    request: "3.12",
    versions: ["3.13.0rc1*", "3.12.1"],
    chosen: "3.12.1",
    archives: Object.fromEntries(
      [
        ["linux-x64", "x86_64-unknown-linux-gnu"],
        ["linux-arm64", "aarch64-unknown-linux-gnu"],
        ["linux-x64-musl", "x86_64-unknown-linux-musl"],
        ["linux-arm64-musl", "aarch64-unknown-linux-musl"],
        ["darwin-x64", "x86_64-apple-darwin"],
        ["darwin-arm64", "aarch64-apple-darwin"],
        ["windows-x64", "x86_64-pc-windows-msvc"],
        ["windows-arm64", "aarch64-pc-windows-msvc"],
      ].map(([platform, triple]) => [
        platform,
        `https://github.com/astral-sh/python-build-standalone/releases/download/20240107/cpython-3.12.1%2B20240107-${triple}-install_only.tar.gz`,
      ]),
    ),
    files: [
      [".python-version", "3.12.1\n", "3.12.1"],
      [".python-version", "pypy3.9\ncpython-3.12\n", "3.12"],
      ["pyproject.toml", '[project]\nrequires-python = ">=3.11"\n', ">=3.11"],
    ],
  },
  java: {
    pages: {
      "https://api.adoptium.net/v3/info/available_releases":
        '{ "available_releases": [8, 21, 23], "most_recent_lts": 21, "most_recent_feature_release": 23 }',
      "https://api.adoptium.net/v3/assets/feature_releases/21/ga?image_type=jdk&jvm_impl=hotspot&heap_size=normal&vendor=eclipse&page_size=50":
        JSON.stringify([
          {
            release_name: "jdk-21.0.2+13",
            binaries: [
              ["linux", "x64"],
              ["linux", "aarch64"],
              ["alpine-linux", "x64"],
              ["alpine-linux", "aarch64"],
              ["mac", "x64"],
              ["mac", "aarch64"],
              ["windows", "x64"],
              ["windows", "aarch64"],
              ["solaris", "sparcv9"],
            ].flatMap(([os = "", architecture = ""]) =>
              ["jdk", "jre"].map((image_type) => ({
                os,
                architecture,
                image_type,
                package: {
                  checksum: SHA,
                  link: `https://github.com/adoptium/temurin21-binaries/releases/download/jdk-21.0.2%2B13/OpenJDK21U-${image_type}_${architecture}_${os}_hotspot_21.0.2_13.${os === "windows" ? "zip" : "tar.gz"}`,
                },
              })),
            ),
          },
          { release_name: "jdk-21.0.1+12", binaries: [] },
        ]),
    },
    request: "lts",
    versions: ["21.0.2+13", "21.0.1+12"],
    chosen: "21.0.2+13",
    archives: Object.fromEntries(
      [
        ["linux-x64", "x64_linux", "tar.gz"],
        ["linux-arm64", "aarch64_linux", "tar.gz"],
        ["linux-x64-musl", "x64_alpine-linux", "tar.gz"],
        ["linux-arm64-musl", "aarch64_alpine-linux", "tar.gz"],
        ["darwin-x64", "x64_mac", "tar.gz"],
        ["darwin-arm64", "aarch64_mac", "tar.gz"],
        ["windows-x64", "x64_windows", "zip"],
        ["windows-arm64", "aarch64_windows", "zip"],
      ].map(([platform, name, ending]) => [
        platform,
        `https://github.com/adoptium/temurin21-binaries/releases/download/jdk-21.0.2%2B13/OpenJDK21U-jdk_${name}_hotspot_21.0.2_13.${ending}`,
      ]),
    ),
    files: [
      [".java-version", "21\n", "21"],
      [".sdkmanrc", "# sdk\njava=21.0.2-tem\n", "21.0.2"],
    ],
  },
};

const toolchains = await allToolchains();

/** All releases that the fixture's pages lead to. */
function releasesOf(toolchain: Toolchain, { pages, request }: Fixture): readonly Release[] {
  const found: Release[] = [];
  let urls = toolchain.index({ request, platform: "linux-x64" });
  while (urls.length > 0) {
    const read = urls.map((url): IndexPage => {
      const text = pages[url];
      if (text === undefined) throw new Error(`${url} is none of the fixture's pages`);
      return toolchain.readIndex(text, { url, request, platform: "linux-x64" });
    });
    found.push(...read.flatMap(({ releases }) => releases));
    urls = read.flatMap(({ more = [] }) => more);
  }
  return found;
}

const archiveOf = (toolchain: Toolchain, release: Release, platform: string) =>
  toolchain.archive === undefined ? release.archives?.[platform] : toolchain.archive(release, platform);

describe.each(toolchains.map((toolchain) => [toolchain.name, toolchain] as const))(
  "%s",
  (name, toolchain) => {
    const fixture = FIXTURES[name];

    test("has a fixture", () => {
      expect(fixture).toBeDefined();
    });
    if (fixture === undefined) return;

    test("reads the publisher's list", () => {
      const releases = releasesOf(toolchain, fixture);
      const listed = releases.map(({ version, isPreview }) => (isPreview === true ? `${version}*` : version));
      expect(listed.toSorted()).toEqual([...fixture.versions].toSorted());
    });

    test("has one archive for each platform, at just this address", () => {
      const request = parseVersionRequest(fixture.request);
      if (request === undefined) throw new Error("the fixture's request is none");
      const chosen = chooseRelease(releasesOf(toolchain, fixture), request);
      if (!chosen.ok) throw new Error("nothing is chosen");
      expect(chosen.value.version).toBe(fixture.chosen);
      const found = Object.keys(toolchain.platforms).flatMap((platform) => {
        const source = archiveOf(toolchain, chosen.value, platform);
        return source === undefined ? [] : [[platform, source.url]];
      });
      expect(Object.fromEntries(found)).toEqual({ ...fixture.archives });
      const linux = archiveOf(toolchain, chosen.value, "linux-x64");
      expect(linux?.checksums).toBe(fixture.checksums);
      expect((linux?.sha256 ?? linux?.sha512) === undefined).toBe(fixture.checksums !== undefined);
    });

    test("names nothing that a mirror could not stand for", () => {
      const releases = releasesOf(toolchain, fixture);
      const urls = [
        ...Object.keys(fixture.pages),
        ...releases.flatMap((release) =>
          Object.keys(toolchain.platforms).flatMap((platform) => {
            const source = archiveOf(toolchain, release, platform);
            return source === undefined
              ? []
              : [source.url, ...(source.checksums === undefined ? [] : [source.checksums])];
          }),
        ),
      ];
      for (const url of urls) {
        expect(url).toStartWith("https://");
        expect(toolchain.sites.some((site) => url.startsWith(`${site}/`))).toBe(true);
        expect(mirrored(url, toolchain.sites, "http://m")).not.toContain("https://");
      }
    });

    test("offers archives in forms that can be unpacked, with a folder of programs", () => {
      for (const [platform, url] of Object.entries(fixture.archives)) {
        expect(archiveFormat(url)).not.toBe("file");
        const layout = toolchain.layout(platform, fixture.chosen);
        expect(layout.bin.length).toBeGreaterThan(0);
        if (layout.bin === "auto") continue;
        for (const folder of [...layout.bin, ...Object.values(layout.env ?? {})]) {
          expect(folder.startsWith("/")).toBe(false);
          expect(folder.split("/")).not.toContain("..");
        }
      }
    });

    test("lists versions that zr can compare", () => {
      for (const { version } of releasesOf(toolchain, fixture))
        expect(parseToolVersion(version)).toBeDefined();
    });

    test("makes nothing of pages that are cut off, empty or of another form", () => {
      for (const [url, text] of Object.entries(fixture.pages)) {
        for (const share of [0, 0.25, 0.5, 0.75])
          toolchain.readIndex(text.slice(0, Math.floor(text.length * share)), {
            url,
            request: fixture.request,
            platform: "linux-x64",
          });
        for (const odd of [
          "",
          "null",
          "[]",
          "{}",
          "[[]]",
          '{"cli":3}',
          '[{"files":{"a":1}}]',
          "<html>",
          '{"master":null}',
        ])
          expect(
            toolchain.readIndex(odd, { url, request: fixture.request, platform: "linux-x64" }).releases,
          ).toEqual([]);
      }
    });

    test("reads the versions that a project's files ask for", () => {
      for (const [file, text, wanted] of fixture.files ?? []) {
        const read = (toolchain.versionFiles ?? []).find((one) => one.name === file);
        expect(read?.read(text)).toBe(wanted);
        if (wanted !== undefined) expect(parseVersionRequest(wanted)).toBeDefined();
      }
      for (const { read } of toolchain.versionFiles ?? [])
        for (const odd of ["", "\n", "{", "[]", "\u0000"]) expect(read(odd)).toBeUndefined();
    });

    test("is found by its names, which no other has", async () => {
      for (const known of [name, ...(toolchain.aliases ?? [])]) {
        expect((await findToolchain(known))?.name).toBe(name);
        expect(toolchains.filter((one) => one.name === known || one.aliases?.includes(known)).length).toBe(1);
      }
    });
  },
);

test("where projects keep programs of their own is known by every name of the language's tool", async () => {
  for (const { name, folders, toolchain } of languageProviders) {
    const { aliases = [] } = (await toolchain?.()) ?? {};
    for (const known of [name, ...aliases]) expect([known, foldersOfTool(known)]).toEqual([known, folders]);
  }
});
