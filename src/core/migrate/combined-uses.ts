import { newUses, type Uses } from "./pieces";

/** What all readings of a file use together, and the names that stand for different things in them. */
export function combinedUses(readings: readonly Uses[]): {
  readonly uses: Uses;
  readonly differing: readonly string[];
} {
  const uses = newUses();
  const differing = new Set<string>();
  const add = (kind: "vars" | "once", own: Uses): void => {
    for (const [name, text] of own[kind]) {
      if (uses[kind].has(name) && uses[kind].get(name) !== text) differing.add(name);
      uses[kind].set(name, text);
    }
  };
  for (const own of readings) {
    add("vars", own);
    add("once", own);
    for (const name of own.fixed) uses.fixed.add(name);
    for (const name of own.written) uses.written.add(name);
  }
  // What is run once may have another name in the environment.
  return { uses, differing: [...differing].flatMap((name) => [name, name.replace(/^MAKE_/, "")]) };
}
