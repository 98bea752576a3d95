import { describe, expect, test } from "bun:test";
import { archiveFormat, archiveName } from "./archive-format";
import { chooseAsset } from "./asset-choice";
import { checksumIn } from "./checksum-text";
import { mirrored, mirrorVariable } from "./mirrored";
import { parseToolName, toolFolder, versionFolder } from "./tool-name";
import { packageTools } from "./tool-request";

const A = "a".repeat(64);
const B = "B".repeat(64);

describe("the digest of a file", () => {
  test.each([
    ["in a list", `${A}  one.zip\n${B}  two.zip\n`, "two.zip", B.toLowerCase()],
    ["marked as binary", `${A} *one.zip\n`, "one.zip", A],
    ["with a path", `${A}  ./out/one.zip\n`, "one.zip", A],
    ["alone", `${A}\n`, "one.zip", A],
    [
      "in the form of PowerShell",
      `Algorithm : SHA256\nHash      : ${B}\nPath      : D:\\x\\one.zip\n`,
      "one.zip",
      B.toLowerCase(),
    ],
    ["of BSD", `SHA256 (one.zip) = ${A}\n`, "one.zip", A],
    ["of another file only", `${A}  other.zip\n`, "one.zip", undefined],
    ["of several without names", `${A}\n${B}\n`, "one.zip", undefined],
    ["that is longer", `${A}00  one.zip\n`, "one.zip", undefined],
  ])("%s", (_, text, name, digest) => {
    expect(checksumIn(text, name)).toBe(digest);
  });
});

describe("the file of a release for this system", () => {
  const NAMES = [
    "x_1.0_checksums.txt",
    "x_1.0_linux_amd64.deb",
    "x_1.0_linux_amd64.tar.gz",
    "x_1.0_linux_amd64.tar.gz.sha256",
    "x_1.0_linux_arm64.tar.gz",
    "x_1.0_darwin_all.zip",
    "x_1.0_windows_amd64.zip",
    "x-1.0-x86_64-unknown-linux-musl.tar.gz",
    "x-source.tar.gz",
  ];
  test.each([
    ["linux-x64", "x_1.0_linux_amd64.tar.gz"],
    ["linux-x64-musl", "x-1.0-x86_64-unknown-linux-musl.tar.gz"],
    ["linux-arm64", "x_1.0_linux_arm64.tar.gz"],
    ["darwin-arm64", "x_1.0_darwin_all.zip"],
    ["windows-x64", "x_1.0_windows_amd64.zip"],
    ["windows-arm64", undefined],
  ])("%s: %p", (platform, name) => {
    expect(chooseAsset(NAMES, platform)).toBe(name);
  });

  test("a program without an ending will do", () => {
    expect(chooseAsset(["jq-linux-arm64", "jq-linux-amd64", "jq-linux-i386"], "linux-x64")).toBe(
      "jq-linux-amd64",
    );
  });
});

test("the format goes by the address's path", () => {
  expect(archiveFormat("https://x/a.tar.xz?token=1.zip")).toBe("tar.xz");
  expect(archiveFormat("https://x/a.TGZ")).toBe("tar.gz");
  expect(archiveFormat("https://x/tool")).toBe("file");
  expect(archiveName("https://x/a%2Bb.zip?x#y")).toBe("a+b.zip");
  expect(archiveName("https://x/a%zz.zip")).toBe("a%zz.zip");
});

test("a mirror stands for the part of the address that is the publisher's", () => {
  expect(mirrored("https://a/dist/v1/x.zip", ["https://a/dist"], "http://m/node/")).toBe(
    "http://m/node/v1/x.zip",
  );
  expect(mirrored("https://b/x.zip", ["https://a"], "http://m")).toBe("http://m/x.zip");
  expect(mirrored("https://abc/x", ["https://a"], "http://m")).toBe("http://m/x");
  expect(mirrored("https://a/x", ["https://a"], undefined)).toBe("https://a/x");
  expect(mirrorVariable("npm:@scope/x.y")).toBe("ZR_MIRROR_NPM_SCOPE_X_Y");
});

test("names of tools have a backend that is known, and nothing that a path or a command line would read", () => {
  expect(parseToolName("node")).toEqual({ backend: "core", name: "node" });
  for (const [backend, name] of [
    ["npm", "@scope/x"],
    ["pypi", "black[d,jupyter]"],
    ["cargo", "cargo-nextest"],
    ["go", "golang.org/x/tools/cmd/stringer"],
    ["github", "cli/cli"],
  ] as const)
    expect(parseToolName(`${backend}:${name}`)).toEqual({ backend, name });
  for (const odd of [
    "",
    "nmp:x",
    "npm:",
    "npm:--global",
    "npm:a b",
    "npm:../x",
    "npm:a/../../x",
    "go:x/$(y)",
    "..",
    "../x",
    "a/b",
    "npm:a;b",
    "npm:a/b",
    "npm:x@file:/tmp/x",
    "npm:https://example.org/x.tgz",
    "pypi:x@file:///tmp/x",
    "pypi:git+https://example.org/x",
    "cargo:x@1",
    "go:example.org/x@latest",
    "github:%2e%2e/x",
    "github:owner",
    "github:owner/repo/more",
  ])
    expect(parseToolName(odd)).toBeUndefined();
});

test("unlike tools and versions have unlike folders", () => {
  const folders = ["npm:@a/b", "npm:a-b", "go:a/b", "github:a/b", "pypi:a[b]", "pypi:a-b"].map((name) =>
    toolFolder(parseToolName(name) ?? { backend: "core", name: "" }),
  );
  expect(new Set(folders).size).toBe(folders.length);
  expect(versionFolder("../1")).not.toContain("/");
  expect(versionFolder("..")).not.toBe("..");
});

test("of several files the highest decides tool by tool, and a table says more", () => {
  const file = (
    layer: "root" | "package",
    tools: Record<string, string | { version?: string; backend?: string; url?: string }>,
  ) => ({
    path: `/${layer}`,
    layer,
    document: { tools },
  });
  const { requests, problems } = packageTools([
    file("root", { node: "18", go: "1.22", prettier: { backend: "npm", version: "3" } }),
    file("package", { node: "20", tool: { url: "https://x" }, bad: "one two", "x:y": "1" }),
  ]);
  expect(requests.map(({ tool, request }) => `${tool.backend}:${tool.name} ${request}`)).toEqual([
    "core:node 20",
    "core:go 1.22",
    "npm:prettier 3",
    "url:tool latest",
  ]);
  expect(problems.map(({ code, name }) => `${code} ${name}`)).toEqual(["E411 bad", "E410 x:y"]);
});
