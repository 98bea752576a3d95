/** What a program has looked at in the file system, for who wants to know later whether it would see the same again. */
export interface ReadTrace {
  /** Paths of files, folders and links that were looked at, or where nothing was found. */
  readonly paths: Set<string>;
  /** The same where the look was for what is in a task's inputs. */
  readonly inputs: Set<string>;
  /** The same where the look was for what tasks have made. */
  readonly outputs: Set<string>;
  /** Those of them where a look has found nothing. */
  readonly missing: Set<string>;
  /** Looks that another program took for this one; they are repeated only where the whole trace is wanted. */
  readonly repeat: (() => void | Promise<void>)[];
  /** What was asked besides files, of which nobody can tell whether it would answer the same again. */
  readonly obstacles: Set<string>;
}

/** What a look is for, as the name of its set. */
export type ReadPurpose = "paths" | "inputs" | "outputs";

let open: ReadTrace | undefined;
let purpose: ReadPurpose = "paths";

/** From now on until `endReadTrace` all looks of this process are noted. */
export function beginReadTrace(): ReadTrace {
  open = {
    paths: new Set(),
    inputs: new Set(),
    outputs: new Set(),
    missing: new Set(),
    repeat: [],
    obstacles: new Set(),
  };
  return open;
}

/** What has been noted so far, as a trace of its own to which nothing comes unless it is resumed. */
export const copyReadTrace = (trace: ReadTrace): ReadTrace => ({
  paths: new Set(trace.paths),
  inputs: new Set(trace.inputs),
  outputs: new Set(trace.outputs),
  missing: new Set(trace.missing),
  repeat: [...trace.repeat],
  obstacles: new Set(trace.obstacles),
});

/** From now on looks are noted in this trace, in place of the one that is open. */
export function resumeReadTrace(trace: ReadTrace): void {
  open = trace;
}

export function endReadTrace(): void {
  open = undefined;
}

export const isTracingReads = (): boolean => open !== undefined;

export function noteRead(path: string, what: ReadPurpose = purpose): void {
  open?.[what].add(path);
}

/** What the looks of this thread are for from now on. Returns what they were for before, to be set again at the end. */
export function readFor(next: ReadPurpose): ReadPurpose {
  const before = purpose;
  purpose = next;
  return before;
}

/** A look at a path has found nothing. */
export function noteMissing(path: string): void {
  open?.missing.add(path);
}

/** What another program looks at for this one is noted by this, which is called at the end or not at all. */
export function noteRepeatable(look: () => void | Promise<void>): void {
  open?.repeat.push(look);
}

/** How it is noted that a program has been asked. */
export const answersOf = (program: string): string => `what ${program} answers`;

/** Something else than a file has been asked: a program, a network, the clock. */
export function noteObstacle(what: string): void {
  open?.obstacles.add(what);
}
