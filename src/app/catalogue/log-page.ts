import { estimateTokens } from "#base/tokens";
import { plainText } from "#app/log-excerpt";
import { cutText } from "./fit";
import type { Mask } from "./operation";

/** Bytes that are looked at for one page. */
const WINDOW_BYTES = 64 * 1024;
const LINE_LENGTH = 500;
const NEWLINE = 10;

/** A part of a log: whole lines, unless one is longer than a page. */
export interface LogPage {
  readonly text: string;
  /** Bytes of the whole log. */
  readonly bytes: number;
  /** Cursor of the page before; not there at the start. */
  readonly older?: string;
  /** Cursor of the page after; not there at the end. */
  readonly newer?: string;
}

export interface LogPageRequest {
  /** As a former page gave it; the end of the log where it is none. */
  readonly cursor: string | undefined;
  readonly lines: number;
  /** In tokens. */
  readonly budget: number;
  readonly mask: Mask;
}

/** The page that a cursor means, of a log that is read once from its start and may be of any length. */
export async function logPage(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  request: LogPageRequest,
): Promise<LogPage> {
  const [, direction, place] = /^([ba])(\d{1,15})$/.exec(request.cursor ?? "") ?? [];
  const before = direction === "b" ? Number(place) : Number.POSITIVE_INFINITY;
  return direction === "a" ? pageAfter(pieces, Number(place), request) : pageBefore(pieces, before, request);
}

async function pageBefore(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  end: number,
  request: LogPageRequest,
): Promise<LogPage> {
  let total = 0;
  let kept: Uint8Array = new Uint8Array();
  for await (const piece of pieces) {
    const wanted = piece.subarray(0, Math.max(0, Math.min(piece.length, end - total)));
    total += piece.length;
    if (wanted.length === 0) continue;
    const joined = kept.length === 0 ? wanted.slice() : Buffer.concat([kept, wanted]);
    kept = joined.length > WINDOW_BYTES ? joined.slice(joined.length - WINDOW_BYTES) : joined;
  }
  const last = Math.min(end, total);
  const starts = lineStarts(kept);
  const first = last - kept.length;
  // A line that began before the window has lost its beginning; it is shown only where there is no other.
  const usable = first > 0 && starts.length > 1 ? starts.slice(1) : starts;
  const chosen = takeLines(kept, usable.toReversed(), request);
  const start = first + (chosen.at(-1) ?? kept.length);
  const text = textOf(kept.subarray(chosen.at(-1) ?? kept.length), request.mask);
  return {
    text,
    bytes: total,
    ...(start > 0 ? { older: `b${start}` } : {}),
    ...(last < total ? { newer: `a${last}` } : {}),
  };
}

async function pageAfter(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  start: number,
  request: LogPageRequest,
): Promise<LogPage> {
  let total = 0;
  const parts: Uint8Array[] = [];
  let held = 0;
  for await (const piece of pieces) {
    const from = Math.max(0, start - total);
    total += piece.length;
    if (from >= piece.length || held >= WINDOW_BYTES) continue;
    const wanted = piece.slice(from, from + WINDOW_BYTES - held);
    parts.push(wanted);
    held += wanted.length;
  }
  const kept = Buffer.concat(parts);
  const starts = lineStarts(kept);
  const isCut = start + kept.length < total;
  const ends = [...starts.slice(1), ...(isCut && starts.length > 1 ? [] : [kept.length])];
  let tokens = 0;
  let from = 0;
  let lines = 0;
  for (const end of ends) {
    tokens += lineTokens(kept.subarray(from, end));
    if (lines > 0 && (tokens > request.budget || lines >= request.lines)) break;
    from = end;
    lines += 1;
  }
  const end = start + from;
  return {
    text: textOf(kept.subarray(0, from), request.mask),
    bytes: total,
    ...(start > 0 ? { older: `b${Math.min(start, total)}` } : {}),
    ...(end < total ? { newer: `a${end}` } : {}),
  };
}

/** Line starts from the last on, as many as a page may have. */
function takeLines(
  bytes: Uint8Array,
  startsFromEnd: readonly number[],
  { lines, budget }: LogPageRequest,
): readonly number[] {
  const chosen: number[] = [];
  let tokens = 0;
  let end = bytes.length;
  for (const start of startsFromEnd) {
    tokens += lineTokens(bytes.subarray(start, end));
    if (chosen.length > 0 && (tokens > budget || chosen.length >= lines)) break;
    chosen.push(start);
    end = start;
  }
  return chosen;
}

function lineStarts(bytes: Uint8Array): readonly number[] {
  if (bytes.length === 0) return [];
  const starts = [0];
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1))
    if (at + 1 < bytes.length) starts.push(at + 1);
  return starts;
}

/** As it will be in a JSON string. */
const lineTokens = (bytes: Uint8Array): number =>
  estimateTokens(JSON.stringify(textOf(bytes, (text) => text)));

const textOf = (bytes: Uint8Array, mask: Mask): string =>
  mask(plainText(new TextDecoder().decode(bytes)))
    .split("\n")
    .map((line) => cutText(line, LINE_LENGTH))
    .join("\n");
