import { readdir } from "node:fs/promises";
import { basename, dirname, join, normalize, relative } from "node:path";
import { projectRoot } from "#scripts/project";
import { markdownPage, withLinks } from "./markdown-page";
import { NAVIGATION } from "./navigation";

/** A page of the site. */
export interface SitePage {
  /** Its path in the repository. */
  readonly source: string;
  /** Its path in the site, ending in `.md` as the generator wants it. */
  readonly name: string;
  readonly title: string;
  /** Its text, with links that lead to the right places in the site. */
  readonly text: string;
}

/** The pages of a part of the site, in the form in which the generator takes what stands beside a page. */
export interface SitePart {
  readonly text: string;
  /** The entry of the bar at the top. */
  readonly area: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** The first page; it is not in the navigation. */
export const HOME = "docs/site/index.md";

/** Paths of all pages below `docs/`, in the order of the alphabet. */
export async function documentPaths(root = projectRoot): Promise<readonly string[]> {
  const names = await readdir(join(root, "docs"));
  return names
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`)
    .toSorted();
}

/** Reads every page of the site: those of the navigation, and those that it does not name yet. */
export async function readSitePages(repository: string, root = projectRoot): Promise<readonly SitePage[]> {
  const listed = NAVIGATION.flatMap(({ pages }) => pages);
  const sources = [...new Set([HOME, ...listed, ...(await documentPaths(root))])];
  const pages: SitePage[] = [];
  for (const source of sources) {
    const file = Bun.file(join(root, source));
    if (!(await file.exists())) continue;
    const text = await file.text();
    const change = (target: string): string => siteTarget(target, { source, sources, repository });
    pages.push({
      source,
      name: siteName(source),
      title: markdownPage(text).title,
      // Where a picture differs between dark and light it stands in HTML.
      text: withLinks(text, change).replaceAll(/(src|srcset)="images\//g, '$1="./images/'),
    });
  }
  return pages;
}

/** What stands beside the pages; pages that the navigation does not name come last. */
export function siteParts(pages: readonly SitePage[]): readonly SitePart[] {
  const listed = new Set(NAVIGATION.flatMap((part) => part.pages));
  const others = pages.map(({ source }) => source).filter((source) => source !== HOME && !listed.has(source));
  return [...NAVIGATION, { title: "More", area: "Guides", pages: others }]
    .map(({ title, area, pages: sources }) => ({
      text: title,
      area,
      items: sources.flatMap((source) => {
        const page = pages.find((page) => page.source === source);
        return page === undefined
          ? []
          : [{ text: page.title, link: `/${page.name.slice(0, -".md".length)}` }];
      }),
    }))
    .filter(({ items }) => items.length > 0);
}

/** `docs/tasks.md` is `tasks.md`, `bench/README.md` is `bench.md`, `CONTRIBUTING.md` is `contributing.md`. */
function siteName(source: string): string {
  if (source === HOME) return "index.md";
  return source.endsWith("/README.md") ? `${dirname(source)}.md` : basename(source).toLowerCase();
}

interface LinkPlace {
  readonly source: string;
  readonly sources: readonly string[];
  readonly repository: string;
}

/** Where a link of the repository leads in the site: to a page, a picture, or the file in the forge. */
function siteTarget(target: string, { source, sources, repository }: LinkPlace): string {
  if (/^(?:[a-z]+:|#)/.test(target)) return target;
  const [path = "", anchor] = target.split("#");
  const file = normalize(join(dirname(source), path)).replace(/\/$/, "");
  const suffix = anchor === undefined ? "" : `#${anchor}`;
  if (file === "README.md") return `./index.md${suffix}`;
  if (sources.includes(file)) return `./${siteName(file)}${suffix}`;
  if (file.startsWith("docs/images/")) return `./${relative("docs", file)}`;
  return `${repository}/blob/main/${file}${suffix}`;
}
