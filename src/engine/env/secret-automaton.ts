/**
 * All secrets in one automaton (Aho and Corasick, "Efficient string matching", 1975): a trie of their bytes, in which
 * each state also knows the longest shorter state that fits the same end of the text. One step a byte finds every
 * occurrence of every secret, in time that does not depend on how they overlap.
 *
 * In front of it stands a filter (Wu and Manber, "A Fast Algorithm for Multi-Pattern Searching", 1994): a window of the
 * first `window` bytes of a secret is held against the text, and the last bytes of the window, its block, say how far it
 * may be moved without leaving a secret out. Ordinary output is passed in steps of nearly a window.
 */
export interface SecretAutomaton {
  /** In bytes, of the longest secret. */
  readonly longest: number;
  /** In bytes: no secret is shorter. */
  readonly window: number;
  /** In bytes, of the end of a window. */
  readonly block: number;
  /** By the hash of a block: how far the window may be moved; 0 where a secret may begin with the window. */
  readonly shifts: Uint8Array;
  /** State after the first byte. */
  readonly start: Int32Array;
  /** Children of a state as a list: first child, next sibling, the byte that leads to a state. 0 is none. */
  readonly firstChild: Int32Array;
  readonly sibling: Int32Array;
  readonly byte: Uint8Array;
  readonly fail: Int32Array;
  /** Number of bytes of the text that a state stands for. */
  readonly depth: Int32Array;
  /** Length of the longest secret that ends in a state, 0 for none. */
  readonly match: Int32Array;
}

const BLOCK_BITS = 16;
const MAX_BLOCK = 3;
/** A longer window gains little, and costs at the ends of chunks. */
const MAX_WINDOW = 32;

/** Slot of up to three bytes, the last one lowest, in `shifts`. Multiplicative hashing (Knuth, volume 3, 6.4). */
export function blockSlot(block: number): number {
  return Math.imul(block, 0x9e3779b1) >>> (32 - BLOCK_BITS);
}

/** Undefined when there is nothing to look for; empty secrets are left out. */
export function compileSecrets(secrets: Iterable<string>): SecretAutomaton | undefined {
  const encoder = new TextEncoder();
  const patterns: Uint8Array[] = [];
  let size = 1;
  let longest = 0;
  let window = MAX_WINDOW;
  for (const secret of new Set(secrets)) {
    if (secret === "") continue;
    const bytes = encoder.encode(secret);
    patterns.push(bytes);
    size += bytes.length;
    longest = Math.max(longest, bytes.length);
    window = Math.min(window, bytes.length);
  }
  if (patterns.length === 0) return undefined;
  const block = Math.min(window, MAX_BLOCK);
  const automaton: SecretAutomaton = {
    longest,
    window,
    block,
    shifts: new Uint8Array(1 << BLOCK_BITS).fill(window - block + 1),
    start: new Int32Array(256),
    firstChild: new Int32Array(size),
    sibling: new Int32Array(size),
    byte: new Uint8Array(size),
    fail: new Int32Array(size),
    depth: new Int32Array(size),
    match: new Int32Array(size),
  };
  let states = 1;
  for (const pattern of patterns) states = addPattern(automaton, pattern, states);
  linkFailures(automaton, states);
  return automaton;
}

/** Adds one secret to the trie; returns the number of states. */
function addPattern(automaton: SecretAutomaton, pattern: Uint8Array, before: number): number {
  const { start, firstChild, sibling, byte, depth, match } = automaton;
  let states = before;
  let state = 0;
  for (const [index, value] of pattern.entries()) {
    let next = childOf(automaton, state, value);
    if (next === 0) {
      next = states;
      states += 1;
      byte[next] = value;
      depth[next] = index + 1;
      if (state === 0) start[value] = next;
      else {
        sibling[next] = firstChild[state] ?? 0;
        firstChild[state] = next;
      }
    }
    state = next;
  }
  match[state] = pattern.length;
  addShifts(automaton, pattern);
  return states;
}

/** Each block of the first `window` bytes lets the window be moved no further than to where it ends with that block. */
function addShifts({ window, block, shifts }: SecretAutomaton, pattern: Uint8Array): void {
  const mask = (1 << (8 * block)) - 1;
  let bytes = 0;
  for (let at = 0; at < window; at += 1) {
    bytes = ((bytes << 8) | (pattern[at] ?? 0)) & mask;
    if (at + 1 < block) continue;
    const slot = blockSlot(bytes);
    shifts[slot] = Math.min(shifts[slot] ?? 0, window - 1 - at);
  }
}

function childOf(automaton: SecretAutomaton, state: number, value: number): number {
  if (state === 0) return automaton.start[value] ?? 0;
  let child = automaton.firstChild[state] ?? 0;
  while (child !== 0 && automaton.byte[child] !== value) child = automaton.sibling[child] ?? 0;
  return child;
}

/** The state after one more byte. */
export function stepAutomaton(automaton: SecretAutomaton, from: number, value: number): number {
  let state = from;
  for (;;) {
    const child = childOf(automaton, state, value);
    if (child !== 0 || state === 0) return child;
    state = automaton.fail[state] ?? 0;
  }
}

/** Breadth first, so that shorter states are done before longer ones need them. */
function linkFailures(automaton: SecretAutomaton, states: number): void {
  const { start, firstChild, sibling, byte, fail, match } = automaton;
  const queue = new Int32Array(states);
  let end = 0;
  for (const state of start) {
    if (state === 0) continue;
    queue[end] = state;
    end += 1;
  }
  for (let at = 0; at < end; at += 1) {
    const state = queue[at] ?? 0;
    for (let child = firstChild[state] ?? 0; child !== 0; child = sibling[child] ?? 0) {
      const next = stepAutomaton(automaton, fail[state] ?? 0, byte[child] ?? 0);
      fail[child] = next;
      if (match[child] === 0) match[child] = match[next] ?? 0;
      queue[end] = child;
      end += 1;
    }
  }
}
