import { expect, test } from "bun:test";
import { sha256 } from "#system/cas/blob-folder";
import {
  climbOf,
  EMPTY_DIGEST,
  isInnerPath,
  isPlainTarget,
  manifestText,
  parseManifest,
} from "./cache-manifest";
import type { CacheManifest, StoredBlob } from "./cache-manifest";

const content = sha256("content");
const blob: StoredBlob = { digest: content, size: 7, encoding: "plain", plainSize: 7 };
const good: CacheManifest = {
  result: {
    v: 1,
    key: sha256("key"),
    task: "app:build",
    outputs: [
      { path: "//shared/b", kind: "file", mode: 0o644, size: 0, digest: EMPTY_DIGEST },
      { path: "dist/a", kind: "file", mode: 0o755, size: 7, digest: content },
      { path: "dist/empty", kind: "folder", mode: 0o755, size: 0, digest: "" },
      { path: "dist/link", kind: "symlink", mode: 0o777, size: 0, digest: "", target: "../dist/a" },
    ],
    outputsDigest: sha256("outputs"),
    log: content,
    recipe: { v: 1, parts: [{ kind: "env", name: "CC", digest: "d" }] },
    durationMs: 5,
    createdMs: 6,
  },
  blobs: new Map([[content, blob]]),
};

/** The manifest's text after a change of its data. */
function changed(
  change: (data: { result: Record<string, unknown>; blobs: unknown[]; v: unknown }) => void,
): string {
  const data = JSON.parse(manifestText(good));
  change(data);
  return JSON.stringify(data);
}

const withOutput = (output: object): string =>
  changed(({ result }) => {
    result["outputs"] = [{ path: "a", kind: "file", mode: 0o644, size: 7, digest: content, ...output }];
  });

test("a manifest is read as it was written, and written the same again", () => {
  const read = parseManifest(manifestText(good));
  expect(read).toEqual(good);
  expect(read === undefined ? "" : manifestText(read)).toBe(manifestText(good));
});

test("paths that leave their folder, or lead into zr's or git's, are refused", () => {
  const bad = [
    "",
    "/etc/passwd",
    "../a",
    "a/../../b",
    "a//b",
    "./a",
    "a/",
    "a\0b",
    "a\\b",
    "C:/a",
    "//",
    "///a",
  ];
  for (const path of [
    ...bad,
    "//../a",
    ".git/hooks/pre-commit",
    "a/.GIT/config",
    ".zr/history.db",
    "//.zr/x",
  ]) {
    expect([path, isInnerPath(path)]).toEqual([path, false]);
    expect([path, parseManifest(withOutput({ path }))]).toEqual([path, undefined]);
  }
  expect(parseManifest(withOutput({ path: "a/.github/x" }))).toBeDefined();
});

test("links that are absolute, or climb after they have gone down, are refused", () => {
  for (const target of ["", "/etc/passwd", "a/../../b", "..\\x", "C:\\x", "a\0"]) {
    expect([target, isPlainTarget(target)]).toEqual([target, false]);
    const link = { kind: "symlink", size: 0, digest: "", target };
    expect([target, parseManifest(withOutput(link))]).toEqual([target, undefined]);
  }
  expect(["a", "../a", "../../a/b", "..", "./a", "..."].map(isPlainTarget)).toEqual(Array(6).fill(true));
  expect(["a", "../a", "../../a/b", "..", "..a/b"].map(climbOf)).toEqual([0, 1, 2, 1, 0]);
});

test("sizes beyond all reason, and contents that are not there or of another size, are refused", () => {
  expect(parseManifest(withOutput({ size: 2 ** 50 }))).toBeUndefined();
  expect(parseManifest(withOutput({ size: 8 }))).toBeUndefined();
  expect(parseManifest(withOutput({ size: -1 }))).toBeUndefined();
  expect(parseManifest(withOutput({ digest: sha256("other") }))).toBeUndefined();
  expect(parseManifest(withOutput({ size: 0 }))).toBeUndefined();
  expect(parseManifest(withOutput({ mode: 0o4755 }))).toBeUndefined();
  expect(
    parseManifest(changed((data) => (data.blobs = [[content, content, 7, "plain", 2 ** 50]]))),
  ).toBeUndefined();
  expect(
    parseManifest(changed((data) => (data.blobs = [[content, sha256("x"), 7, "plain", 7]]))),
  ).toBeUndefined();
  expect(parseManifest(changed((data) => (data.blobs = [[content, content, 7, "gzip", 7]])))).toBeUndefined();
});

test("a blob may hold several contents, of moderate size together, each within it and of its output's size", () => {
  const pack = sha256("pack");
  const withRow = (...row: readonly unknown[]): string => changed((data) => (data.blobs = [row]));
  const read = parseManifest(withRow(content, pack, 50, "zstd", 100, 93, 7));
  expect(read?.blobs.get(content)).toEqual({
    digest: pack,
    size: 50,
    encoding: "zstd",
    plainSize: 100,
    part: { from: 93, size: 7 },
  });
  expect(read && parseManifest(manifestText(read))).toEqual(read);
  expect(parseManifest(withRow(content, pack, 100, "plain", 100, 0, 7))).toBeDefined();
  for (const row of [
    [content, pack, 50, "zstd", 100, 94, 7],
    [content, pack, 50, "zstd", 100, 0, 8],
    [content, pack, 50, "zstd", 100, -1, 7],
    [content, pack, 50, "zstd", 100, 0.5, 7],
    [content, pack, 50, "zstd", 100, 0],
    [content, pack, 50, "plain", 100, 0, 7],
    [content, pack, 50, "zstd", 2 * 1024 * 1024, 0, 7],
  ])
    expect([row, parseManifest(withRow(...row))]).toEqual([row, undefined]);
});

test("a path that stands twice, or below something that is no folder, is refused", () => {
  const file = { kind: "file", mode: 0o644, size: 7, digest: content };
  for (const paths of [
    ["a", "a"],
    ["b", "a"],
    ["a", "a/b"],
    ["//a", "//a/b/c"],
  ])
    expect(
      parseManifest(changed(({ result }) => (result["outputs"] = paths.map((path) => ({ ...file, path }))))),
    ).toBeUndefined();
});

test("anything missing or of the wrong type makes it none", () => {
  for (const key of ["v", "key", "task", "outputs", "outputsDigest", "recipe", "durationMs", "createdMs"])
    for (const value of [undefined, null, -1, {}, "x".repeat(64)]) {
      if (key === "task" && typeof value === "string") continue;
      expect([key, value, parseManifest(changed(({ result }) => (result[key] = value)))]).toEqual([
        key,
        value,
        undefined,
      ]);
    }
  expect(parseManifest(changed((data) => (data.v = 2)))).toBeUndefined();
  expect(parseManifest("no JSON")).toBeUndefined();
  expect(parseManifest("null")).toBeUndefined();
});
