import type { KeyPart, KeyPartKind, KeyRecipe } from "#core/model/cache";

/** So many files stand in a recipe by their own names; of more, each folder does. */
const MAX_FILES = 1000;

/** What the key of a recipe begins with: a change of what keys are made of makes all others. */
const FORMAT = "zr task key 1";

const byPart = (a: KeyPart, b: KeyPart): number => compare(a.kind, b.kind) || compare(a.name, b.name);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const recipeOf = (parts: readonly KeyPart[]): KeyRecipe => ({ v: 1, parts: parts.toSorted(byPart) });

/** The text whose digest is the key. Two recipes have the same text only where they say the same. */
export function recipeText({ parts }: KeyRecipe): string {
  const lines = [FORMAT];
  for (const { kind, name, digest } of parts) lines.push(`${kind}\0${name}\0${digest}`);
  return lines.join("\0\n");
}

/** Files as parts; many of them by folder, so that what is kept with a result stays small. */
export function fileParts(
  kind: KeyPartKind,
  files: readonly { readonly name: string; readonly digest: string }[],
  digestOf: (text: string) => string,
): readonly KeyPart[] {
  if (files.length <= MAX_FILES) return files.map(({ name, digest }) => ({ kind, name, digest }));
  const folders = new Map<string, string[]>();
  for (const { name, digest } of files.toSorted((a, b) => compare(a.name, b.name))) {
    const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : ".";
    const lines = folders.get(folder);
    const line = `${name}\0${digest}`;
    if (lines === undefined) folders.set(folder, [line]);
    else lines.push(line);
  }
  return [...folders].map(([folder, lines]) => ({
    kind,
    name: `${folder}/*`,
    digest: digestOf(lines.join("\0\n")),
  }));
}
