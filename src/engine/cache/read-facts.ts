import { dirname } from "#base/path";
import { fileEntry, folderEntries } from "#system/fs/file-entry";
import type { FileEntry } from "#system/fs/file-entry";
import { followedEntries } from "#system/fs/followed-entries";
import type { FileState } from "#system/fs/followed-entries";
import { followedEntry } from "#system/fs/followed-entry";
import { endReadTrace, resumeReadTrace } from "#system/fs/read-trace";
import type { ReadTrace } from "#system/fs/read-trace";
import { entryOf, isSettled, looksSame, unpackIndex, unpackTexts } from "./stat-index";
import type { IndexEntry, PackedIndex, StatIndex } from "./stat-index";

/*
 * What was looked at, and how it looked. As long as all of it looks the same, a program that looks at nothing else does
 * the same again: the recorded dependencies of a build step, as in Mitchell, "Build systems à la carte" (2018), verifying
 * traces, with the state of a file in the place of its hash.
 */

/** How everything looked, in three parts one behind the other. */
export interface ReadFacts {
  readonly index: StatIndex;
  /** The first so many decide what is planned. Of a folder the fingerprint is that of its listing. */
  readonly fixed: number;
  /** So many behind them are what tasks have made; the rest is what is in their inputs. */
  readonly outputs: number;
}

/** Facts as they are stored: most hold still, so that nobody has to take them apart. */
export class StoredFacts implements ReadFacts {
  readonly packed: PackedIndex;
  readonly fixed: number;
  readonly outputs: number;
  #paths: readonly string[] | undefined;
  #fingerprints: readonly string[] | undefined;
  #index: StatIndex | undefined;

  constructor(packed: PackedIndex, parts: Pick<ReadFacts, "fixed" | "outputs">) {
    this.packed = packed;
    this.fixed = parts.fixed;
    this.outputs = parts.outputs;
  }

