/** Tells whether a name is meant. */
export type NameMatcher = (name: string) => boolean;

/**
 * One matcher for several globs over variable names: `*` is any text, `?` one character. Names have no separators,
 * so this is all of a glob that makes sense for them. A pattern that begins with `!` takes names out again; the last
 * pattern that fits decides.
 */
export function compileNamePatterns(
  patterns: readonly string[],
  options: { readonly ignoreCase?: boolean } = {},
): NameMatcher {
  if (patterns.length === 0) return () => false;
  const flags = options.ignoreCase === true ? "i" : "";
  if (!patterns.some((pattern) => pattern.startsWith("!"))) {
    const all = new RegExp(`^(?:${patterns.map(patternSource).join("|")})$`, flags);
    return (name) => all.test(name);
  }
  const rules = patterns.map((pattern) => {
    const negated = pattern.startsWith("!");
    const source = patternSource(negated ? pattern.slice(1) : pattern);
    return { negated, regex: new RegExp(`^${source}$`, flags) };
  });
  return (name) => rules.findLast(({ regex }) => regex.test(name))?.negated === false;
}

function patternSource(pattern: string): string {
  return pattern
    .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
    .replace(/\*+/g, "[^]*")
    .replaceAll("?", "[^]");
}
