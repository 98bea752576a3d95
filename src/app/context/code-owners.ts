import { globMatcher } from "#base/glob";

/** Who owns a path from the root. */
export type OwnersOf = (path: string) => readonly string[];

/** Reads a CODEOWNERS file in the form of GitHub: patterns of gitignore, the last that matches counts. */
export function codeOwners(text: string): OwnersOf {
  const rules = text.split(/\r?\n/).flatMap((line) => {
    const [pattern, ...owners] = line
      .replace(/(?:^|\s)#.*$/, "")
      .trim()
      .split(/\s+/);
    // `[Section]` is of GitLab, and speaks of no path.
    return pattern === undefined || pattern === "" || pattern.startsWith("[")
      ? []
      : [{ matches: matcherOf(pattern), owners }];
  });
  return (path) => rules.findLast(({ matches }) => matches(path))?.owners ?? [];
}

function matcherOf(pattern: string): (path: string) => boolean {
  const bare = pattern.replace(/^\//, "").replace(/\/$/, "");
  const isAnchored = pattern.startsWith("/") || bare.includes("/");
  const glob = isAnchored ? bare : `**/${bare}`;
  const self = globMatcher(glob);
  const below = globMatcher(`${glob}/**`);
  return (path) => self(path) || below(path);
}
