import type { Entry } from "./scheduler-entry";

/** What an instance that waits in a call has set going: the called, and what runs for nobody but these. */
export function calledPart(caller: Entry): ReadonlySet<Entry> {
  const part = new Set(caller.wants.filter(({ callers }) => callers.includes(caller)));
  // What is added on the way is looked at too.
  for (const { wants } of part)
    for (const wanted of wants) if (wanted.instance.heldBy !== undefined) part.add(wanted);
  return part;
}
