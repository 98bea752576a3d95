const EVERYWHERE = [
  "linux-x64",
  "linux-arm64",
  "linux-x64-musl",
  "linux-arm64-musl",
  "darwin-x64",
  "darwin-arm64",
  "windows-x64",
  "windows-arm64",
];

/** One address for all platforms. */
const everywhere = (url: string): Readonly<Record<string, string>> =>
  Object.fromEntries(EVERYWHERE.map((platform) => [platform, url]));

const DOTNET = "https://builds.dotnet.microsoft.com/dotnet";
const SHA512 = "b".repeat(128);

/** The files of an SDK: archives, and installers beside them. */
const sdk = (version: string, hash: string) => ({
  version,
  files: [
    ["linux-x64", "tar.gz"],
    ["linux-arm64", "tar.gz"],
    ["linux-musl-x64", "tar.gz"],
    ["linux-musl-arm64", "tar.gz"],
    ["osx-x64", "pkg"],
    ["osx-x64", "tar.gz"],
    ["osx-arm64", "tar.gz"],
    ["win-x64", "exe"],
    ["win-x64", "zip"],
    ["win-arm64", "zip"],
  ].map(([rid, ending]) => ({
    name: `dotnet-sdk-${rid}.${ending}`,
    rid,
    url: `${DOTNET}/Sdk/${version}/dotnet-sdk-${version}-${rid}.${ending}`,
    hash,
  })),
});

