import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { processFacts } from "#system/process/marker";
import { fileSystem } from "#system/runtime-modules";
import type { CgroupFacts, Controller } from "./cgroup-place";
import { findCgroupPlace } from "./cgroup-place";
import { CgroupScope } from "./cgroup-scope";
import type { ScopeLimits } from "./cgroup-scope";

/** The scopes of one run. */
export interface RunScopes {
  readonly controllers: ReadonlySet<Controller>;
  /** What the path of each begins with, and that of no other run's. */
  readonly prefix: string;
  readonly make: (limits: ScopeLimits) => Promise<Result<CgroupScope, string>>;
}

/**
 * Opens a place for scopes named `zr-<run>-<process>.<its start>-<n>`, and removes those of runs whose process is gone. A
 * first scope is made and entered to see whether all of it works here.
 *
 * @returns the reason in words where it does not.
 */
export async function openRunScopes(run: string, facts: CgroupFacts): Promise<Result<RunScopes, string>> {
  const found = await findCgroupPlace(facts);
  if (!found.ok) return found;
  const { parent, controllers } = found.value;
  await removeDeadScopes(parent);
  const prefix = `${parent}/zr-${run}-${process.pid}.${startedOf(process.pid)}-`;
  let count = 0;
  const make = (limits: ScopeLimits): Promise<Result<CgroupScope, string>> => {
    count += 1;
    return CgroupScope.make(`${prefix}${count}`, limits);
  };
  const first = await make({});
  if (!first.ok) return first;
  const isEntered = await enters(first.value);
  await first.value.remove();
  return isEntered ? ok({ controllers, prefix, make }) : err(`groups below ${parent} can't be entered`);
}

async function enters(scope: CgroupScope): Promise<boolean> {
  try {
    const child = Bun.spawn(["/bin/sh", "-c", 'echo 0 > "$0"', scope.entrance], {
      stdio: ["ignore", "ignore", "ignore"],
      env: {},
    });
    return (await child.exited) === 0;
  } catch {
    // No shell, or no process to be had.
    return false;
  }
}

/** Removes what runs that were killed have left, processes too. Groups of living runs, and of others, are left alone. */
async function removeDeadScopes(parent: string): Promise<void> {
  const names = await fileSystem()
    .readdir(parent)
    .catch((): string[] => []);
  for (const name of names) {
    const owner = /^zr-.+-(\d+)\.(\d+)-\d+$/.exec(name);
    if (owner === null || startedOf(Number(owner[1])) === owner[2]) continue;
    await CgroupScope.at(`${parent}/${name}`).remove();
  }
}

/** When a process started, in clock ticks since boot; empty where there is no such process. */
const startedOf = (pid: number): string => processFacts(pid)?.started ?? "";
