import type { Target } from "#core/workspace/references";
import { declaredParameters } from "./parameters";
import type { Asked, Wish } from "./wish";

/** A wish with values for parameters that it gives none to. */
export function withDefaults(wish: Wish, { pkg, entry }: Target, defaults: Asked["defaults"]): Wish {
  if (defaults === undefined) return wish;
  const open = declaredParameters(pkg.resolve(entry).table).filter(
    ({ name }, index) => index >= wish.given.words.length && Object.hasOwn(defaults, name),
  );
  const named = {
    ...Object.fromEntries(open.map(({ name }) => [name, defaults[name] ?? ""])),
    ...wish.given.named,
  };
  return { ...wish, given: { ...wish.given, named } };
}
