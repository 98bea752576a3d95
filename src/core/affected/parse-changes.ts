/** What git says about a checkout. */
export interface CheckoutStatus {
  /** Name of the commit that is checked out; undefined before the first one. */
  readonly head: string | undefined;
  /** Paths from the top folder of what is staged, unstaged or untracked. */
  readonly files: readonly string[];
}

/** Fields before the path, by the letter that an entry begins with. */
const FIELDS: Readonly<Record<string, number>> = { "1": 8, "2": 9, u: 10, "?": 1 };

/** Reads `git status --porcelain=v2 --branch -z` (git-status(1)). An entry that is not known is passed over. */
export function parseStatus(printed: string): CheckoutStatus {
  const entries = printed.split("\0");
  const files: string[] = [];
  let head: string | undefined;
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] ?? "";
    if (entry.startsWith("# branch.oid ")) {
      const name = entry.slice("# branch.oid ".length);
      head = name === "(initial)" ? undefined : name;
      continue;
    }
    const kind = entry[0] ?? "";
    const fields = FIELDS[kind];
    if (fields === undefined) continue;
    // The folder of another repository has a slash behind it.
    files.push(behindFields(entry, fields).replace(/\/$/, ""));
    // Of a rename the place where the file was stands in an entry of its own.
    if (kind === "2") {
      at += 1;
      files.push(entries[at] ?? "");
    }
  }
  return { head, files: files.filter((file) => file !== "") };
}

function behindFields(entry: string, fields: number): string {
  let at = 0;
  for (let field = 0; field < fields; field += 1) at = entry.indexOf(" ", at) + 1;
  return entry.slice(at);
}

/** Reads `git diff --name-only -z` and `git ls-files -z`. */
export const parsePaths = (printed: string): readonly string[] =>
  printed.split("\0").filter((path) => path !== "");

/** A list that somebody has made: paths apart by newlines, or by NUL where there is one. */
export const parseFileList = (text: string): readonly string[] =>
  (text.includes("\0") ? text.split("\0") : text.split(/\r?\n/)).filter((path) => path.trim() !== "");
