import { textPieces, type Piece, type Pieces } from "#core/migrate/pieces";

/** What a name of a template stands for: text, or several values. */
export type TemplateValue =
  | Pieces
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly entries: Readonly<Record<string, string>> };

export const isList = (value: TemplateValue | undefined): value is Extract<TemplateValue, { kind: "list" }> =>
  value !== undefined && "kind" in value && value.kind === "list";

export const isTableValue = (
  value: TemplateValue | undefined,
): value is Extract<TemplateValue, { kind: "table" }> =>
  value !== undefined && "kind" in value && value.kind === "table";

/** Begins the items of `MATCH`, each of which is the number of a star in the name of the task. */
export const STAR = "\u0000";

/** An item of a list, or nothing where the list has no such item. */
export const itemPieces = (item = ""): Pieces =>
  item.startsWith(STAR) ? [{ kind: "stem", index: Number(item.slice(STAR.length)) }] : textPieces(item);

/** The items of a list with a text between each of them. */
export const joinedItems = (items: readonly string[], between: string): Pieces =>
  items.flatMap((item, index) => [...(index === 0 ? [] : textPieces(between)), ...itemPieces(item)]);

/** Something that can't be known, cut where it is long, and why. */
export const unknown = (what: string, why: string): Piece => ({
  kind: "unknown",
  what: what.length > 80 ? `${what.slice(0, 79)}…` : what,
  why,
});