  /** In their order. */
  get paths(): readonly string[] {
    return (this.#paths ??= unpackTexts(this.packed.paths));
  }

  /** How the one of this number looked, from 0. */
  entry(number: number): IndexEntry {
    this.#fingerprints ??= unpackTexts(this.packed.fingerprints);
    return entryOf(this.packed.numbers, number, this.#fingerprints[number] ?? "");
  }

  /** Empty where the index does not hold what it says. */
  get index(): StatIndex {
    return (this.#index ??= unpackIndex(this.packed) ?? new Map());
  }
}

/** Size of what is not there. */
const ABSENT = -1;
/** Of what may have changed just when it was looked at: it never looks the same. */
const UNSETTLED: IndexEntry = { size: -2, mtimeMs: 0, ctimeMs: 0, inode: 0, fingerprint: "" };
/** Before the path of what a link leads to. */
export const FOLLOWED = "->";

/** Facts that were found true again. */
export interface KnownFacts {
  readonly index: StatIndex;
  /** Whether they are about all that was looked at then, for other programs too. */
  readonly isWhole: boolean;
}

export interface LookedAt {
  readonly trace: ReadTrace;
  /** When the trace began; milliseconds since 1970. */
  readonly beganMs: number;
  /** Whether a path is the program's own memory, on which nothing depends. */
  readonly isOwn: (path: string) => boolean;
  /** Whether a path that was looked at for inputs is known to be one. What is not decides everything. */
  readonly isInput: (path: string) => boolean;
  /** Facts that were found true since the trace began. */
  readonly known?: KnownFacts;
  /** Whether what was asked besides files is asked again whenever the facts are used. */
  readonly isAskedAgain?: (obstacle: string) => boolean;
  /** Set where outputs have been made meanwhile: nothing is said of these, and inputs that have changed meanwhile look different next time. */
  readonly isPartial?: boolean;
}

/**
 * The state of all that a trace holds, looked at now; undefined where some of it has been changed since the trace began,
 * so that nobody can tell what was seen. Ends the trace.
 */
export async function factsOfReads(looked: LookedAt): Promise<ReadFacts | undefined> {
  const { trace, isInput } = looked;
  const few = await factsOfFew(looked);
  if (few !== undefined) return few;
  // What other programs look at is known where all of it was looked at for them before.
  resumeReadTrace(trace);
  if (looked.known?.isWhole !== true) for (const repeat of trace.repeat) await repeat();
  endReadTrace();
  for (const obstacle of trace.obstacles) if (looked.isAskedAgain?.(obstacle) !== true) return undefined;
  const inputs: string[] = [];
  for (const path of trace.inputs)
    if (trace.paths.has(path)) continue;
    else if (isInput(path)) inputs.push(path);
    else trace.paths.add(path);
  const outputs = [...trace.outputs].filter(
    (path) =>
      !trace.paths.has(path) &&
      !trace.inputs.has(path) &&
      (looked.isPartial !== true || new Facts(looked, () => true).take([path])),
  );
  // Where nothing is said of an output, a listing holds it too.
  const made = new Set(outputs);
  const facts = new Facts(looked, (path) => made.has(path));
  if (!facts.take(trace.paths)) return undefined;
  const fixed = facts.index.size;
  if (!facts.take(outputs)) return undefined;
  const before = facts.index.size;
  const found = { index: facts.index, fixed, outputs: before - fixed };
  if (looked.isPartial !== true) return facts.take(inputs) ? found : undefined;
  for (const input of inputs) if (!facts.take([input])) facts.index.set(input, UNSETTLED);
  return found;
}

/**
 * The same of few files that decide what is planned, and nothing else: how each looks that it leads to, which says enough
 * for who reads it. Undefined where there is more to it.
 */
async function factsOfFew({ trace, beganMs, isOwn }: LookedAt): Promise<ReadFacts | undefined> {
  const { paths, inputs, outputs, obstacles, repeat, missing } = trace;
  if (paths.size > FEW || obstacles.size + repeat.length + inputs.size + outputs.size > 0) return undefined;
  const read = [...paths].filter((path) => !isOwn(path));
  const states = await followedEntries(read);
  const index: StatIndex = new Map();
  for (const [number, path] of read.entries()) {
    const state = states[number];
    if (state === undefined ? !missing.has(path) : state.isFolder || !isSettled(state, beganMs))
      return undefined;
    index.set(path, state === undefined ? NOTHING : factOf(state, ""));
  }
  endReadTrace();
  return { index, fixed: index.size, outputs: 0 };
}

class Facts {
  readonly index: StatIndex = new Map();
  readonly #looked: LookedAt;
  readonly #isOutput: (path: string) => boolean;

  constructor(looked: LookedAt, isOutput: (path: string) => boolean) {
    this.#looked = looked;
    this.#isOutput = isOutput;
  }

  /** Adds how these look; false where that can't be told. */
  take(paths: Iterable<string>): boolean {
    const { trace, beganMs, isOwn, known } = this.#looked;
    const absent: string[] = [];
    for (const path of paths) {
      if (isOwn(path)) continue;
      const before = known?.index.get(path);
      if (before !== undefined) {
        this.index.set(path, before);
        const target = known?.index.get(FOLLOWED + path);
        if (target !== undefined) this.index.set(FOLLOWED + path, target);
        continue;
      }
      const entry = fileEntry(path);
      if (entry === undefined) absent.push(path);
      else if (!this.#add(path, entry)) return false;
    }
    for (const path of absent) {
      const parent = dirname(path);
      // What appears in a folder changes the folder.
      if (this.index.has(parent) && !this.#isOutput(path)) continue;
      // Where a look has found nothing, and nothing is now, it does not matter what has been there in between.
      if (!trace.missing.has(path) && !wasAbsent(parent, beganMs)) return false;
      this.index.set(path, NOTHING);
    }
    return true;
  }

  #add(path: string, entry: FileEntry): boolean {
    const { beganMs } = this.#looked;
    if (!isSettled(entry, beganMs)) return false;
    const listing = entry.kind === "folder" ? listingOf(path, this.#isOutput) : "";
    this.index.set(path, factOf(entry, listing));
    if (entry.kind !== "symlink") return true;
    const target = followedEntry(path);
    this.index.set(FOLLOWED + path, target === undefined ? NOTHING : factOf(target, ""));
    return target === undefined || isSettled(target, beganMs);
  }
}

/** So few facts are looked at before the file system module is loaded. */
const FEW = 128;

/**
 * Whether everything looks the same now, where there are few facts and none of them is about a link. Where it says no,
 * `changedSince` knows better: a folder may have another time and the same names in it.
 */
export async function isSameAtFirstSight(facts: StoredFacts): Promise<boolean> {
  if (facts.packed.count > FEW) return false;
  const { index } = facts;
  if (index.size !== facts.packed.count) return false;
  const paths = [...index.keys()];
  if (paths.some((path) => path.startsWith(FOLLOWED))) return false;
  const now = await followedEntries(paths);
  return [...index.values()].every((fact, number) => isAsBefore(fact, now[number]));
}

const isAsBefore = (fact: IndexEntry, now: Omit<FileState, "isFolder"> | undefined): boolean =>
  now === undefined ? fact.size === ABSENT : looksSame(fact, now);

/**
 * Paths of what looks different now, as far as it is an output or in an input; undefined where anything else does, or
 * where other files are in a folder.
 */
export async function changedSince(facts: StoredFacts): Promise<readonly string[] | undefined> {
  const { unlikeEntries } = await import("./packed-looks");
  const { packed, fixed, outputs } = facts;
  const unlike = unlikeEntries(packed, FOLLOWED);
  if (unlike.length === 0) return [];
  const { paths } = facts;
  if (paths.length !== packed.count) return undefined;
  const changed: string[] = [];
  let made: Set<string> | undefined;
  const madePaths = (): Set<string> => (made ??= new Set(paths.slice(fixed, fixed + outputs)));
  for (const number of unlike) {
    const path = paths[number] ?? "";
    const fact = facts.entry(number);
    const now = path.startsWith(FOLLOWED) ? followedEntry(path.slice(FOLLOWED.length)) : fileEntry(path);
    if (isAsBefore(fact, now)) continue;
    if (number >= fixed) changed.push(path.startsWith(FOLLOWED) ? path.slice(FOLLOWED.length) : path);
    else if (fact.fingerprint === "" || fileEntry(path)?.kind !== "folder") return undefined;
    else if (fact.fingerprint !== listingOf(path, (one) => madePaths().has(one))) return undefined;
  }
  return changed;
}

/** Notes all that facts are about as looked at in a trace. Returns the facts without those of what has changed. */
export function noteAgain(
  { index, fixed, outputs }: ReadFacts,
  changed: readonly string[],
  trace: ReadTrace,
): StatIndex {
  const known = new Map(index);
  for (const path of changed) known.delete(path);
  let number = 0;
  for (const path of index.keys()) {
    number += 1;
    if (path.startsWith(FOLLOWED)) continue;
    (number <= fixed ? trace.paths : number <= fixed + outputs ? trace.outputs : trace.inputs).add(path);
  }
  return known;
}

const NOTHING: IndexEntry = { size: ABSENT, mtimeMs: 0, ctimeMs: 0, inode: 0, fingerprint: "" };

const factOf = (
  { size, mtimeMs, ctimeMs, inode }: Omit<IndexEntry, "fingerprint">,
  fingerprint: string,
): IndexEntry => ({ size, mtimeMs, ctimeMs, inode, fingerprint });

/** Digest of what is in a folder, but for what tasks make there. */
function listingOf(folder: string, isOutput: (path: string) => boolean): string {
  const lines: string[] = [];
  for (const { name, isFolder } of folderEntries(folder))
    if (!isOutput(`${folder}/${name}`)) lines.push(isFolder ? `${name}/` : name);
  return Bun.hash.xxHash64(lines.sort().join("\0")).toString(16);
}

/** Whether nothing can have been in a folder, or in its place, that is gone now. */
function wasAbsent(folder: string, beganMs: number): boolean {
  const entry = fileEntry(folder);
  if (entry !== undefined) return isSettled(entry, beganMs);
  const parent = dirname(folder);
  return parent !== folder && wasAbsent(parent, beganMs);
}
