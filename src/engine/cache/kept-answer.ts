import { isTable } from "#base/value-at";
import { StoredFacts } from "./read-facts";
import type { ReadFacts } from "./read-facts";
import { encodeIndex, openIndex } from "./stat-index";

/** Something that took long to find out: as long as its facts hold, the same request has the same answer. */
export interface KeptAnswer<Answer> {
  /** Digest of all that was asked for and of the environment. */
  readonly request: string;
  /** Milliseconds since 1970. */
  readonly keptMs: number;
  /** As JSON. */
  readonly answer: Answer;
  readonly facts: ReadFacts;
  /** What belongs to it and is seldom read; may be empty. */
  readonly rest: Uint8Array;
}

/** One that comes out of storage. */
export interface StoredAnswer<Answer> extends KeptAnswer<Answer> {
  readonly facts: StoredFacts;
}

/*
 * The file: "zrkept02", the XXH64 of everything behind it (8 bytes), the lengths of the text and of the rest (4 bytes
 * each, little-endian), a JSON text with the answer and the parts of the index, the rest, an index of the facts.
 */
const MAGIC = "zrkept02";
const HEADER = 24;

export function encodeKeptAnswer<Answer>(kept: KeptAnswer<Answer>): Uint8Array {
  const { request, keptMs, answer, facts, rest } = kept;
  const { fixed, outputs } = facts;
  const json = new TextEncoder().encode(JSON.stringify({ request, keptMs, fixed, outputs, answer }));
  const index = encodeIndex(facts.index);
  const restAt = HEADER + json.length;
  const indexAt = restAt + rest.length;
  const bytes = new Uint8Array(indexAt + index.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(16, json.length, true);
  view.setUint32(20, rest.length, true);
  bytes.set(json, HEADER);
  bytes.set(rest, restAt);
  bytes.set(index, indexAt);
  view.setBigUint64(8, Bun.hash.xxHash64(bytes.subarray(16)), true);
  return bytes;
}

/**
 * Undefined where the bytes are not one, are damaged, or belong to another request.
 *
 * @param isAnswer checks what the caller has put into it.
 */
export function decodeKeptAnswer<Answer>(
  bytes: Uint8Array,
  request: string,
  isAnswer: (value: unknown) => value is Answer,
): StoredAnswer<Answer> | undefined {
  if (bytes.length < HEADER || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const restAt = HEADER + view.getUint32(16, true);
  const indexAt = restAt + view.getUint32(20, true);
  if (indexAt > bytes.length) return undefined;
  if (view.getBigUint64(8, true) !== Bun.hash.xxHash64(bytes.subarray(16))) return undefined;
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, restAt)));
  if (!isTable(value) || value["request"] !== request || typeof value["keptMs"] !== "number")
    return undefined;
  const { answer, keptMs, fixed, outputs } = value;
  const index = openIndex(bytes.subarray(indexAt));
  if (index === undefined || !isAnswer(answer)) return undefined;
  if (typeof fixed !== "number" || typeof outputs !== "number") return undefined;
  const facts = new StoredFacts(index, { fixed, outputs });
  return { request, keptMs, answer, facts, rest: bytes.subarray(restAt, indexAt) };
}
