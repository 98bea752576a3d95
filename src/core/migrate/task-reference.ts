import { taskName } from "./zr-text";

/** A package by what references to its tasks need. */
interface Owner {
  readonly name: string;
  /** Its folder, from the root; `.` is the root. */
  readonly path: string;
}

/** How a task of a package is referred to from another, or from the package itself. */
export function taskReference(owner: Owner, task: string, from: Owner): string {
  const name = taskName(task) ?? task;
  if (owner === from) return name;
  return owner.path === "." ? `//:${name}` : `${owner.name}:${name}`;
}
