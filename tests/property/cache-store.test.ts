import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { decodeActionResult, encodeActionResult } from "#engine/cache/action-result";
import { parseManifest } from "#engine/cache/cache-manifest";
import { decodeLog, encodeLog } from "#engine/cache/log-frames";
import { decodeManifest } from "#engine/cache/manifest-blob";
import { sha256 } from "#system/cas/blob-folder";
import { packBytes, unpackAny, unpackBytes } from "#system/cas/packed-bytes";
import { seal, sealFile, sealKeys, unseal, unsealFile } from "#system/cas/sealing";
import { soleFrameSize } from "#system/cas/zstd-frame";
import { draftOf, makeCacheRig, saved } from "#tests/support/cache-rig";

const bytes = fc.uint8Array({ maxLength: 300 });
const digest = bytes.map((content) => sha256(content));
const ref = fc.record({ digest, size: fc.nat() });

test("an action result is read as it was written", () => {
  const file = fc.record({
    path: fc.string({ minLength: 1, unit: "binary" }),
    executable: fc.boolean(),
    digest,
    size: fc.nat(),
  });
  const wellFormed = file.filter(({ path }) => path.isWellFormed());
  const action = fc.record(
    { files: fc.array(wellFormed, { maxLength: 20 }), stdout: ref },
    { requiredKeys: ["files"], noNullPrototype: true },
  );
  fc.assert(fc.property(action, (one) => expect(decodeActionResult(encodeActionResult(one))).toEqual(one)));
});

test("bytes that are anything at all are refused or read, never an error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
      decodeActionResult(content);
      decodeLog(content);
      decodeManifest(content);
      parseManifest(new TextDecoder().decode(content));
      soleFrameSize(content);
      unpackBytes(content, "zstd", 100);
      unseal(content, sealKeys("key"));
    }),
    { numRuns: 1000 },
  );
});

test("a log is read as it was written, but for where one stream's pieces are cut", () => {
  const chunk = fc.record({ stream: fc.constantFrom("stdout", "stderr"), bytes });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 20 }), (chunks) => {
      const flat = (all: readonly { readonly stream: string; readonly bytes: Uint8Array }[]): string[] =>
        all.flatMap((one) => [...one.bytes].map((byte) => `${one.stream} ${byte}`));
      expect(flat(decodeLog(encodeLog(chunks)) ?? [])).toEqual(flat(chunks));
    }),
  );
});

test("packed bytes unpack to what they were, by their own size only", () => {
  const content = fc.oneof(
    bytes,
    fc
      .array(fc.constantFrom("abc", "defg", "  "), { minLength: 300, maxLength: 2000 })
      .map((words) => new TextEncoder().encode(words.join(""))),
  );
  fc.assert(
    fc.property(content, (plain) => {
      const { packing, bytes: stored } = packBytes(plain);
      expect(unpackBytes(stored, packing, plain.length)).toEqual(plain);
      expect(unpackBytes(stored, packing, plain.length + 1)).toBeUndefined();
      if (packing === "zstd") {
        expect(soleFrameSize(stored)).toBe(plain.length);
        expect(unpackAny(stored, plain.length - 1)).toBeUndefined();
        const twice = new Uint8Array(Bun.concatArrayBuffers([stored, stored]));
        expect(unpackBytes(twice, "zstd", plain.length * 2)).toBeUndefined();
      }
    }),
  );
});

test("what is sealed is opened by its key alone, and a file's way is the same as that of bytes", async () => {
  using rig = makeCacheRig();
  const keys = sealKeys("key");
  let number = 0;
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat(), async (plain, flip) => {
      const sealed = seal(plain, sha256(plain), keys);
      expect(unseal(sealed, keys)).toEqual(plain);
      expect(unseal(sealed, sealKeys("other"))).toBeUndefined();
      const bad = Uint8Array.from(sealed);
      const at = flip % bad.length;
      bad[at] = (bad[at] ?? 0) ^ 1;
      expect(unseal(bad, keys)).toBeUndefined();
      number += 1;
      const [from, to, back] = ["from", "to", "back"].map((name) => rig.path(`${name}${number}`)) as [
        string,
        string,
        string,
      ];
      writeFileSync(from, plain);
      const { digest: made } = await sealFile(from, to, { name: sha256(plain), keys });
      expect(made).toBe(sha256(sealed));
      expect(await unsealFile(to, back, keys)).toBe(true);
      expect(new Uint8Array(readFileSync(back))).toEqual(plain);
    }),
    { numRuns: 40 },
  );
});

