import { concatBytes } from "#base/concat-bytes";
import { blockSlot, compileSecrets, type SecretAutomaton, stepAutomaton } from "./secret-automaton";

/**
 * Replaces secrets in a stream of bytes. Every byte that belongs to any occurrence of any secret goes; occurrences
 * that overlap become one `****`. The result does not depend on how the stream is cut into chunks.
 */
export interface Masker {
  /**
   * The bytes that are sure by now. May be the chunk itself, a part of it or empty. Held back is only an end of the
   * stream that begins a secret, at most one byte less than the longest secret.
   */
  push(chunk: Uint8Array): Uint8Array;
  /** Whether bytes are held back. */
  readonly holding: boolean;
  /**
   * What was held back, unmasked: for a prompt that happens to begin as a secret does and that nobody continues. If
   * the secret does go on afterwards, its rest is masked.
   */
  flush(): Uint8Array;
  /** What was held back, at the end of the stream. The masker is then as new. */
  end(): Uint8Array;
}

const stars = new Uint8Array([0x2a, 0x2a, 0x2a, 0x2a]);
const empty = new Uint8Array(0);

const passThrough: Masker = {
  push: (chunk) => chunk,
  holding: false,
  flush: () => empty,
  end: () => empty,
};

/** A masker for one stream. For several streams with the same secrets compile them once (`compileSecrets`). */
export function createMasker(secrets: readonly string[] | SecretAutomaton | undefined): Masker {
  const automaton = isList(secrets) ? compileSecrets(secrets) : secrets;
  return automaton === undefined ? passThrough : new StreamMasker(automaton);
}

/** Replaces secrets in a text that is whole. */
export function maskText(text: string, secrets: readonly string[] | SecretAutomaton | undefined): string {
  const automaton = isList(secrets) ? compileSecrets(secrets) : secrets;
  if (automaton === undefined || text === "") return text;
  const masker = new StreamMasker(automaton);
  const bytes = new TextEncoder().encode(text);
  const pushed = masker.push(bytes);
  if (pushed === bytes) return text;
  const rest = masker.end();
  return masker.masked === 0 ? text : new TextDecoder().decode(concat([pushed, rest]));
}

function isList(secrets: readonly string[] | SecretAutomaton | undefined): secrets is readonly string[] {
  return Array.isArray(secrets);
}

/**
 * Positions are offsets from the start of the current chunk, so bytes held from earlier chunks have negative ones.
 * ```
 *   written out ──┐            ┌── read
 *   ──────────────┤ held       │            pending: places of secrets in the held part
 *                 └─ #done     └── #at
 * ```
 * A secret found later begins at the earliest `depth(state)` bytes back, so everything before that is sure.
 */
class StreamMasker implements Masker {
  /** Number of `****` written. */
  masked = 0;
  readonly #automaton: SecretAutomaton;
  #state = 0;
  #held: Uint8Array = empty;
  #done = 0;
  /** End of the last secret written as `****`; one that begins before it belongs to the same mark. */
  #maskEnd = Number.NEGATIVE_INFINITY;
  /** Starts and ends of secrets found and not written yet, in order, none overlapping. */
  #pending: number[] = [];

  constructor(automaton: SecretAutomaton) {
    this.#automaton = automaton;
  }

  get holding(): boolean {
    return this.#held.length > 0;
  }