/** What the pages of further publishers look like, cut down, and what has to come of them. */
export const FURTHER_TOOLCHAINS = {
  terraform: {
    pages: {
      "https://releases.hashicorp.com/terraform/index.json": JSON.stringify({
        name: "terraform",
        versions: { "1.8.5": { version: "1.8.5", builds: [] }, "1.9.0-rc1": {}, "1.5.7": null, next: {} },
      }),
    },
    request: "~1.8",
    versions: ["1.8.5", "1.9.0-rc1*", "1.5.7"],
    chosen: "1.8.5",
    archives: {
      "linux-x64": "https://releases.hashicorp.com/terraform/1.8.5/terraform_1.8.5_linux_amd64.zip",
      "linux-arm64": "https://releases.hashicorp.com/terraform/1.8.5/terraform_1.8.5_linux_arm64.zip",
      "linux-x64-musl": "https://releases.hashicorp.com/terraform/1.8.5/terraform_1.8.5_linux_amd64.zip",
      "linux-arm64-musl": "https://releases.hashicorp.com/terraform/1.8.5/terraform_1.8.5_linux_arm64.zip",
      "darwin-x64": "https://releases.hashicorp.com/terraform/1.8.5/terraform_1.8.5_darwin_amd64.zip",
      "darwin-arm64": "https://releases.hashicorp.com/terraform/1.8.5/terraform_1.8.5_darwin_arm64.zip",
      "windows-x64": "https://releases.hashicorp.com/terraform/1.8.5/terraform_1.8.5_windows_amd64.zip",
    },
    checksums: "https://releases.hashicorp.com/terraform/1.8.5/terraform_1.8.5_SHA256SUMS",
    files: [
      [".terraform-version", "1.5.7\n", "1.5.7"],
      ["main.tf", 'terraform {\n  required_version = "~> 1.5"\n}\n', ">=1.5 <2"],
      ["main.tf", "", undefined],
    ],
  },
  dart: {
    pages: {
      "https://dart-archive.storage.googleapis.com/?delimiter=/&prefix=channels/stable/release/":
        "<?xml version='1.0'?><ListBucketResult><Prefix>channels/stable/release/</Prefix><NextMarker>channels/stable/release/3.4.0/</NextMarker><CommonPrefixes><Prefix>channels/stable/release/29803/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>channels/stable/release/3.4.0/</Prefix></CommonPrefixes></ListBucketResult>",
      "https://dart-archive.storage.googleapis.com/?delimiter=/&prefix=channels/stable/release/&marker=channels%2Fstable%2Frelease%2F3.4.0%2F":
        "<ListBucketResult><CommonPrefixes><Prefix>channels/stable/release/3.5.1/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>channels/stable/release/latest/</Prefix></CommonPrefixes></ListBucketResult>",
    },
    request: "^3.4.0",
    versions: ["3.4.0", "3.5.1"],
    chosen: "3.5.1",
    archives: {
      "linux-x64":
        "https://dart-archive.storage.googleapis.com/channels/stable/release/3.5.1/sdk/dartsdk-linux-x64-release.zip",
      "linux-arm64":
        "https://dart-archive.storage.googleapis.com/channels/stable/release/3.5.1/sdk/dartsdk-linux-arm64-release.zip",
      "darwin-x64":
        "https://dart-archive.storage.googleapis.com/channels/stable/release/3.5.1/sdk/dartsdk-macos-x64-release.zip",
      "darwin-arm64":
        "https://dart-archive.storage.googleapis.com/channels/stable/release/3.5.1/sdk/dartsdk-macos-arm64-release.zip",
      "windows-x64":
        "https://dart-archive.storage.googleapis.com/channels/stable/release/3.5.1/sdk/dartsdk-windows-x64-release.zip",
    },
    checksums:
      "https://dart-archive.storage.googleapis.com/channels/stable/release/3.5.1/sdk/dartsdk-linux-x64-release.zip.sha256sum",
    files: [["pubspec.yaml", "environment:\n  sdk: ^3.5.0\n", "^3.5.0"]],
  },
  kotlin: {
    pages: {
      "https://api.github.com/repos/JetBrains/kotlin/releases?per_page=100": JSON.stringify([
        { tag_name: "v2.1.0-RC" },
        { tag_name: "v2.0.21" },
        { tag_name: "v2.0.20", draft: true },
        { tag_name: "build-1.0.0" },
        { tag_name: "v1.9.25" },
      ]),
    },
    request: "2.0",
    versions: ["2.1.0-RC*", "2.0.21", "1.9.25"],
    chosen: "2.0.21",
    archives: everywhere(
      "https://github.com/JetBrains/kotlin/releases/download/v2.0.21/kotlin-compiler-2.0.21.zip",
    ),
    checksums:
      "https://github.com/JetBrains/kotlin/releases/download/v2.0.21/kotlin-compiler-2.0.21.zip.sha256",
    files: [["build.gradle.kts", 'plugins {\n  kotlin("jvm") version "2.0.21"\n}\n', "2.0.21"]],
  },
  elixir: {
    pages: {
      "https://api.github.com/repos/elixir-lang/elixir/releases?per_page=100": JSON.stringify([
        {
          tag_name: "v1.18.4",
          assets: ["elixir-otp-27.zip", "elixir-otp-27.zip.sha256sum", "elixir-otp-25.zip", "Docs.zip"].map(
            (name) => ({ name }),
          ),
        },
        { tag_name: "v1.19.0-rc.0", prerelease: true, assets: [{ name: "elixir-otp-26.zip" }] },
        { tag_name: "v1.12.0", assets: [{ name: "Precompiled.zip" }] },
        { tag_name: "v1.17-latest", assets: [{ name: "elixir-otp-25.zip" }] },
      ]),
    },
    request: "1.18",
    versions: ["1.18.4", "1.18.4-otp-25*", "1.18.4-otp-27*", "1.19.0-rc.0*", "1.19.0-rc.0-otp-26*"],
    chosen: "1.18.4",
    archives: everywhere("https://github.com/elixir-lang/elixir/releases/download/v1.18.4/elixir-otp-25.zip"),
    checksums: "https://github.com/elixir-lang/elixir/releases/download/v1.18.4/elixir-otp-25.zip.sha256sum",
    files: [["mix.exs", 'def project do\n  [app: :a, elixir: "~> 1.15"]\nend\n', ">=1.15 <2"]],
  },
  dotnet: {
    pages: {
      [`${DOTNET}/release-metadata/releases-index.json`]: JSON.stringify({
        "releases-index": [
          ["10.0", "preview", "lts"],
          ["9.0", "active", "sts"],
          ["8.0", "active", "lts"],
        ].map(([version, phase, type]) => ({
          "channel-version": version,
          "support-phase": phase,
          "release-type": type,
          "releases.json": `${DOTNET}/release-metadata/${version}/releases.json`,
        })),
      }),
      [`${DOTNET}/release-metadata/8.0/releases.json`]: JSON.stringify({
        "release-type": "lts",
        releases: [
          { sdk: sdk("8.0.403", SHA512), sdks: [sdk("8.0.403", SHA512), sdk("8.0.306", SHA512)] },
          { sdks: [sdk("8.0.100-rc.1.23463.5", SHA512), sdk("8.0.99", "none")] },
        ],
      }),
    },
    request: "lts",
    versions: ["8.0.403", "8.0.306", "8.0.100-rc.1.23463.5*", "8.0.99"],
    chosen: "8.0.403",
    archives: Object.fromEntries(
      [
        ["linux-x64", "linux-x64.tar.gz"],
        ["linux-arm64", "linux-arm64.tar.gz"],
        ["linux-x64-musl", "linux-musl-x64.tar.gz"],
        ["linux-arm64-musl", "linux-musl-arm64.tar.gz"],
        ["darwin-x64", "osx-x64.tar.gz"],
        ["darwin-arm64", "osx-arm64.tar.gz"],
        ["windows-x64", "win-x64.zip"],
        ["windows-arm64", "win-arm64.zip"],
      ].map(([platform, name]) => [platform, `${DOTNET}/Sdk/8.0.403/dotnet-sdk-8.0.403-${name}`]),
    ),
    files: [["global.json", '{ "sdk": { "version": "8.0.403" } }', "8.0.403"]],
  },
} as const;
