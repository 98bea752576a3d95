import { globFiles } from "#system/fs/read-text";
import { readText } from "#system/fs/read-text";
import { relativeTo } from "#base/path";

const NAMES = ["README*", "AGENTS.md", "CLAUDE.md", "CONTRIBUTING*", "ARCHITECTURE*", "docs/*.md"];
const MOST_DOCUMENTS = 40;
const TITLE_LENGTH = 100;

/** The documents at the top of a repository, those that everybody reads first, with their titles. */
export async function entryDocuments(
  root: string,
): Promise<readonly { readonly path: string; readonly title?: string }[]> {
  const paths: string[] = [];
  for (const pattern of NAMES) {
    const found = await globFiles(pattern, root);
    paths.push(...found.map((path) => relativeTo(root, path)).sort());
  }
  return Promise.all(
    [...new Set(paths)].slice(0, MOST_DOCUMENTS).map(async (path) => {
      const read = await readText(`${root}/${path}`);
      const title = read.kind === "text" ? titleOf(read.text) : undefined;
      return { path, ...(title === undefined ? {} : { title }) };
    }),
  );
}

const titleOf = (text: string): string | undefined =>
  /^#+\s+(.+?)\s*#*$/m.exec(text)?.[1]?.slice(0, TITLE_LENGTH);