type Tree = Readonly<
  Record<string, { readonly text: string; readonly mode: number } | { readonly target: string } | "folder">
>;

/** Trees with few names, so that files, links and folders come into each other's way. */
const tree: fc.Arbitrary<Tree> = fc.dictionary(
  fc.array(fc.constantFrom("a", "b", "ü"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
  fc.oneof(
    fc.record({
      text: fc.constantFrom("", "x", "y", "long ".repeat(300)),
      mode: fc.constantFrom(0o644, 0o755, 0o600),
    }),
    fc.record({ target: fc.constantFrom("a", "../b", "none") }),
    fc.constant("folder" as const),
  ),
  { maxKeys: 8 },
);

function make(folder: string, entries: Tree): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, entry] of Object.entries(entries)) {
    const place = join(folder, path);
    try {
      mkdirSync(dirname(place), { recursive: true });
      if (entry === "folder") mkdirSync(place);
      else if ("target" in entry) symlinkSync(entry.target, place);
      else writeFileSync(place, entry.text, { mode: entry.mode });
    } catch (error) {
      // Something that was made before is in its way.
      expect(error).toHaveProperty("code", expect.stringMatching(/^(EEXIST|ENOTDIR|EISDIR|ENOENT|ELOOP)$/));
    }
  }
}

/** What a folder holds, one line each; folders only where they are empty. */
function listing(folder: string): string[] {
  const lines: string[] = [];
  const look = (path: string): void => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    const name = path.slice(folder.length);
    if (stat.isSymbolicLink()) lines.push(`${name} -> ${readlinkSync(path)}`);
    else if (!stat.isDirectory()) lines.push(`${name} ${stat.mode & 0o777} ${readFileSync(path, "utf8")}`);
    else {
      const names = readdirSync(path);
      if (names.length === 0) lines.push(`${name}/`);
      for (const inner of names) look(join(path, inner));
    }
  };
  look(folder);
  return lines.toSorted();
}

test("whatever is there before, restoring makes just what was stored", async () => {
  using rig = makeCacheRig();
  const dist = rig.path("dist");
  let number = 0;
  await fc.assert(
    fc.asyncProperty(tree, tree, async (wanted, before) => {
      number += 1;
      make(dist, wanted);
      const expected = listing(dist);
      const store = rig.open();
      const result = await store.save(draftOf(`${number}`), rig.place("dist"));
      // A link that leads out of the package's parent is no output.
      if (!result.ok) return expect(result.error).toContain("is a link to");
      make(dist, before);
      const isSame = JSON.stringify(listing(dist)) === JSON.stringify(expected);
      expect(await rig.open().restore(result.value, rig.place("dist"))).toBe(
        isSame ? "unchanged" : "restored",
      );
      expect(listing(dist)).toEqual(expected);
      expect(await rig.open().restore(result.value, rig.place("dist"))).toBe("unchanged");
      await store.close();
    }),
    { numRuns: 150 },
  );
});

test("the same tree gives the same digest of outputs, another tree another", async () => {
  using rig = makeCacheRig();
  const digestOf = async (entries: Tree): Promise<string> => {
    make(rig.path("dist"), entries);
    return (await saved(rig.open(), draftOf("x"), rig.place("dist"))).outputsDigest;
  };
  await fc.assert(
    fc.asyncProperty(tree, tree, async (one, other) => {
      const first = await digestOf(one);
      const before = listing(rig.path("dist")).map((line) => line.replace(" 384 ", " 420 "));
      const second = await digestOf(other);
      const after = listing(rig.path("dist")).map((line) => line.replace(" 384 ", " 420 "));
      expect(first === second).toBe(JSON.stringify(before) === JSON.stringify(after));
    }),
    { numRuns: 60 },
  );
});
