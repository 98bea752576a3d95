import type { Instance } from "#core/model/plan";
import type { CacheRule } from "#core/model/cache";
import type { InstanceVariables } from "#engine/cache/cache-session";
import { envParts } from "#engine/cache/key-parts";

const REFERENCE = /\$\{?([A-Za-z_][A-Za-z0-9_]*)/g;

/** What every command finds its programs and folders by, and what zr itself says to it. */
const ALWAYS = /^(?:PATH|PWD|OLDPWD|TMPDIR|SHELL|MAKEFLAGS|CARGO_MAKEFLAGS|ZR_.*)$/;

/** Names of variables that the commands of a task mention, that are set, and that its key leaves out; sorted. */
export function undeclaredVariables(
  instance: Instance,
  { rule, variables }: { readonly rule: CacheRule; readonly variables: InstanceVariables },
): readonly string[] {
  // Only the names count: any key will do for the digests.
  const parts = envParts(instance, { rule, variables }, { root: "/", secretKey: "" });
  const known = new Set(parts.map(({ name }) => name));
  const mentioned = new Set<string>();
  for (const step of instance.steps) {
    const texts = step.kind === "exec" ? step.argv : step.kind === "call" ? [] : [step.text];
    for (const text of texts)
      for (const [, name] of text.matchAll(REFERENCE)) if (name !== undefined) mentioned.add(name);
  }
  return [...mentioned]
    .filter((name) => !ALWAYS.test(name) && !known.has(name) && Object.hasOwn(variables.values, name))
    .toSorted();
}