  push(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return empty;
    this.#scan(chunk);
    const sure = chunk.length - (this.#automaton.depth[this.#state] ?? 0);
    if (this.#pending.length === 0 && this.#done === 0 && sure === chunk.length) {
      this.#maskEnd -= chunk.length;
      return chunk;
    }
    return this.#write(chunk, sure);
  }

  flush(): Uint8Array {
    return this.#held.length === 0 ? empty : this.#write(empty, 0);
  }

  end(): Uint8Array {
    const rest = this.flush();
    this.#state = 0;
    this.#done = 0;
    this.#maskEnd = Number.NEGATIVE_INFINITY;
    return rest;
  }

  /** Moves the automaton over the chunk and notes the secrets. */
  #scan(chunk: Uint8Array): void {
    const { depth, match, window } = this.#automaton;
    const length = chunk.length;
    let state = this.#state;
    let at = 0;
    let candidate = -(depth[state] ?? 0);
    if (state === 0) at = candidate = nextCandidate(this.#automaton, chunk, 0);
    while (at < length) {
      state = stepAutomaton(this.#automaton, state, chunk[at] ?? 0);
      at += 1;
      const found = match[state] ?? 0;
      if (found !== 0) this.#found(at - found, at);
      const reached = depth[state] ?? 0;
      const begun = at - reached;
      // What has begun later has not been held against the filter yet, as long as it is shorter than its window.
      if (reached >= window || begun <= candidate || begun < 0) continue;
      candidate = nextCandidate(this.#automaton, chunk, begun);
      if (candidate === begun) continue;
      at = candidate;
      state = 0;
    }
    this.#state = state;
  }

  #found(start: number, end: number): void {
    const pending = this.#pending;
    let from = start;
    while (pending.length > 0 && (pending.at(-1) ?? 0) > from) {
      pending.pop();
      from = Math.min(from, pending.pop() ?? from);
    }
    pending.push(from, end);
  }

  /** Output up to `sure`; keeps the bytes behind it and moves positions to the next chunk. */
  #write(chunk: Uint8Array, sure: number): Uint8Array {
    const parts: Uint8Array[] = [];
    const pending = this.#pending;
    let next = 0;
    for (; next < pending.length; next += 2) {
      const start = pending[next] ?? 0;
      const end = pending[next + 1] ?? 0;
      if (start > sure) break;
      this.#copy(chunk, start, parts);
      // The second case is after a flush, which can let a part of a secret out.
      if (start >= this.#maskEnd || this.#done > this.#maskEnd) {
        parts.push(stars);
        this.masked += 1;
      }
      this.#done = Math.max(this.#done, end);
      this.#maskEnd = end;
    }
    this.#copy(chunk, sure, parts);
    this.#pending = pending.slice(next).map((position) => position - chunk.length);
    this.#keep(chunk);
    return concat(parts);
  }

  /** Adds the bytes from `#done` to `end`, as they are. */
  #copy(chunk: Uint8Array, end: number, parts: Uint8Array[]): void {
    if (end <= this.#done) return;
    if (this.#done < 0) {
      const heldEnd = Math.min(end, 0);
      parts.push(this.#held.subarray(this.#held.length + this.#done, this.#held.length + heldEnd));
    }
    if (end > 0) parts.push(chunk.subarray(Math.max(this.#done, 0), end));
    this.#done = end;
  }

  #keep(chunk: Uint8Array): void {
    const done = this.#done;
    // Copied, since the owner of the chunk may use its memory again.
    if (done >= chunk.length) this.#held = empty;
    else if (done >= 0) this.#held = chunk.slice(done);
    else this.#held = concat([this.#held.slice(this.#held.length + done), chunk]);
    this.#done = -this.#held.length;
    this.#maskEnd -= chunk.length;
  }
}

/** The first place from `from` on where a secret may begin, or the first one too near to the end to tell. */
function nextCandidate(automaton: SecretAutomaton, chunk: Uint8Array, from: number): number {
  const { window, block, shifts } = automaton;
  const length = chunk.length;
  let end = from + window - 1;
  if (block === 3) {
    while (end < length) {
      const bytes = ((chunk[end - 2] ?? 0) << 16) | ((chunk[end - 1] ?? 0) << 8) | (chunk[end] ?? 0);
      const shift = shifts[blockSlot(bytes)] ?? 0;
      if (shift === 0) return end - window + 1;
      end += shift;
    }
  } else {
    while (end < length) {
      const bytes = block === 1 ? (chunk[end] ?? 0) : ((chunk[end - 1] ?? 0) << 8) | (chunk[end] ?? 0);
      const shift = shifts[blockSlot(bytes)] ?? 0;
      if (shift === 0) return end - window + 1;
      end += shift;
    }
  }
  return Math.min(end - window + 1, length);
}

/** A single part is not copied: most chunks hold no secret. */
const concat = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length <= 1 ? (parts[0] ?? empty) : concatBytes(parts);
