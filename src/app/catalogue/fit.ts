import { estimateTokens } from "#base/tokens";

/** Tokens of an answer, as it is sent: JSON without white space. */
export const answerTokens = (value: unknown): number => estimateTokens(JSON.stringify(value));

/** The estimate may be too small by a seventh. */
const AIMED_SHARE = 0.86;
const SHORTEST_TEXT = 40;
const MARK = "…";

/**
 * The value within a budget of tokens. Where it is larger, its longest lists lose items from their ends and its longest
 * texts their middles, until it fits; `truncated: true` says so. The shape stays.
 */
export function fitAnswer(
  value: Readonly<Record<string, unknown>>,
  budget: number,
): Readonly<Record<string, unknown>> {
  const aim = AIMED_SHARE * budget;
  let size = answerTokens(value);
  if (size <= aim) return value;
  let fitted: unknown = value;
  for (let round = 0; round < 40 && size > aim; round += 1) {
    const share = Math.min(0.9, aim / size);
    fitted = shrink(fitted, share, longestPart(fitted) * 0.6);
    size = answerTokens(fitted);
  }
  return { ...(fitted as Readonly<Record<string, unknown>>), truncated: true };
}

/** Characters of the longest text or list in a value. */
function longestPart(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  const items = Object.values(value).map(longestPart);
  const inner = Math.max(0, ...items);
  return Array.isArray(value) && value.length > 1 ? Math.max(inner, JSON.stringify(value).length) : inner;
}

function shrink(value: unknown, share: number, above: number): unknown {
  if (typeof value === "string")
    return value.length <= Math.max(above, SHORTEST_TEXT)
      ? value
      : cutText(value, Math.max(SHORTEST_TEXT, value.length * share));
  if (Array.isArray(value)) {
    const isLong = value.length > 1 && JSON.stringify(value).length > above;
    const kept = isLong ? value.slice(0, Math.max(1, Math.floor(value.length * share))) : value;
    return kept.map((item) => shrink(item, share, above));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shrink(item, share, above)]));
}

/** A text without its middle. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const half = Math.max(1, Math.floor((length - 1) / 2));
  return `${text.slice(0, half).toWellFormed()}${MARK}${text.slice(-half).toWellFormed()}`.replaceAll(
    "\ufffd",
    "",
  );
}

/** A part of a list, and how to ask for what follows. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Of the whole list. */
  readonly total: number;
  readonly cursor?: string;
}

export interface PageRequest {
  /** As a former page gave it. */
  readonly cursor: string | undefined;
  readonly limit: number;
  /** Tokens that the items may have together; a page has at least one. */
  readonly budget: number;
}

/** The page of a list that a cursor means; one without a cursor is the first. */
export function pageOf<T>(items: readonly T[], { cursor, limit, budget }: PageRequest): Page<T> {
  const start = /^\d{1,9}$/.test(cursor ?? "") ? Number(cursor) : 0;
  const page: T[] = [];
  let tokens = 0;
  for (const item of items.slice(start, start + limit)) {
    tokens += answerTokens(item);
    if (page.length > 0 && tokens > budget) break;
    page.push(item);
  }
  const next = start + page.length;
  return { items: page, total: items.length, ...(next < items.length ? { cursor: String(next) } : {}) };
}
