import type { Span } from "#base/span";
import { findTask, parseReference, resolveReference } from "#core/workspace/references";
import type { Target } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { originsOf } from "./editor-model";
import type { NameUse } from "./name-uses";

/** The part of a reference that is a name, by its place in the reference. */
export interface Words extends Span {
  /** What the stars of a pattern task stand for there. */
  readonly stars: readonly string[];
}

/** What a reference in a file means, whichever package reads it. */
export const taskTargets = (
  workspace: Workspace | undefined,
  file: string,
  reference: string,
): readonly Target[] =>
  workspace === undefined
    ? []
    : originsOf(workspace, file).flatMap((origin) =>
        resolveReference(workspace, origin, parseReference(reference).name),
      );

/**
 * Where a reference says the name of a task: `build` of `^build`, `web:build` and `build[os=linux]`, and for a pattern
 * what fits it. `own` is the name as its definition says it. Undefined where the reference goes by an alias.
 */
export function taskWords(reference: string, { entry, match }: Target, own: string): Words | undefined {
  const { name } = parseReference(reference);
  const written = withStars(own, match);
  if (!endsInName(name, written)) return undefined;
  const isAlias = entry.sources.some(({ table }) =>
    (table.aliases ?? []).some((alias) => alias.length > written.length && endsInName(name, alias)),
  );
  return isAlias ? undefined : { start: name.length - written.length, end: name.length, stars: match };
}

/** Whether a reference ends in this name and not in the middle of another. */
const endsInName = (reference: string, name: string): boolean =>
  reference === name ||
  (reference.endsWith(name) && /[:^#]/.test(reference.charAt(reference.length - name.length - 1)));

/** A name with what its stars stand for. */
export function withStars(name: string, stars: readonly string[]): string {
  let next = 0;
  return stars.length === 0 ? name : name.replaceAll("*", () => stars[next++] ?? "*");
}

/** The package that a reference names before the task: `web` of `web:build`. Undefined where it is another or none. */
export function packageWords(
  workspace: Workspace | undefined,
  file: string,
  { reference, name }: { readonly reference: string; readonly name: string },
): Words | undefined {
  if (workspace === undefined || !reference.startsWith(`${name}:`)) return undefined;
  const task = parseReference(reference).name;
  const pkg = workspace.packages.get(name);
  const inner = pkg === undefined ? undefined : findTask(pkg, task.slice(name.length + 1));
  if (inner === undefined) return undefined;
  for (const origin of originsOf(workspace, file)) {
    const own = findTask(origin.pkg, task) ?? findTask(origin.pkg, `${origin.namespace ?? ""}:${task}`);
    const [found] = resolveReference(workspace, origin, task);
    if (own === undefined && found?.pkg === pkg && found?.entry === inner.entry)
      return { start: 0, end: name.length, stars: [] };
  }
  return undefined;
}

/** The range of some words of a use; of all of it where its string has escapes. */
export const spanOfWords = ({ span, name }: NameUse, { start, end }: Words): Span =>
  span.end - span.start === name.length ? { start: span.start + start, end: span.start + end } : span;
