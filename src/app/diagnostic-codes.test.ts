import { expect, test } from "bun:test";
import { dirname } from "node:path";
import { codeGroups, diagnosticCodes, findCode } from "./diagnostic-codes";

const SOURCE = dirname(import.meta.dir);

test("no code stands in two tables", () => {
  const all = codeGroups.flatMap((group) => Object.keys(group.codes));
  expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
  expect(Object.keys(diagnosticCodes)).toHaveLength(all.length);
});

/** The sources of the program, by their paths below this room's parent. */
const sources = new Map(
  await Promise.all(
    [...new Bun.Glob("**/*.{ts,tsx}").scanSync(SOURCE)]
      .filter((path) => !/\.test\.tsx?$/.test(path))
      .map(async (path) => [path, await Bun.file(`${SOURCE}/${path}`).text()] as const),
  ),
);

test("no room has a table of its own that the others do not know", async () => {
  const tables = new Set<unknown>([diagnosticCodes, ...codeGroups.map(({ codes }) => codes)]);
  const strays: string[] = [];
  for (const [path, text] of sources) {
    if (!/satisfies CodeTable\b|: CodeTable = \{/.test(text)) continue;
    for (const [name, value] of Object.entries<object>(await import(`${SOURCE}/${path}`)))
      if (Object.keys(value).some((key) => /^[EW]\d{3}$/.test(key)) && !tables.has(value))
        strays.push(`${path}: ${name}`);
  }
  expect(strays).toEqual([]);
});

test("a code that some room reports is in a table", () => {
  const unknown = [...sources].flatMap(([path, text]) =>
    [...text.matchAll(/"([EW]\d{3})"/g)]
      .filter(([, code = ""]) => findCode(code) === undefined)
      .map(([, code]) => `${path}: ${code}`),
  );
  expect(unknown).toEqual([]);
});

test("every code is a letter and three digits and has a message and an explanation", () => {
  for (const [code, entry] of Object.entries(diagnosticCodes)) {
    expect(code).toMatch(/^[EW]\d{3}$/);
    expect(entry.message).not.toBe("");
    expect(entry.doc).toMatch(/[.!`)]$/);
  }
});

test("a code is found in small letters too, and nothing else is", () => {
  expect(findCode("e130")).toBe(diagnosticCodes["E130"]!);
  expect(findCode("constructor")).toBeUndefined();
  expect(findCode("E999")).toBeUndefined();
});
