/**
 * All secrets in one automaton (Aho and Corasick, "Efficient string matching", 1975): a trie of their bytes, in which
 * each state also knows the longest shorter state that fits the same end of the text. One step a byte finds every
 * occurrence of every secret, in time that does not depend on how they overlap.
 *
 * In front of it stands a filter: a table of the first `gramLength` bytes of all secrets, hashed. Nearly every
 * position of ordinary output fails there, which is several times as fast as a step.
 */
export interface SecretAutomaton {
  /** In bytes, of the longest secret. */
  readonly longest: number;
  readonly gramLength: number;
  /** 1 where a secret begins with bytes of this hash. */
  readonly grams: Uint8Array;
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

const gramBits = 18;
const maxGram = 4;

/** Slot of up to four bytes, the last one lowest, in `grams`. Multiplicative hashing (Knuth, volume 3, 6.4). */
export function gramSlot(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - gramBits);
}

/** Bits of a gram that count when secrets are shorter than four bytes. */
export function gramMask(gramLength: number): number {
  return gramLength >= maxGram ? -1 : (1 << (8 * gramLength)) - 1;
}

/** Undefined when there is nothing to look for; empty secrets are left out. */
export function compileSecrets(secrets: Iterable<string>): SecretAutomaton | undefined {
  const encoder = new TextEncoder();
  const patterns: Uint8Array[] = [];
  let size = 1;
  let longest = 0;
  let shortest = maxGram;
  for (const secret of new Set(secrets)) {
    if (secret === "") continue;
    const bytes = encoder.encode(secret);
    patterns.push(bytes);
    size += bytes.length;
    longest = Math.max(longest, bytes.length);
    shortest = Math.min(shortest, bytes.length);
  }
  if (patterns.length === 0) return undefined;
  const automaton: SecretAutomaton = {
    longest,
    gramLength: shortest,
    grams: new Uint8Array(1 << gramBits),
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
  const { start, firstChild, sibling, byte, depth, match, grams, gramLength } = automaton;
  let states = before;
  let state = 0;
  let gram = 0;
  for (const [index, value] of pattern.entries()) {
    if (index < gramLength) gram = (gram << 8) | value;
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
  grams[gramSlot(gram)] = 1;
  return states;
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
