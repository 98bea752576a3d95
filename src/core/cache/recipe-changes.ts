import type { KeyPart, KeyRecipe } from "#core/model/cache";

/** How two recipes differ in one part. */
export interface RecipeChange {
  readonly kind: KeyPart["kind"];
  readonly name: string;
  readonly change: "changed" | "added" | "removed";
}

/** What makes `after` another recipe than `before`, in the order of their parts. */
export function recipeChanges(before: KeyRecipe, after: KeyRecipe): readonly RecipeChange[] {
  const old = new Map(before.parts.map((part) => [`${part.kind}\0${part.name}`, part]));
  const changes: RecipeChange[] = [];
  for (const { kind, name, digest } of after.parts) {
    const id = `${kind}\0${name}`;
    const known = old.get(id);
    old.delete(id);
    if (known === undefined) changes.push({ kind, name, change: "added" });
    else if (known.digest !== digest) changes.push({ kind, name, change: "changed" });
  }
  for (const { kind, name } of old.values()) changes.push({ kind, name, change: "removed" });
  return changes;
}

/** So many changes are named. */
const SHOWN = 5;

/** `input src/a.ts changed, variable MODE changed and 3 more`. Empty where nothing differs. */
export function changesText(changes: readonly RecipeChange[], most = SHOWN): string {
  const texts = changes.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)).map(changeText);
  const more = texts.length - most;
  return more > 0 ? `${texts.slice(0, most).join(", ")} and ${more} more` : texts.join(", ");
}

/** What decides most stands first. */
const ORDER: readonly KeyPart["kind"][] = [
  "task",
  "command",
  "tool",
  "platform",
  "salt",
  "env",
  "file",
  "global",
  "upstream",
];

/** `input src/a.ts changed`. */
function changeText({ kind, name, change }: RecipeChange): string {
  const what = kind === "command" || name === kind ? name : `${NOUN[kind]} ${name}`;
  return `${what} ${kind === "file" || kind === "global" ? FILE_VERB[change] : change}`;
}

/** What a part of a recipe is called. */
const NOUN: Readonly<Record<KeyPart["kind"], string>> = {
  task: "task",
  command: "command",
  env: "variable",
  file: "input",
  global: "global input",
  upstream: "upstream",
  tool: "tool",
  platform: "platform",
  salt: "salt",
};

const FILE_VERB: Readonly<Record<RecipeChange["change"], string>> = {
  changed: "changed",
  added: "is new",
  removed: "is gone",
};

export const partNoun = ({ kind }: KeyPart): string => NOUN[kind];
