/* oxlint-disable import/no-default-export -- the generator asks for it */
import { readFileSync } from "node:fs";
import { headingSlug } from "./heading-slug.ts";

/** Written by scripts/documentation/site.ts: base, description, version, repository, and the parts of the navigation. */
const site = JSON.parse(readFileSync(new URL("../site.json", import.meta.url), "utf8"));

/** What stands in the bar: one entry an area, a menu where it has one part of several pages. */
const bar = [...new Set(site.parts.map(({ area }) => area))].map((area) => {
  const parts = site.parts.filter((part) => part.area === area);
  const [{ items }] = parts;
  return parts.length > 1 || items.length === 1 ? { text: area, link: items[0].link } : { text: area, items };
});

/** Two braces in a text are what they are, not an expression of the generator's. */
function showBraces(markdown) {
  for (const name of ["text", "code_inline"]) {
    const render = markdown.renderer.rules[name];
    markdown.renderer.rules[name] = (...values) => render(...values).replaceAll("{{", "&#123;&#123;");
  }
}

export default {
  title: "zr",
  description: site.description,
  lang: "en",
  base: site.base,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${site.base}icon.svg` }]],
  srcDir: "pages",
  cacheDir: ".vitepress/cache",
  metaChunk: true,
  // The search index has the pages in the order in which they were read: one by one, or each build would be another.
  buildConcurrency: 1,
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  markdown: {
    anchor: { slugify: headingSlug },
    languageAlias: { env: "dotenv", just: "make" },
    config: showBraces,
  },
  themeConfig: {
    nav: bar,
    sidebar: site.parts.map(({ text, items }) => ({ text, items, collapsed: false })),
    outline: [2, 3],
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: site.repository }],
    footer: { message: `zr ${site.version}. MIT licence.` },
  },
};
