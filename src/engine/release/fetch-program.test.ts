import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tarGz, zip } from "#scripts/releasing/archive";
import { minisign } from "#scripts/releasing/sign";
import type { SigningKey } from "#scripts/releasing/sign";
import { makeKey, ReleaseSite } from "#tests/support/release-site";
import { fetchProgram } from "./fetch-program";
import { findRelease } from "./signed-sums";

const VERSION = "1.2.3-rc.1";

let folder: string;
let key: SigningKey;
let site: ReleaseSite;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "zr-fetch-"));
  key = await makeKey();
  site = new ReleaseSite(key);
});

afterEach(() => {
  site[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

/** The files of a release as `scripts/release` makes them. */
async function publish(platforms: readonly string[]): Promise<void> {
  const sums: string[] = [];
  for (const platform of platforms) {
    const isWindows = platform.startsWith("windows");
    const top = `zr-${VERSION}-${platform}`;
    const files = [
      {
        name: `${top}/${isWindows ? "zr.exe" : "zr"}`,
        bytes: Buffer.from(`program of ${platform}`),
        isExecutable: true,
      },
      { name: `${top}/README.md`, bytes: Buffer.from("# zr\n"), isExecutable: false },
      { name: `${top}/completions/_zr`, bytes: Buffer.from("#compdef zr\n"), isExecutable: false },
    ];
    const bytes = new Uint8Array(isWindows ? zip(files, 1_700_000_000) : tarGz(files, 1_700_000_000));
    const name = `${top}${isWindows ? ".zip" : ".tar.gz"}`;
    site.answer(`download/v${VERSION}/${name}`, bytes);
    sums.push(`${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}  ${name}\n`);
  }
  sums.push(`${"0".repeat(64)}  install.sh\n`);
  const list = sums.join("");
  site.answer("latest/download/SHA256SUMS", list);
  site.answer(
    "latest/download/SHA256SUMS.minisig",
    await minisign(new TextEncoder().encode(list), key, `zr ${VERSION}`),
  );
}

test("the archives that a release is made of are read on every platform", async () => {
  const platforms = ["linux-x64", "darwin-arm64", "windows-x64"];
  await publish(platforms);
  const context = { timeoutMs: 5000, signal: new AbortController().signal };
  const release = await findRelease(undefined, { base: site.url, key: key.publicKey }, context);
  if (!release.ok) throw new Error(release.error.code);
  expect(release.value.version).toBe(VERSION);
  expect([...release.value.archives.keys()]).toEqual(platforms);
  for (const platform of platforms) {
    const own = mkdtempSync(join(folder, "staging-"));
    const received: number[] = [];
    const fetched = await fetchProgram(
      { release: release.value, platform, folder: own, onProgress: (bytes) => received.push(bytes) },
      context,
    );
    if (!fetched.ok) throw new Error(JSON.stringify(fetched.error));
    expect(readFileSync(fetched.value, "utf8")).toBe(`program of ${platform}`);
    expect(statSync(fetched.value).mode & 0o111).not.toBe(0);
    expect(received.at(-1)).toBeGreaterThan(100);
  }
});
