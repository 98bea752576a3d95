import { afterAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readZip } from "#system/archive/zip-read";
import { extractArchive } from "./extract-archive";
import { testUnless, without } from "#tests/support/left-out";

const place = mkdtempSync(join(tmpdir(), "zr-archives-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Bytes that hardly pack, always the same. */
const noise = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (let at = 0, state = 1; at < length; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    bytes[at] = state >> 16;
  }
  return bytes;
};

const source = join(place, "source");
const LONG = `${"deep/".repeat(30)}file-with-a-name-that-no-old-header-holds.txt`;
mkdirSync(join(source, "top", "bin"), { recursive: true });
mkdirSync(join(source, "top", LONG, ".."), { recursive: true });
writeFileSync(join(source, "top", "bin", "run"), "#!/bin/sh\n", { mode: 0o755 });
writeFileSync(join(source, "top", "data"), noise(60_000));
writeFileSync(join(source, "top", LONG), "deep");
writeFileSync(join(source, "top", "empty"), "");
symlinkSync("bin/run", join(source, "top", "link"));

let count = 0;
async function unpack(archive: string, format: "tar.gz" | "tar.xz" | "tar.zst" | "tar" | "zip", strip = 1) {
  count += 1;
  const folder = join(place, `out-${count}`);
  mkdirSync(folder);
  const result = await extractArchive({ archive, format, folder, layout: { strip } });
  return { folder, result };
}

const make = (words: readonly string[]): void => {
  const { exitCode, stderr } = Bun.spawnSync([...words], { cwd: source });
  if (exitCode !== 0) throw new Error(stderr.toString());
};

const FORMATS = [
  ["tar", "tar", ["tar", "-cf"]],
  ["tar.gz", "tar", ["tar", "-czf"]],
  ["tar.xz", "xz", ["tar", "-cJf"]],
  ["tar.zst", "zstd", ["tar", "--zstd", "-cf"]],
  ["zip", "zip", ["zip", "-q", "-y", "-r"]],
] as const;

describe.each(FORMATS)("%s", (format, program, words) => {
  testUnless(without(program))("gives files, modes and links as they were packed", async () => {
    const archive = join(place, `all.${format}`);
    make([...words, archive, "top"]);
    const { folder, result } = await unpack(archive, format);
    expect(result.ok).toBe(true);
    for (const name of ["data", "empty", LONG]) {
      expect(readFileSync(join(folder, name)).equals(readFileSync(join(source, "top", name)))).toBe(true);
      expect(statSync(join(folder, name)).mode & 0o111).toBe(0);
    }
    expect(statSync(join(folder, "bin/run")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(folder, "link"))).toBe("bin/run");
  });

  testUnless(without(program))("is refused where it is cut off anywhere", async () => {
    const archive = join(place, `whole.${format}`);
    make([...words, archive, "top/data", "top/bin"]);
    const bytes = readFileSync(archive);
    // The last of a plain tar is padding.
    for (const share of format === "tar" ? [0, 0.1, 0.5] : [0, 0.1, 0.5, 0.9]) {
      const cut = join(place, `cut-${share}.${format}`);
      writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * share)));
      const { result } = await unpack(cut, format);
      // An empty tar, or one that ends between two members, can't be told from a whole one: its digest is.
      if (result.ok && format.startsWith("tar") && share === 0) continue;
      expect(result.ok ? "unpacked" : result.error.kind).toBe("archive");
    }
  });
});

test("PAX headers and GNU's own say long names", async () => {
  for (const form of ["pax", "gnu", "ustar"]) {
    const archive = join(place, `${form}.tar`);
    if (Bun.spawnSync(["tar", `--format=${form}`, "-cf", archive, "top"], { cwd: source }).exitCode !== 0)
      continue;
    const { folder, result } = await unpack(archive, "tar");
    expect(result.ok).toBe(true);
    expect(readFileSync(join(folder, LONG), "utf8")).toBe("deep");
  }
});

testUnless(without("zip"))(
  "a member of a ZIP file that is not what its checksum says is refused",
  async () => {
    const archive = join(place, "stored.zip");
    make(["zip", "-q", "-0", archive, "top/data"]);
    const bytes = readFileSync(archive);
    bytes[200] = (bytes[200] ?? 0) ^ 0xff;
    writeFileSync(archive, bytes);
    const { result } = await unpack(archive, "zip");
    expect(result.ok ? "" : result.error.reason).toBe("top/data is damaged");
  },
);

testUnless(without("zip"))("an encrypted ZIP file is refused", async () => {
  const archive = join(place, "secret.zip");
  make(["zip", "-q", "-P", "secret", archive, "top/data"]);
  const { result } = await unpack(archive, "zip");
  expect(result.ok ? "" : result.error.reason).toBe("top/data is encrypted");
});

testUnless(without("zip"))(
  "a ZIP file behind other bytes, or with a comment, is read by its end",
  async () => {
    const archive = join(place, "comment.zip");
    make(["zip", "-q", archive, "top/data"]);
    Bun.spawnSync(["zip", "-z", archive], { stdin: Buffer.from("a comment\n") });
    const names: string[] = [];
    for await (const { name } of readZip(archive)) names.push(name);
    expect(names).toEqual(["top/data"]);
  },
);

test("what is stripped away entirely is left out", async () => {
  const archive = join(place, "strip.tar");
  make(["tar", "-cf", archive, "top/data", "top/bin"]);
  const { folder, result } = await unpack(archive, "tar", 2);
  expect(result.ok).toBe(true);
  expect(existsSync(join(folder, "run"))).toBe(true);
  expect(existsSync(join(folder, "data"))).toBe(false);
});
