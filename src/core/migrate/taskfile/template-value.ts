import type { Piece, Pieces } from "#core/migrate/pieces";

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

/** Something that can't be known, cut where it is long, and why. */
export const unknown = (what: string, why: string): Piece => ({
  kind: "unknown",
  what: what.length > 80 ? `${what.slice(0, 79)}…` : what,
  why,
});
