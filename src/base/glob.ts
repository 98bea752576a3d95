import { Minimatch } from "minimatch";

const PLAIN = /^[A-Za-z0-9_.\-/: ]*$/;

/**
 * Whether a text matches a glob, compiled once. Patterns are those of minimatch, with `/` as the separator; a pattern
 * without special characters is compared as it is. One that is too long, or whose braces give too much, matches nothing more.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (PLAIN.test(pattern)) return (text) => text === pattern;
  try {
    const compiled = new Minimatch(pattern, {
      dot: true,
      nonegate: true,
      nocomment: true,
      braceExpandMax: 256,
    });
    return (text) => compiled.match(text);
  } catch (error) {
    // Thrown for what is longer than any path, or becomes that.
    if (error instanceof TypeError) return () => false;
    throw error;
  }
}
