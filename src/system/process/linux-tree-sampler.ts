import { environmentValue, livingProcesses } from "./marker";
import { blockingFileSystem } from "#system/runtime-modules";
import { livingStat, readProc, STAT } from "./proc-files";
import { TreeSum } from "./tree-use";
import type { Leaders, TreeSampler, TreeUse } from "./tree-use";

/** A process that has an empty environment so often in a row has none; before that it may be about to be executed. */
const LOOKS = 5;

/**
 * Tells processes by what everything that a run starts carries in its environment, `<variable>=<run>/<tree>`; those that
 * have lost it by their session, their group or their parent. What was once found to be of a tree stays in it. The
 * environment of a process is read once: later looks read only what the run's own processes take.
 */
export class LinuxTreeSampler implements TreeSampler {
  readonly #variable: string;
  readonly #prefix: string;
  readonly #kernel = kernelFacts();
  readonly #members = new Map<number, { readonly key: string; readonly started: string }>();
  readonly #strangers = new Set<number>();
  readonly #looks = new Map<number, number>();

  constructor({ variable, run }: { readonly variable: string; readonly run: string }) {
    this.#variable = variable;
    this.#prefix = `${run}/`;
  }

  sample(leaders: Leaders): Promise<ReadonlyMap<string, TreeUse>> {
    const alive = livingProcesses();
    this.#forget(new Set(alive));
    const sum = new TreeSum();
    // Parents have smaller numbers, mostly, and so are known before their children.
    for (const pid of alive) {
      if (this.#strangers.has(pid)) continue;
      const stat = livingStat(pid);
      if (stat === undefined) continue;
      const key = this.#treeOf(pid, stat, leaders);
      if (key === undefined) continue;
      const { tickMs, pageBytes } = this.#kernel;
      let ticks = 0;
      for (const field of STAT.cpuTimes) ticks += Number(stat[field]);
      const memoryBytes = Number(stat[STAT.pages]) * pageBytes;
      sum.add(key, { pid, memoryBytes, cpuMs: ticks * tickMs, ...ioOf(pid) });
    }
    return Promise.resolve(sum.trees);
  }

  exactMemory(pids: readonly number[]): number | undefined {
    let sum = 0;
    for (const pid of pids) {
      const share = /^Pss:\s+(\d+) kB/m.exec(readText(pid, "smaps_rollup") ?? "")?.[1];
      if (share !== undefined) sum += Number(share) * 1024;
      else if (livingStat(pid) !== undefined) return undefined;
    }
    return sum;
  }

  #treeOf(pid: number, stat: readonly string[], leaders: Leaders): string | undefined {
    const known = this.#members.get(pid);
    const started = stat[STAT.started] ?? "";
    if (known?.started === started) return known.key;
    const key = leaders.get(pid) ?? this.#markedTree(pid) ?? this.#relatedTree(stat, leaders);
    if (key !== undefined) {
      this.#members.set(pid, { key, started });
      return key;
    }
    // A child of ours may still be on its way to the program that it is to become.
    if (Number(stat[STAT.parent]) !== process.pid && this.#isSettled(pid)) this.#strangers.add(pid);
    return undefined;
  }

  #markedTree(pid: number): string | undefined {
    const value = environmentValue(pid, this.#variable);
    return value?.startsWith(this.#prefix) === true ? value.slice(this.#prefix.length) : undefined;
  }

  #relatedTree(stat: readonly string[], leaders: Leaders): string | undefined {
    for (const field of [STAT.session, STAT.group, STAT.parent]) {
      const pid = Number(stat[field]);
      const key = leaders.get(pid) ?? this.#members.get(pid)?.key;
      if (key !== undefined) return key;
    }
    return undefined;
  }

  #isSettled(pid: number): boolean {
    if (environmentLength(pid) > 0) return true;
    const looks = (this.#looks.get(pid) ?? 0) + 1;
    this.#looks.set(pid, looks);
    return looks >= LOOKS;
  }

  #forget(alive: ReadonlySet<number>): void {
    for (const known of [this.#members, this.#looks])
      for (const pid of known.keys()) if (!alive.has(pid)) known.delete(pid);
    for (const pid of this.#strangers) if (!alive.has(pid)) this.#strangers.delete(pid);
  }
}

function ioOf(pid: number): { readonly readBytes?: number; readonly writtenBytes?: number } {
  const text = readText(pid, "io");
  if (text === undefined) return {};
  const number = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, "m").exec(text)?.[1] ?? 0);
  return { readBytes: number("read_bytes"), writtenBytes: number("write_bytes") };
}

const environmentLength = (pid: number): number => readText(pid, "environ")?.length ?? 1;

const readText = (pid: number, file: string): string | undefined => readProc(pid, file)?.toString("latin1");

/** Entries of the auxiliary vector (getauxval(3)): pairs of machine words, the first of which says what the second is. */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

function kernelFacts(): { readonly pageBytes: number; readonly tickMs: number } {
  let pageBytes = 4096;
  let ticks = 100;
  try {
    const vector = blockingFileSystem().readFileSync("/proc/self/auxv");
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      const value = Number(vector.readBigUInt64LE(at + 8));
      if (vector.readBigUInt64LE(at) === AT_PAGESZ) pageBytes = value;
      if (vector.readBigUInt64LE(at) === AT_CLKTCK) ticks = value;
    }
  } catch {
    // Not to be read in some sandboxes: then it is what nearly every Linux has.
    return { pageBytes, tickMs: 1000 / ticks };
  }
  return { pageBytes, tickMs: 1000 / ticks };
}
