import { expect, test } from "bun:test";
import fc from "fast-check";
import type { KeyPart } from "#core/model/cache";
import { fileParts, recipeOf, recipeText } from "./recipe";
import { changesText, recipeChanges } from "./recipe-changes";

const files = (count: number): { name: string; digest: string }[] =>
  Array.from({ length: count }, (_, index) => ({ name: `d${index % 7}/f${index}`, digest: `${index}` }));

test("many files stand by folder, and each change of one changes its folder's part alone", () => {
  const all = files(3000);
  const before = fileParts("file", all, (text) => text);
  expect(before.map(({ name }) => name).toSorted()).toEqual(Array.from({ length: 7 }, (_, at) => `d${at}/*`));
  const edited = all.map((file) => (file.name === "d3/f10" ? { ...file, digest: "x" } : file));
  const after = fileParts("file", edited.toReversed(), (text) => text);
  const changes = recipeChanges(recipeOf(before), recipeOf(after));
  expect(changesText(changes)).toBe("input d3/* changed");
  expect(fileParts("file", files(20), () => "")).toHaveLength(20);
});

const word = fc.string({ unit: fc.constantFrom("a", "b", "\n", " "), maxLength: 3 });
const part: fc.Arbitrary<KeyPart> = fc.record({
  kind: fc.constantFrom("env" as const, "file" as const, "command" as const),
  name: word,
  digest: word,
});
const parts = fc.uniqueArray(part, { selector: ({ kind, name }) => `${kind}\0${name}`, maxLength: 5 });

test("recipes have one text only where they say the same, in whatever order", () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const [left, right] = [recipeOf(a), recipeOf(b.toReversed())];
      const isSame = recipeChanges(left, right).length === 0;
      expect(recipeText(left) === recipeText(right)).toBe(isSame);
      expect(recipeText(recipeOf(a.toReversed()))).toBe(recipeText(left));
    }),
  );
});

test("only some changes are named, what decides most first", () => {
  const before = recipeOf([{ kind: "command", name: "command", digest: "1" }]);
  const after = recipeOf([
    { kind: "command", name: "command", digest: "2" },
    ...files(8).map(({ name, digest }) => ({ kind: "file" as const, name, digest })),
  ]);
  expect(changesText(recipeChanges(before, after), 2)).toBe("command changed, input d0/f0 is new and 7 more");
});
