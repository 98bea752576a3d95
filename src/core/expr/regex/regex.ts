import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { parseRegex } from "./regex-parse";
import type { Assertion, RegexNode } from "./regex-parse";
import { isWord } from "./regex-set";
import type { CharSet } from "./regex-set";

/**
 * Patterns of `=~`, `!~` and `matches()`. The runtime's own engine backtracks, and `(a+)+$` on a branch name somebody
 * else chose could hang a run for hours; so patterns run here, as Thompson's set of states (K. Thompson, "Regular
 * Expression Search Algorithm", 1968): time is at most length of the text × size of the pattern, and that product is
 * bounded too. Look-around and back-references, which need backtracking, are refused when the pattern is read.
 */
export interface Regex {
  readonly program: readonly Instruction[];
}

type Instruction =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assert"; readonly assertion: Assertion }
  | { readonly kind: "split"; readonly first: number; readonly second: number }
  | { readonly kind: "jump"; readonly to: number }
  | { readonly kind: "match" };

const MAX_PATTERN = 4096;
const MAX_PROGRAM = 4000;
/** Instructions followed in one search: a few tenths of a second. */
const MAX_STEPS = 20_000_000;

/** Reads a pattern; a leading `(?i)` ignores case. The error says what is wrong with it. */
export function compileRegex(pattern: string): Result<Regex, string> {
  if (pattern.length > MAX_PATTERN) return err(`longer than ${MAX_PATTERN} characters`);
  const ignoreCase = pattern.startsWith("(?i)");
  const node = parseRegex(ignoreCase ? pattern.slice(4) : pattern, ignoreCase);
  if (!node.ok) return node;
  const program: Instruction[] = [];
  emit(node.value, program);
  if (program.length >= MAX_PROGRAM) return err("too large once its repetitions are written out");
  program.push({ kind: "match" });
  return ok({ program });
}

function emit(node: RegexNode, program: Instruction[]): void {
  if (program.length >= MAX_PROGRAM) return;
  switch (node.kind) {
    case "set":
    case "assert":
      program.push(node);
      return;
    case "sequence":
      for (const part of node.nodes) emit(part, program);
      return;
    case "choice":
      emitChoice(node.nodes, program);
      return;
    case "repeat":
      emitRepeat(node, program);
  }
}

function emitChoice(nodes: readonly RegexNode[], program: Instruction[]): void {
  const exits: number[] = [];
  for (const [index, node] of nodes.entries()) {
    if (index === nodes.length - 1) {
      emit(node, program);
      break;
    }
    const split = program.push({ kind: "jump", to: 0 }) - 1;
    emit(node, program);
    exits.push(program.push({ kind: "jump", to: 0 }) - 1);
    program[split] = { kind: "split", first: split + 1, second: program.length };
  }
  for (const exit of exits) program[exit] = { kind: "jump", to: program.length };
}

function emitRepeat(repeat: RegexNode & { kind: "repeat" }, program: Instruction[]): void {
  const { node, min, max } = repeat;
  // A body that writes no instruction would loop here for nothing, a million times over.
  const before = program.length;
  for (let count = 0; count < min && program.length < MAX_PROGRAM; count += 1) {
    emit(node, program);
    if (program.length === before) return;
  }
  if (max === undefined) {
    const split = program.push({ kind: "jump", to: 0 }) - 1;
    emit(node, program);
    program.push({ kind: "jump", to: split });
    program[split] = { kind: "split", first: split + 1, second: program.length };
    return;
  }
  const splits: number[] = [];
  for (let count = min; count < max && program.length < MAX_PROGRAM; count += 1) {
    splits.push(program.push({ kind: "jump", to: 0 }) - 1);
    emit(node, program);
  }
  for (const split of splits) program[split] = { kind: "split", first: split + 1, second: program.length };
}

/** Whether the pattern is found anywhere in the text; undefined where finding out would take too many steps. */
export function testRegex(regex: Regex, text: string): boolean | undefined {
  const { program } = regex;
  const threads = new Threads(program, text);
  for (let at = 0; at <= text.length;) {
    if (threads.start(at)) return true;
    const code = text.codePointAt(at) ?? -1;
    const next = at + (code > 0xff_ff ? 2 : 1);
    if (threads.steps > MAX_STEPS) return undefined;
    if (code !== -1 && threads.advance(code, next)) return true;
    at = next;
  }
  return false;
}

/** The states that are alive at one place of the text. */
class Threads {
  /** Instructions followed so far. */
  steps = 0;
  private live: number[] = [];
  private readonly seenAt: Int32Array;
  private readonly pending: number[] = [];

  constructor(
    private readonly program: readonly Instruction[],
    private readonly text: string,
  ) {
    this.seenAt = new Int32Array(program.length).fill(-1);
  }

  /** Begins a match at this place; true where the pattern is found. */
  start(at: number): boolean {
    return this.add(0, at);
  }

  /** Reads one character; true where the pattern is found. */
  advance(code: number, next: number): boolean {
    const before = this.live;
    this.live = [];
    for (const state of before) {
      const instruction = this.program[state];
      if (instruction?.kind === "set" && instruction.set(code) && this.add(state + 1, next)) return true;
    }
    return false;
  }

  /** Follows everything that reads no character. */
  private add(from: number, at: number): boolean {
    this.pending.push(from);
    for (let state = this.pending.pop(); state !== undefined; state = this.pending.pop()) {
      this.steps += 1;
      if (this.seenAt[state] === at) continue;
      this.seenAt[state] = at;
      const instruction = this.program[state];
      if (instruction === undefined || instruction.kind === "match") return true;
      if (instruction.kind === "set") this.live.push(state);
      else if (instruction.kind === "jump") this.pending.push(instruction.to);
      else if (instruction.kind === "split") this.pending.push(instruction.second, instruction.first);
      else if (holds(instruction.assertion, this.text, at)) this.pending.push(state + 1);
    }
    return false;
  }
}

function holds(assertion: Assertion, text: string, at: number): boolean {
  if (assertion === "start") return at === 0;
  if (assertion === "end") return at === text.length;
  const edge = isWordAt(text, at - 1) !== isWordAt(text, at);
  return edge === (assertion === "word-edge");
}

function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && isWord(text.charCodeAt(at));
}
