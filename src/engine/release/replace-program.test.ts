import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, ok } from "#base/result";
import { replaceProgram } from "./replace-program";
import type { Replacement } from "./replace-program";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zr-replace-"));
  writeFileSync(join(folder, "zr"), "old", { mode: 0o750 });
  writeFileSync(join(folder, "new"), "new", { mode: 0o644 });
});

afterEach(() => rmSync(folder, { recursive: true }));

const replacement = (os: string): Replacement => ({
  path: join(folder, "zr"),
  by: join(folder, "new"),
  aside: join(folder, "aside"),
  os,
});

const text = (): string => readFileSync(join(folder, "zr"), "utf8");

// Windows renames what others overwrite; both ways are tried wherever this runs.
describe.each(["linux", "windows"])("on %s", (os) => {
  test("the new program is in the place of the old one, with its mode", async () => {
    const seen: string[] = [];
    const done = await replaceProgram(replacement(os), async () => {
      seen.push(text(), readFileSync(join(folder, "aside"), "utf8"));
      return ok(undefined);
    });
    expect(done).toEqual(ok(undefined));
    expect(seen).toEqual(["new", "old"]);
    expect(statSync(join(folder, "zr")).mode & 0o777).toBe(0o750);
    expect(existsSync(join(folder, "aside"))).toBe(false);
  });

  test("one that is not good is taken back", async () => {
    const done = await replaceProgram(replacement(os), async () => err("it is not good"));
    expect(done).toEqual(err("it is not good"));
    expect(text()).toBe("old");
    expect(existsSync(join(folder, "aside"))).toBe(false);
  });

  test("what the system refuses is thrown, and the old one stays", async () => {
    rmSync(join(folder, "new"));
    await expect(replaceProgram(replacement(os), async () => ok(undefined))).rejects.toThrow("ENOENT");
    expect(text()).toBe("old");
  });
});

test("a new program that vanishes between two renames on Windows leaves the old one", async () => {
  const missing = { ...replacement("windows"), aside: join(folder, "no", "folder") };
  await expect(replaceProgram(missing, async () => ok(undefined))).rejects.toThrow();
  expect(text()).toBe("old");
});
