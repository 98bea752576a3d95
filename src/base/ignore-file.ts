import { Minimatch } from "minimatch";

/** One line of an ignore file. */
export interface IgnoreRule {
  /** `!`: what matches is taken back in. */
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** Asked with the path from the ignore file's folder. */
  readonly matches: (path: string) => boolean;
}

/**
 * The rules of a `.gitignore` file, in their order, as gitignore(5) has them: blank lines and `#` comments say nothing, a
 * slash at the beginning or in the middle ties the pattern to the file's folder, one at the end means folders only. Braces
 * and extended globs are plain text there.
 */
export function parseIgnoreFile(text: string): readonly IgnoreRule[] {
  const rules: IgnoreRule[] = [];
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    const rule = parseLine(line);
    if (rule !== undefined) rules.push(rule);
  }
  return rules;
}

/** What the last rule that matches says of a path: ignored, taken back in, or undefined where none matches. */
export function ignoredBy(
  rules: readonly IgnoreRule[],
  path: string,
  isFolder: boolean,
): boolean | undefined {
  const last = rules.findLast((rule) => (isFolder || !rule.foldersOnly) && rule.matches(path));
  return last === undefined ? undefined : !last.negated;
}

const PLAIN = /^[A-Za-z0-9_\-. ]+$/;

function parseLine(line: string): IgnoreRule | undefined {
  // Blanks at the end count only behind a backslash; so does a carriage return of another system's editor.
  let text = line.replace(/\r$/, "").replace(/((?:^|[^\\])(?:\\\\)*) +$/, "$1");
  if (text === "" || text.startsWith("#")) return undefined;
  const negated = text.startsWith("!");
  if (negated) text = text.slice(1);
  const foldersOnly = text.endsWith("/");
  if (foldersOnly) text = text.slice(0, -1);
  if (text === "" || text === "/") return undefined;
  // To git such a line matches nothing; to others it is slow work.
  if (text.includes("[") && hasOpenBracket(text)) return undefined;
  const isTied = text.includes("/");
  if (text.startsWith("/")) text = text.slice(1);
  return { negated, foldersOnly, matches: isTied ? pathMatcher(text) : nameMatcher(text) };
}

function hasOpenBracket(pattern: string): boolean {
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (char === "\\") at += 1;
    if (char !== "[") continue;
    // A closing bracket that comes first means itself.
    const first = pattern[at + 1] === "!" || pattern[at + 1] === "^" ? at + 3 : at + 2;
    const close = pattern.indexOf("]", first);
    // None reaches over a `/`.
    if (close === -1 || pattern.slice(at, close).includes("/")) return true;
    at = close;
  }
  return false;
}

function nameMatcher(pattern: string): IgnoreRule["matches"] {
  const matches = PLAIN.test(pattern) ? (name: string) => name === pattern : globOf(pattern);
  return (path) => matches(path.slice(path.lastIndexOf("/") + 1));
}

function pathMatcher(pattern: string): IgnoreRule["matches"] {
  // `a/**` is what lies in the folder, never the folder itself.
  return globOf(pattern.endsWith("/**") ? `${pattern}/*` : pattern);
}

function globOf(pattern: string): (path: string) => boolean {
  const compiled = new Minimatch(pattern, {
    dot: true,
    nobrace: true,
    noext: true,
    nonegate: true,
    nocomment: true,
    platform: "linux",
  });
  return (path) => compiled.match(path);
}
