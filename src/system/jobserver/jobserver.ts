import { jobserverFlags } from "./makeflags";
import type { JobserverStyle } from "./makeflags";
import type { PipeCalls } from "./pipe-calls";
import { memoryPool } from "./token-pool";
import { TokenQueue } from "./token-queue";
import type { Token } from "./token-queue";

/** Worker slots that we share with the programs we start. */
export interface Jobserver {
  /** How many slots there are; undefined where a jobserver above us doesn't say. */
  readonly slots: number | undefined;
  /** Descriptors to hand to every child, as 3, 4, … */
  readonly inherit: readonly number[];
  /** Flags for MAKEFLAGS and CARGO_MAKEFLAGS of a child, put in with `withJobserver`; empty where nothing is offered. */
  readonly makeflags: string;
  /** The same for a child whose command is known: some programs understand one form of the flags only. */
  readonly makeflagsFor: (command: string) => string;
  /** A token for one instance of that weight, where it can be had at once. */
  readonly tryAcquire: (count?: number) => Token | undefined;
  /** Waits for it, in the order of asking; undefined once aborted or closed. */
  readonly acquire: (signal?: AbortSignal, count?: number) => Promise<Token | undefined>;
  readonly release: (token: Token) => void;
  /** Gives everything back and removes what lies on the disk. */
  readonly close: () => void;
}

export interface JobserverOptions {
  /** At least 1: this many tokens lie in the pool, one is taken by each running instance. */
  readonly slots: number;
  /** An existing folder for the named pipe. */
  readonly folder: string;
  readonly style: JobserverStyle;
}

/** What children get as the two ends of the pipe: the first descriptors behind stderr. */
export const PIPE_PLACE = "3,4";

/**
 * Opens a GNU make jobserver for the children of this process. The tokens lie in a named pipe in either style: opened
 * apart from what children inherit, reading it never blocks us, whatever mode they put their ends into. Where the
 * system has no such pipes the slots are only ours, and nothing is offered.
 */
export async function openJobserver(options: JobserverOptions): Promise<Jobserver> {
  const { loadPipeCalls } = await import("./pipe-calls");
  const calls = loadPipeCalls();
  const opened = calls === undefined ? undefined : await openPipe(calls, options);
  return opened ?? ownSlots(options.slots);
}

/** Slots of this process alone, of which children are told nothing. */
export function ownSlots(slots: number): Jobserver {
  const queue = new TokenQueue(memoryPool(slots), { slots, role: "owner" });
  return serve(queue, { slots, inherit: [], makeflags: "" });
}

async function openPipe(
  calls: PipeCalls,
  { slots, folder, style }: JobserverOptions,
): Promise<Jobserver | undefined> {
  const { pipePool } = await import("./pipe-pool");
  const path = `${folder}/jobserver`;
  if (!calls.makeFifo(path)) return undefined;
  // In this order no open waits for the other end.
  const read = calls.open(path, { end: "read", blocks: false });
  const write = calls.open(path, { end: "write", blocks: false });
  if (read === undefined || write === undefined) return undefined;
  const pool = pipePool(calls, { read, write });
  pool.refill(slots);
  // Flags are split at blanks, and nothing can quote a path in them.
  const canNamePath = !/\s/.test(path);
  const chosen = style === "fifo" && !canNamePath ? "pipe" : style;
  const inherit = chosen === "fifo" ? [] : inheritedEnds(calls, path);
  const byPath = canNamePath ? jobserverFlags(slots, "fifo", path) : "";
  const makeflags = chosen === "fifo" ? byPath : jobserverFlags(slots, chosen, PIPE_PLACE);
  const queue = new TokenQueue(pool, { slots, role: "owner" });
  return serve(queue, {
    slots,
    inherit,
    makeflags,
    makeflagsFor: (command) => (canNamePath && knowsOnlyPaths(command) ? byPath : makeflags),
    close: () => {
      for (const descriptor of inherit) calls.close(descriptor);
      calls.remove(path);
    },
  });
}

function inheritedEnds(calls: PipeCalls, path: string): readonly number[] {
  const ends = (["read", "write"] as const).map((end) => calls.open(path, { end, blocks: true }));
  return ends.filter((end) => end !== undefined);
}

/** Whether the command starts a program that reads the form with a path and no other: ninja without make. */
function knowsOnlyPaths(command: string): boolean {
  return /(?:^|[\s/;&|("'])ninja(?:-build)?(?:$|[\s;&|)"'])/.test(command) && !/\bg?make\b/.test(command);
}

interface Announced {
  readonly slots: number | undefined;
  readonly inherit: readonly number[];
  readonly makeflags: string;
  readonly makeflagsFor?: (command: string) => string;
  readonly close?: () => void;
}

/** A jobserver that takes its tokens from the queue. */
export function serve(queue: TokenQueue, announced: Announced): Jobserver {
  return {
    slots: announced.slots,
    inherit: announced.inherit,
    makeflags: announced.makeflags,
    makeflagsFor: announced.makeflagsFor ?? (() => announced.makeflags),
    tryAcquire: (count) => queue.tryAcquire(count),
    acquire: (signal, count) => queue.acquire(signal, count),
    release: (token) => queue.release(token),
    close: () => {
      queue.close();
      announced.close?.();
    },
  };
}
