import { compileNamePatterns, type NameMatcher } from "./name-pattern";
import { secretForms } from "./secret-forms";

/** Names that are secret unless something else is configured. Case does not count. */
export const defaultSecretPatterns: readonly string[] = [
  "*_SECRET",
  "*_TOKEN",
  "*_KEY",
  "*_PASSWORD",
  "*_CREDENTIALS",
  "SECRET",
  "TOKEN",
  "PASSWORD",
];

/** A shorter text would mask half of any output. In UTF-16 code units. */
const minSecretLength = 4;

/** Most environments of a workspace have the same patterns. */
const compiled = new WeakMap<readonly string[], NameMatcher>();

/** Tells whether a variable of this name is secret; globs with `*` and `?`, `!` takes names out again. */
export function compileSecretNames(patterns: readonly string[] = defaultSecretPatterns): NameMatcher {
  let matches = compiled.get(patterns);
  if (matches === undefined)
    compiled.set(patterns, (matches = compileNamePatterns(patterns, { ignoreCase: true })));
  return matches;
}

/**
 * The texts to mask for the variables `names` of `env`: each value, each line of a value of several lines, and of
 * each of these the forms in which output tends to carry it (`secretForms`). Without duplicates, in no set order.
 */
export function secretValues(
  env: Readonly<Record<string, string | undefined>>,
  names: Iterable<string>,
): string[] {
  const texts = new Set<string>();
  for (const name of names) {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined || value.length < minSecretLength) continue;
    for (const part of secretParts(value)) for (const form of secretForms(part)) texts.add(form);
  }
  return [...texts];
}

/** The value and its lines, without the white space around them, as far as they are long enough to mask. */
function secretParts(value: string): ReadonlySet<string> {
  const parts = new Set<string>();
  // Nothing but white space would mask every indentation.
  if (value.trim() !== "") parts.add(value);
  for (const line of value.split(/[\r\n]+/)) {
    const text = line.trim();
    if (text.length >= minSecretLength) parts.add(text);
  }
  return parts;
}
