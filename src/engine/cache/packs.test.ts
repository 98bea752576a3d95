import { expect, test } from "bun:test";
import fc from "fast-check";
import { packsOf } from "./packs";
import type { FileToStore } from "./packs";

const KB = 1024;

const files = (sizes: readonly number[]): readonly FileToStore[] =>
  sizes.map((size, index) => {
    const path = `dist/${String(index).padStart(6, "0")}.js`;
    return { path, absolute: `/w/${path}`, size };
  });

const paths = (pack: readonly FileToStore[]): string => pack.map(({ path }) => path).join(" ");

test("a few small files and all large ones have blobs of their own", () => {
  const few = files([1, 2, 3, 4, 5, 6, 7]);
  expect(packsOf(few)).toEqual(few.map((file) => [file]));
  const mixed = files([...Array.from({ length: 10 }, () => KB), 64 * KB, 900 * KB]);
  expect(packsOf(mixed).map((pack) => pack.length)).toEqual([1, 1, 10]);
});

test("every file is in one pack, and no pack is larger than what is read at once", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200 * KB), { maxLength: 300 }), (sizes) => {
      const all = files(sizes);
      const packs = packsOf(all);
      expect(
        packs
          .flat()
          .map(({ path }) => path)
          .sort(),
      ).toEqual(all.map(({ path }) => path));
      for (const pack of packs)
        if (pack.length > 1)
          expect(pack.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(1024 * KB);
    }),
  );
});

test("a file more or less changes the pack that it is in, and few others", () => {
  const all = files(Array.from({ length: 4000 }, (_, index) => 2 * KB + ((index * 7919) % (20 * KB))));
  const known = new Set(packsOf(all).map(paths));
  expect(known.size).toBeGreaterThan(40);
  for (const left of [0, 1, 1234, 3999]) {
    const fresh = packsOf(all.filter((_, index) => index !== left)).filter((pack) => !known.has(paths(pack)));
    expect(fresh.length).toBeLessThanOrEqual(4);
  }
});
