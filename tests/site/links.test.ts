import { describe, expect, test } from "bun:test";
import { dirname, join, normalize } from "node:path";
import { stat } from "node:fs/promises";
import { REPOSITORY } from "#tests/support/binary";
import { markdownPage } from "#scripts/documentation/markdown-page";
import type { MarkdownPage } from "#scripts/documentation/markdown-page";
import { NAVIGATION } from "#scripts/documentation/navigation";
import { documentPaths, HOME } from "#scripts/documentation/site-pages";

const documents = await documentPaths();
const listed = NAVIGATION.flatMap(({ pages }) => pages);
const pages = new Map<string, MarkdownPage>();
for (const path of new Set(["README.md", HOME, ...documents, ...listed])) {
  const file = Bun.file(join(REPOSITORY, path));
  if (await file.exists()) pages.set(path, markdownPage(await file.text()));
}

/** What is wrong with a link of a page; undefined where it leads somewhere. */
async function problemOf(path: string, target: string): Promise<string | undefined> {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [place = "", anchor] = target.split("#");
  const file = place === "" ? path : normalize(join(dirname(path), place)).replace(/\/$/, "");
  const isThere = await stat(join(REPOSITORY, file)).then(
    () => true,
    () => false,
  );
  if (!isThere) return `${file} is not there`;
  const page = pages.get(file);
  if (anchor === undefined || page === undefined) return undefined;
  return page.anchors.has(anchor) ? undefined : `${file} has no heading #${anchor}`;
}

describe("links of the documentation", () => {
  for (const [path, { links }] of pages) {
    test(`every link of ${path} leads to a file and a heading that are there`, async () => {
      const problems: string[] = [];
      for (const { target, line } of links) {
        const problem = await problemOf(path, target);
        if (problem !== undefined) problems.push(`${path}:${line}: ${target}: ${problem}`);
      }
      expect(problems).toEqual([]);
    });
  }

  test("every picture of the documentation says what it shows", async () => {
    const silent: string[] = [];
    for (const [path, { links }] of pages) {
      for (const { text, isPicture, line } of links)
        if (isPicture && text.trim() === "") silent.push(`${path}:${line}`);
      const text = await Bun.file(join(REPOSITORY, path)).text();
      for (const [tag] of text.matchAll(/<img\b[^>]*>/g))
        if (!/\balt="[^"]+"/.test(tag)) silent.push(`${path}: ${tag}`);
    }
    expect(silent).toEqual([]);
  });
});

describe("the navigation of the site", () => {
  test("every page below docs/ stands in scripts/documentation/navigation.ts once", () => {
    expect(documents.filter((path) => !listed.includes(path))).toEqual([]);
    expect(listed.filter((path, index) => listed.indexOf(path) !== index)).toEqual([]);
  });

  test("it names only pages that are there, each with a title of its own", () => {
    expect(listed.filter((path) => !pages.has(path))).toEqual([]);
    const titles = listed.map((path) => pages.get(path)?.title ?? "");
    expect(titles.filter((title, index) => title === "" || titles.indexOf(title) !== index)).toEqual([]);
  });
});
