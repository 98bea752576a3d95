/** A package of a lock file. */
export interface LockNode {
  /** Everything that is fixed about it: version, source, checksum. */
  readonly identity: string;
  /** Keys of the packages that it needs. */
  readonly needs: readonly string[];
}

/** What a lock file resolves, for the members that share it. */
export interface LockGraph {
  /** What holds for all of them: the format, overrides. Where it differs, everything does. */
  readonly settings: string;
  /** By key. */
  readonly nodes: ReadonlyMap<string, LockNode>;
  /** Keys of the packages that each member needs itself, by the member's path from the lock file's folder. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** A package that may use the lock file. */
export interface LockMember {
  /** Path from the lock file's folder; `.` for that folder. */
  readonly path: string;
  /** The text of its manifest; undefined where it has none. */
  readonly manifest: string | undefined;
}

/** One format of lock files. It is pure: texts in, values out. */
export interface LockFormat {
  readonly names: readonly string[];
  /** The manifest whose text it needs of each member; none where the lock file says everything. */
  readonly manifest?: string;
  /** Undefined where the text can't be read for certain. */
  readonly read: (text: string, members: readonly LockMember[]) => LockGraph | undefined;
}

/**
 * The members for which two states of a lock file differ: those that reach, in one of them, a package that is not the same
 * in the other. Undefined where all of them may.
 */
export function changedMembers(before: LockGraph, after: LockGraph): ReadonlySet<string> | undefined {
  if (before.settings !== after.settings) return undefined;
  const changed = new Set<string>();
  const gone = tainted(before, after);
  const come = tainted(after, before);
  for (const path of new Set([...before.members.keys(), ...after.members.keys()])) {
    const [old, now] = [before.members.get(path), after.members.get(path)];
    const isSame = old !== undefined && now !== undefined && sorted(old) === sorted(now);
    if (!isSame || old.some((key) => gone.has(key)) || now.some((key) => come.has(key))) changed.add(path);
  }
  return changed;
}

/** Keys of the packages of a graph that differ from those of another, or need one that does, at any distance. */
function tainted(graph: LockGraph, other: LockGraph): ReadonlySet<string> {
  const found = new Set<string>();
  const neededBy = new Map<string, string[]>();
  for (const [key, node] of graph.nodes) {
    const same = other.nodes.get(key);
    if (same?.identity !== node.identity || sorted(same.needs) !== sorted(node.needs)) found.add(key);
    for (const need of node.needs) {
      const list = neededBy.get(need);
      if (list === undefined) neededBy.set(need, [key]);
      else list.push(key);
    }
  }
  // What is added on the way is looked at too.
  for (const key of found) for (const by of neededBy.get(key) ?? []) found.add(by);
  return found;
}

const sorted = (keys: readonly string[]): string => JSON.stringify([...keys].sort());
