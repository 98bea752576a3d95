import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSitePages, siteParts } from "./site-pages";

test("links lead to pages of the site, to its pictures, or to the file in the forge", async () => {
  const root = await mkdtemp(join(tmpdir(), "zr-site-pages-"));
  try {
    const links =
      "[t](tasks.md#x) [m](../bench/README.md#y) [e](../examples/one) [h](../README.md) ![p](images/p.svg)";
    await Bun.write(join(root, "docs/getting-started.md"), `# Start\n\n${links}\n`);
    await Bun.write(join(root, "docs/tasks.md"), "# Tasks\n");
    await Bun.write(join(root, "docs/unlisted.md"), "# New\n");
    await Bun.write(join(root, "bench/README.md"), "# Bench\n\n[s](../docs/tasks.md) [c](report.ts)\n");
    const pages = await readSitePages("https://forge.example/zr", root);
    const textOf = (name: string): string | undefined => pages.find((page) => page.name === name)?.text;
    expect(textOf("getting-started.md")).toBe(
      "# Start\n\n[t](./tasks.md#x) [m](./bench.md#y) [e](https://forge.example/zr/blob/main/examples/one) [h](./index.md) ![p](./images/p.svg)\n",
    );
    expect(textOf("bench.md")).toBe(
      "# Bench\n\n[s](./tasks.md) [c](https://forge.example/zr/blob/main/bench/report.ts)\n",
    );
    expect(siteParts(pages)).toEqual([
      { text: "Start", area: "Guides", items: [{ text: "Start", link: "/getting-started" }] },
      { text: "Tasks", area: "Guides", items: [{ text: "Tasks", link: "/tasks" }] },
      { text: "Contributing", area: "Contributing", items: [{ text: "Bench", link: "/bench" }] },
      { text: "More", area: "Guides", items: [{ text: "New", link: "/unlisted" }] },
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});
