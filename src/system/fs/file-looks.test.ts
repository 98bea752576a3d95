import { afterAll, expect, test } from "bun:test";
import { lstatSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notOn, testUnless } from "#tests/support/left-out";
import { FileLooks } from "./file-looks";

const folder = mkdtempSync(join(tmpdir(), "zr-looks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const looksAt = (paths: readonly string[], follows: boolean) => {
  const looks = FileLooks.open(new TextEncoder().encode(`${paths.join("\0")}\0`));
  let at = 0;
  return paths.map((path) => {
    const isThere = looks?.look(at, follows) === true;
    at += Buffer.byteLength(path) + 1;
    if (!isThere || looks === undefined) return undefined;
    const { size, inode, mtimeMs, ctimeMs } = looks;
    return { size, inode, mtimeMs, ctimeMs };
  });
};

testUnless(notOn("linux"))("what is found of a file is to the bit what the runtime finds", () => {
  const paths = Array.from({ length: 300 }, (_, number) => {
    const path = join(folder, `größe ${number}`);
    writeFileSync(path, "x".repeat(number * 7));
    // Times of all kinds: before 1970, whole seconds, and with fractions.
    if (number % 3 === 0) utimesSync(path, 1, (number - 100) * 12_345.678_9);
    if (number % 7 === 0) utimesSync(path, 1, 4_000_000_000 + number);
    return path;
  });
  const link = join(folder, "link");
  symlinkSync(paths[5] ?? "", link);
  paths.push(link, folder, "/", "/dev/null");
  for (const follows of [false, true]) {
    const expected = paths.map((path) => {
      const { size, ino: inode, mtimeMs, ctimeMs } = (follows ? statSync : lstatSync)(path);
      return { size, inode, mtimeMs, ctimeMs };
    });
    expect(looksAt(paths, follows)).toEqual(expected);
  }
});

testUnless(notOn("linux"))("where nothing is, nothing is found", () => {
  const link = join(folder, "leads nowhere");
  symlinkSync("nothing", link);
  const paths = [join(folder, "none"), join(link, "in a link"), `${folder}/${"x".repeat(300)}`, link];
  expect(looksAt(paths, true)).toEqual([undefined, undefined, undefined, undefined]);
  expect(looksAt([link], false)[0]?.size).toBe(7);
});

test("without paths there is nothing to open", () => {
  expect(FileLooks.open(new Uint8Array(0))).toBeUndefined();
});
