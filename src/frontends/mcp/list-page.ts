import type { Sdk } from "./sdk";

/** A page of a list of the protocol; a cursor that this server has not given is refused, as the protocol wants. */
export function listPage<T>(
  items: readonly T[],
  cursor: string | undefined,
  { size, types }: { readonly size: number; readonly types: Sdk["types"] },
): { readonly items: T[]; readonly nextCursor: { readonly nextCursor?: string } } {
  const start = cursor === undefined ? 0 : /^\d{1,9}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (!(start <= items.length) || (cursor !== undefined && start % size !== 0))
    throw new types.McpError(types.ErrorCode.InvalidParams, "there is no page of this cursor");
  const end = start + size;
  return {
    items: items.slice(start, end),
    nextCursor: end < items.length ? { nextCursor: String(end) } : {},
  };
}
