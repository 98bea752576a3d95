import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readText } from "./read-text";

let place = "";

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "zr-read-"));
  writeFileSync(join(place, "plain"), "text\n");
  writeFileSync(join(place, "empty"), "");
  writeFileSync(join(place, "marked"), "\ufeffafter the mark");
  writeFileSync(join(place, "wide"), "ß→😀");
  writeFileSync(join(place, "replaced"), "a \ufffd of its own");
  writeFileSync(join(place, "bytes"), new Uint8Array([0x61, 0xff, 0xfe, 0x62]));
  mkdirSync(join(place, "folder"));
  symlinkSync("plain", join(place, "link"));
  symlinkSync("circle", join(place, "circle"));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

const NAMES = [
  "plain",
  "empty",
  "marked",
  "wide",
  "replaced",
  "bytes",
  "folder",
  "link",
  "circle",
  "nothing",
  "plain/below",
];

test("a text is read as what it is", async () => {
  const read = (name: string): ReturnType<typeof readText> => readText(`${place}/${name}`);
  expect(await read("plain")).toEqual({ kind: "text", text: "text\n" });
  expect(await read("marked")).toEqual({ kind: "text", text: "after the mark" });
  expect(await read("bytes")).toMatchObject({ kind: "text", isUtf8: false });
  expect(await read("folder")).toEqual({ kind: "folder" });
  expect(await read("plain/below")).toEqual({ kind: "missing" });
  expect(await readText("/dev/zero")).toEqual({ kind: "unreadable", reason: "not a regular file" });
});

test("among very many reads at the same time each gives what it gives alone", async () => {
  const alone = new Map<string, Awaited<ReturnType<typeof readText>>>();
  for (const name of NAMES) alone.set(name, await readText(`${place}/${name}`));
  const many = Array.from({ length: 40 }, () => NAMES).flat();
  const together = await Promise.all(many.map((name) => readText(`${place}/${name}`)));
  for (const [index, name] of many.entries())
    expect([name, together[index]]).toEqual([name, alone.get(name)]);
  expect(await readText("/dev/zero")).toEqual({ kind: "unreadable", reason: "not a regular file" });
});
