import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { closeBrowser, noChromium, showPage } from "#tests/support/browser";
import type { PageLook } from "#tests/support/browser";
import { BASE, builtSite, noGenerator } from "./built-site";
import type { BuiltSite } from "./built-site";
import { describeUnless } from "#tests/support/left-out";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };
const PHONE_DARK: PageLook = { size: PHONE, dark: true };
const DESKTOP_LIGHT: PageLook = { size: DESKTOP, dark: false };
/** Pages of every kind: home, guide, long tables, pictures, generated. */
const SOME = new Set([
  "index",
  "getting-started",
  "comparison",
  "graph",
  "cookbook",
  "configuration",
  "errors",
]);
const isAny = (): boolean => true;
const isOneOfSome = (name: string): boolean => SOME.has(name.replace(/\.html$/, ""));
/** Every page is looked at twice, some four times. */
const LOOKS: readonly (readonly [string, PageLook, (name: string) => boolean])[] = [
  ["any page on a phone, dark,", PHONE_DARK, isAny],
  ["a page on a phone, light,", { size: PHONE, dark: false }, isOneOfSome],
  ["a page on a desktop, dark,", { size: DESKTOP, dark: true }, isOneOfSome],
  ["any page on a desktop, light,", DESKTOP_LIGHT, isAny],
];
const BUILD_MS = 180_000;
const LOOK_MS = 120_000;

let site: BuiltSite;

describeUnless(noGenerator)("the documentation site", () => {
  beforeAll(async () => {
    site = await builtSite();
  }, BUILD_MS);
  afterAll(() => site[Symbol.asyncDispose]());

  test("every link of every page leads to a page and an anchor of the site, or away from it", async () => {
    const found = new Map<string, FoundPage>();
    for (const page of site.pages) found.set(page, await readPage(join(site.folder, page)));
    expect(found.size).toBeGreaterThan(40);
    const dead: string[] = [];
    for (const [page, { links }] of found) {
      for (const link of links) {
        if (!(await isAlive(link, { page, found }))) dead.push(`${page}: ${link}`);
      }
    }
    expect(dead).toEqual([]);
  });

  test("every page has a title, a description, a language, and images that say what they show", async () => {
    const problems: string[] = [];
    for (const page of site.pages) {
      const html = await Bun.file(join(site.folder, page)).text();
      if (!/<title>[^<]+<\/title>/.test(html)) problems.push(`${page}: no title`);
      if (!/<meta name="description" content="[^"]+">/.test(html)) problems.push(`${page}: no description`);
      if (!/<html lang="en"/.test(html)) problems.push(`${page}: no language`);
      for (const [image] of html.matchAll(/<img\b[^>]*>/g))
        if (!/\balt="[^"]+"/.test(image)) problems.push(`${page}: ${image}`);
    }
    expect(problems).toEqual([]);
  });

  describeUnless(noChromium)("in a browser", () => {
    afterAll(closeBrowser);

    for (const [what, look, isChosen] of LOOKS) {
      test(
        `nothing complains, asks another server, is too wide or lacks a picture in ${what} with its scripts run`,
        async () => {
          await using shown = await showPage(`${site.address}${BASE}`, look);
          const { page, problems, requests } = shown;
          const wrong: string[] = [];
          for (const name of site.pages.filter(isChosen)) {
            if (name !== "index.html")
              await page.goto(`${site.address}${BASE}${name}`, { waitUntil: "load" });
            const found: unknown = await page.evaluate(LOOK_AROUND);
            if (JSON.stringify(found) !== JSON.stringify({ dark: look.dark, tooWide: 0, broken: [] }))
              wrong.push(`${name}: ${JSON.stringify(found)}`);
          }
          expect(wrong).toEqual([]);
          expect(problems).toEqual([]);
          expect(requests.filter((url) => !url.startsWith(site.address) && !url.startsWith("data:"))).toEqual(
            [],
          );
        },
        LOOK_MS,
      );
    }

    for (const [name, look] of [
      ["a phone", PHONE_DARK],
      ["a desktop", DESKTOP_LIGHT],
    ] as const) {
      test(`the search finds words, codes and recipes on ${name}`, async () => {
        await using shown = await showPage(`${site.address}${BASE}`, look);
        const { page, problems, requests } = shown;
        for (const [words, place] of SEARCHES) {
          await page.getByRole("button", { name: "Search" }).first().click();
          await page.getByRole("searchbox").fill(words);
          const result = page.locator(`.VPLocalSearchBox .results a[href*="${place}"]`).first();
          await result.click();
          await page.waitForURL((url) => url.href.includes(place));
        }
        expect(problems).toEqual([]);
        expect(requests.filter((url) => !url.startsWith(site.address))).toEqual([]);
      });
    }

    test("the first page shows a session that plays, and stands still for who wants no motion", async () => {
      await using shown = await showPage(`${site.address}${BASE}`, DESKTOP_LIGHT);
      const source = await shown.page.locator('img[alt^="A terminal"]').getAttribute("src");
      await shown.page.goto(`${site.address}${source}`);
      const playing = "document.getAnimations().length";
      expect(await shown.page.evaluate(playing)).toBe(1);
      await shown.page.emulateMedia({ reducedMotion: "reduce" });
      expect(await shown.page.evaluate(playing)).toBe(0);
    });
  });
});

/** What is looked for, and a piece of the address that it has to lead to. */
const SEARCHES = [
  ["jobserver", "running"],
  ["E130", "errors.html#e130"],
  ["never two deployments", "cookbook.html#14"],
] as const;

/** Runs in the page: the theme, how far it is wider than the window, and pictures that are not there. */
const LOOK_AROUND = `({
  dark: document.documentElement.classList.contains("dark"),
  tooWide: Math.max(0, document.documentElement.scrollWidth - innerWidth),
  broken: [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map(({ src }) => src),
})`;

interface FoundPage {
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

async function readPage(path: string): Promise<FoundPage> {
  const [links, anchors]: [string[], Set<string>] = [[], new Set()];
  const rewriter = new HTMLRewriter()
    .on("[href]", { element: (element) => void links.push(element.getAttribute("href") ?? "") })
    .on("[src]", { element: (element) => void links.push(element.getAttribute("src") ?? "") })
    .on("[id]", { element: (element) => void anchors.add(element.getAttribute("id") ?? "") });
  await rewriter.transform(new Response(await Bun.file(path).text())).text();
  return { links, anchors };
}

async function isAlive(
  link: string,
  { page, found }: { readonly page: string; readonly found: ReadonlyMap<string, FoundPage> },
): Promise<boolean> {
  const url = new URL(link.replaceAll("&amp;", "&"), `${site.address}${BASE}${page}`);
  if (url.origin !== site.address) return url.protocol === "https:" || url.protocol === "data:";
  if (!url.pathname.startsWith(BASE)) return false;
  const name = decodeURIComponent(url.pathname.slice(BASE.length)) || "index.html";
  const target = found.get(name) ?? found.get(`${name}.html`);
  if (target === undefined) return Bun.file(join(site.folder, name)).exists();
  return url.hash === "" || target.anchors.has(decodeURIComponent(url.hash.slice(1)));
}
