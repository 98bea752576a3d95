import { expect, test } from "bun:test";
import { instanceId } from "#core/model/ids";
import { patternsOf } from "./input-files";
import { OutputPlaces } from "./output-places";

const ROOT = "/w";

/** Texts of the patterns near a folder, by instance. */
function near(folder: string, made: Readonly<Record<string, readonly [string, readonly string[]]>>): object {
  const places = new OutputPlaces();
  for (const [id, [dir, globs]] of Object.entries(made))
    places.add(instanceId(id), patternsOf(globs, { root: ROOT, dir }));
  const found = [...places.near(folder)].map(([id, patterns]) => [id, patterns.map(({ text }) => text)]);
  return Object.fromEntries(found);
}

const MADE = {
  "a:build": ["/w/a", ["dist/**", "!dist/kept"]],
  "b:build": ["/w/b", ["dist"]],
  "ab:build": ["/w/ab", ["dist"]],
  "b:copy": ["/w/b", ["//a/copied"]],
  all: ["/w", ["**/*.gen"]],
} as const;

test("outputs in a folder and outputs around it are near, whoever makes them; those beside it are not", () => {
  expect(near("/w/a", MADE)).toEqual({
    "a:build": ["dist/**", "!dist/kept"],
    "b:copy": ["//a/copied"],
    all: ["**/*.gen"],
  });
  expect(near("/w/b", MADE)).toEqual({ "b:build": ["dist"], all: ["**/*.gen"] });
  expect(near("/w/c", MADE)).toEqual({ all: ["**/*.gen"] });
});

test("a folder deep in outputs, and the workspace around all of them, have them near", () => {
  expect(near("/w/b/dist/deep", MADE)).toEqual({ "b:build": ["dist"], all: ["**/*.gen"] });
  expect(Object.keys(near("/w", MADE)).toSorted()).toEqual([
    "a:build",
    "ab:build",
    "all",
    "b:build",
    "b:copy",
  ]);
});

test("what one instance makes in several places around a folder is found whole", () => {
  const made = { x: ["/w", ["p/**", "p/q/r/*.o"]] } as const;
  expect(near("/w/p/q", made)).toEqual({ x: ["p/**", "p/q/r/*.o"] });
});
