/** What the processes of one tree take together. */
export interface TreeUse {
  /** Resident; what processes share counts for each of them. */
  readonly memoryBytes: number;
  /** Of those that are alive, and of what they waited for. */
  readonly cpuMs: number;
  /** From and to devices; 0 where the system does not tell. */
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly pids: readonly number[];
}

/** By process number of a command that was started, the name of the tree that it and its descendants belong to. */
export type Leaders = ReadonlyMap<number, string>;

/** Looks at the processes of a run again and again. Trees without a living process are not in the result. */
export interface TreeSampler {
  readonly sample: (leaders: Leaders) => Promise<ReadonlyMap<string, TreeUse>>;
  /** Memory of these processes with what they share counted once; undefined where the system can't tell. */
  readonly exactMemory: (pids: readonly number[]) => number | undefined;
}

/** What a system tells of one process. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** Process group; 0 where there is none. */
  readonly group: number;
  readonly memoryBytes: number;
  readonly cpuMs: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
}

/** Adds up processes by tree. */
export class TreeSum {
  readonly #trees = new Map<string, { -readonly [K in keyof TreeUse]: TreeUse[K] } & { pids: number[] }>();

  add(key: string, row: Omit<ProcessRow, "parent" | "group">): void {
    let tree = this.#trees.get(key);
    if (tree === undefined)
      this.#trees.set(key, (tree = { memoryBytes: 0, cpuMs: 0, readBytes: 0, writtenBytes: 0, pids: [] }));
    tree.memoryBytes += row.memoryBytes;
    tree.cpuMs += row.cpuMs;
    tree.readBytes += row.readBytes ?? 0;
    tree.writtenBytes += row.writtenBytes ?? 0;
    tree.pids.push(row.pid);
  }

  get trees(): ReadonlyMap<string, TreeUse> {
    return this.#trees;
  }
}
