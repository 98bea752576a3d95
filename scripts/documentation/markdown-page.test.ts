import { expect, test } from "bun:test";
import { headingSlugs } from "./heading-slug";
import { markdownPage, withLinks } from "./markdown-page";

test("anchors are those of the forges: small, without punctuation, a dash for each space, numbered when they repeat", () => {
  expect(
    headingSlugs(["Kept files", "What `cwd` is", "A & B", "14. Never two", "Kept files", "Größe_1"]),
  ).toEqual(["kept-files", "what-cwd-is", "a--b", "14-never-two", "kept-files-1", "größe_1"]);
});

test("links, pictures and headings are found with their lines, and none of them in code", () => {
  const text = [
    "# The `zr` page",
    "",
    "See [tasks](tasks.md#deps) and ![a screen](images/x.svg), not `[a](b.md)`.",
    "```console",
    "# no heading [c](d.md)",
    "```",
    "## Links of [others](https://example.com)",
  ].join("\n");
  const page = markdownPage(text);
  expect(page.title).toBe("The `zr` page".replaceAll("`", ""));
  expect([...page.anchors]).toEqual(["the-zr-page", "links-of-others"]);
  expect(page.links).toEqual([
    { text: "tasks", target: "tasks.md#deps", isPicture: false, line: 3 },
    { text: "a screen", target: "images/x.svg", isPicture: true, line: 3 },
    { text: "others", target: "https://example.com", isPicture: false, line: 7 },
  ]);
});

test("links are exchanged where they are links, and code stays as it is", () => {
  const text = "[a](a.md) `[a](a.md)`\n\n~~~md\n[a](a.md)\n~~~\n![b](b.png)\n";
  expect(withLinks(text, (target) => `./x/${target}`)).toBe(
    "[a](./x/a.md) `[a](a.md)`\n\n~~~md\n[a](a.md)\n~~~\n![b](./x/b.png)\n",
  );
});
