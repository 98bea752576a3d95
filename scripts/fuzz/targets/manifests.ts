import {
  EMPTY_DIGEST,
  isInnerPath,
  manifestText,
  parseManifest,
  type CacheManifest,
} from "#engine/cache/cache-manifest";
import { actionOf, decodeManifest, encodeManifest } from "#engine/cache/manifest-blob";
import { sha256 } from "#system/cas/blob-folder";
import { damaged } from "#scripts/fuzz/damage";
import { bytesOfText, hold, textCase, textOf, textOfBytes, type FuzzTarget } from "#scripts/fuzz/fuzz-target";

const CONTENT = sha256("content");
const MANIFEST: CacheManifest = {
  result: {
    v: 1,
    key: sha256("key"),
    task: "app:build",
    outputs: [
      { path: "//shared/b", kind: "file", mode: 0o644, size: 0, digest: EMPTY_DIGEST },
      { path: "dist/a", kind: "file", mode: 0o755, size: 7, digest: CONTENT },
      { path: "dist/empty", kind: "folder", mode: 0o755, size: 0, digest: "" },
      { path: "dist/link", kind: "symlink", mode: 0o777, size: 0, digest: "", target: "../dist/a" },
    ],
    outputsDigest: sha256("outputs"),
    log: CONTENT,
    recipe: { v: 1, parts: [{ kind: "env", name: "CC", digest: "d" }] },
    durationMs: 5,
    createdMs: 6,
  },
  blobs: new Map([[CONTENT, { digest: CONTENT, size: 7, encoding: "plain", plainSize: 7 }]]),
};
const PIECES = [
  "{",
  "}",
  "[",
  "]",
  ",",
  '"',
  ":",
  "null",
  "-1",
  "1e999",
  "..",
  "../",
  "/",
  "//",
  "\\u0000",
  '"symlink"',
  '"file"',
  "zr1",
  CONTENT,
];

/** Manifests of the cache, which come from servers: as texts (`text`), and packed (`blob`). */
export const manifests: FuzzTarget = {
  name: "manifests",
  seeds: () => {
    const text = manifestText(MANIFEST);
    return [
      textCase(text),
      ...[undefined, "a".repeat(64)].map((signature) => ({
        ...textCase(""),
        files: { blob: textOfBytes(encodeManifest(text, signature)) },
      })),
    ];
  },
  make: (random, corpus) => damaged(random, corpus, PIECES),
  exercise: (made) => {
    const { blob } = made.files;
    const text = blob === undefined ? textOf(made) : decodeManifest(bytesOfText(blob))?.text;
    const manifest = text === undefined ? undefined : parseManifest(text);
    if (manifest === undefined) return "refused";
    for (const { path } of manifest.result.outputs) hold(isInnerPath(path), `an output outside: ${path}`);
    const again = parseManifest(manifestText(manifest));
    hold(
      again !== undefined && manifestText(again) === manifestText(manifest),
      "a manifest is another one when it is written again",
    );
    for (const { path } of actionOf(manifest, { digest: CONTENT, size: 1 }).files)
      hold(!path.startsWith("/") && !path.split("/").includes(".."), `a file of the action outside: ${path}`);
    return "read";
  },
};
