import { headingSlugs } from "./heading-slug";

/** A link or a picture of a Markdown text. */
export interface MarkdownLink {
  /** Text of the link, or what the picture shows. */
  readonly text: string;
  readonly target: string;
  readonly isPicture: boolean;
  /** From 1. */
  readonly line: number;
}

/** What can be linked in a Markdown text, and what it links to. */
export interface MarkdownPage {
  /** The first heading; the empty text where there is none. */
  readonly title: string;
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly MarkdownLink[];
}

/** Links, pictures and anchors of a Markdown text; code is passed over. Nested brackets and link references are not known. */
export function markdownPage(markdown: string): MarkdownPage {
  const [headings, links]: [string[], MarkdownLink[]] = [[], []];
  for (const [index, line] of withoutCode(markdown).split("\n").entries()) {
    const heading = /^#{1,6} +(.*?)(?: +#+)?$/.exec(line)?.[1];
    if (heading !== undefined) headings.push(plainText(heading));
    for (const [, mark = "", text = "", target = ""] of line.matchAll(LINK)) {
      links.push({ text, target, isPicture: mark === "!", line: index + 1 });
    }
  }
  return { title: headings[0] ?? "", anchors: new Set(headingSlugs(headings)), links };
}

/** Exchanges the targets of links and pictures; everything else, code included, stays as it is. */
export function withLinks(markdown: string, change: (target: string) => string): string {
  const masked = withoutCode(markdown);
  let [result, at] = ["", 0];
  for (const match of masked.matchAll(LINK)) {
    const [whole, , , target = ""] = match;
    const end = match.index + whole.length - 1;
    result += markdown.slice(at, end - target.length) + change(target);
    at = end;
  }
  return result + markdown.slice(at);
}

const LINK = /(!?)\[([^\]]*)\]\(([^()\s]+)\)/g;

/** The same text with blanks for fences and spans of code that could be taken for links or headings. */
function withoutCode(markdown: string): string {
  const blank = (code: string): string => code.replaceAll(/[^\n]/g, " ");
  return markdown
    .replaceAll(/^( *)(```+|~~~+)[^\n]*\n[^]*?^\1\2[`~]*[ \t]*$/gm, blank)
    .replaceAll(/(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g, (code) => code.replaceAll(/[[\]()!#]/g, " "));
}

const plainText = (heading: string): string =>
  heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "");
