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
} as const;
