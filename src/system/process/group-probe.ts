import { openCLibrary } from "#system/c-library";

/** Tells whether a process group has members. */
export type GroupProbe = (leader: number) => boolean;

/** The number of getpriority(2), by architecture. */
const GETPRIORITY: Readonly<Record<string, number>> = { x64: 140, arm64: 141 };
const PRIO_PGRP = 1;

/**
 * A probe that asks for the group's priority: unlike a signal it needs no right over the members, and unlike the
 * runtime's `kill` it doesn't throw where there are none. The system call itself is used, since the library's function
 * can't be told from a failure by its result. Undefined where the system has no such call (Linux has).
 */
export function loadGroupProbe(): GroupProbe | undefined {
  const number = process.platform === "linux" ? GETPRIORITY[process.arch] : undefined;
  if (number === undefined) return undefined;
  const library = openCLibrary({ syscall: { args: ["i64", "i32", "i32"], returns: "i32" } });
  if (library === undefined) return undefined;
  const probe: GroupProbe = (leader) => library.syscall(number, PRIO_PGRP, leader) > 0;
  // Where it is not to be had (sandboxes), not even our own group, which 0 stands for, is found.
  return probe(0) ? probe : undefined;
}
