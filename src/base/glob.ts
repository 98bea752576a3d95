import { Minimatch } from "minimatch";

const PLAIN = /^[A-Za-z0-9_.\-/: ]*$/;

/**
 * Whether a text matches a glob, compiled once. Patterns are those of minimatch, with `/` as the separator; a pattern
 * without special characters is compared as it is.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (PLAIN.test(pattern)) return (text) => text === pattern;
  const compiled = new Minimatch(pattern, { dot: true, nonegate: true, nocomment: true });
  return (text) => compiled.match(text);
}
