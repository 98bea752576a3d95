import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { LinkedPlaces } from "./linked-places";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "zr-linked-places-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const placesOf = (path: string): readonly string[] =>
  new LinkedPlaces().of(`${folder}/${path}`).map((place) => place.replace(`${folder}/`, ""));

test("a path through no link has one place, whether or not it is there", () => {
  mkdirSync(`${folder}/a/b`, { recursive: true });
  expect(placesOf("a/b")).toEqual(["a/b"]);
  expect(placesOf("a/none/x")).toEqual(["a/none/x"]);
  expect(new LinkedPlaces().of("/")).toEqual(["/"]);
});

test("each link on the way gives one more, the last one without any", () => {
  mkdirSync(`${folder}/real/sub`, { recursive: true });
  mkdirSync(`${folder}/d`);
  symlinkSync("../real", `${folder}/d/link`);
  symlinkSync(`${folder}/d/link/sub`, `${folder}/whole`);
  expect(placesOf("d/link/sub/x")).toEqual(["d/link/sub/x", "real/sub/x"]);
  expect(placesOf("whole/x")).toEqual(["whole/x", "d/link/sub/x", "real/sub/x"]);
});

test("a dangling link leads to where something may come to be, and links in a circle end", () => {
  symlinkSync("nowhere", `${folder}/dangling`);
  symlinkSync("b", `${folder}/a`);
  symlinkSync("a", `${folder}/b`);
  expect(placesOf("dangling/x")).toEqual(["dangling/x", "nowhere/x"]);
  expect(new Set(placesOf("a/x"))).toEqual(new Set(["a/x", "b/x"]));
});
