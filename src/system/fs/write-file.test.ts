import { expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFileAtomically } from "./write-file";
import { notOn, testUnless } from "#tests/support/left-out";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zr-write-"));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a new file is written, with the folders on its way, and nothing else is left", async () => {
  await inFolder(async (folder) => {
    expect(await writeFileAtomically(`${folder}/a/b/x.toml`, "x = 1\n")).toEqual({
      ok: true,
      value: undefined,
    });
    expect(readFileSync(`${folder}/a/b/x.toml`, "utf8")).toBe("x = 1\n");
    expect(readdirSync(`${folder}/a/b`)).toEqual(["x.toml"]);
  });
});

test("an existing file keeps its mode and gets a new inode, so that a reader keeps the old text", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/x.toml`;
    writeFileSync(path, "old");
    chmodSync(path, 0o666);
    const before = statSync(path).ino;
    await writeFileAtomically(path, "new");
    expect(statSync(path).mode & 0o7777).toBe(0o666);
    expect(statSync(path).ino).not.toBe(before);
  });
});

test("a symbolic link stays one and its target is written", async () => {
  await inFolder(async (folder) => {
    writeFileSync(`${folder}/target`, "old");
    symlinkSync("target", `${folder}/link`);
    await writeFileAtomically(`${folder}/link`, "new");
    expect(lstatSync(`${folder}/link`).isSymbolicLink()).toBe(true);
    expect(readFileSync(`${folder}/target`, "utf8")).toBe("new");
  });
});

test("a place that can't be written to gives the reason and leaves no temporary file", async () => {
  await inFolder(async (folder) => {
    mkdirSync(`${folder}/taken`);
    const result = await writeFileAtomically(`${folder}/taken`, "x");
    expect(result.ok ? "" : result.error).toMatch(/^it is a folder$/);
    expect(readdirSync(folder)).toEqual(["taken"]);
  });
});

testUnless(notOn("linux", "darwin"))("a pipe is written as it is and stays one", async () => {
  await inFolder(async (folder) => {
    const pipe = `${folder}/pipe`;
    expect(Bun.spawnSync(["mkfifo", pipe]).exitCode).toBe(0);
    const reader = Bun.spawn(["cat", pipe], { stdout: "pipe" });
    expect((await writeFileAtomically(pipe, "through\n")).ok).toBe(true);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(await reader.stdout.text()).toBe("through\n");
    expect(readdirSync(folder)).toEqual(["pipe"]);
  });
});
