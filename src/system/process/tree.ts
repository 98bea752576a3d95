import { carriesMarker, livingProcesses, processFacts } from "./marker";
import type { Marker, ProcessFacts } from "./marker";
import type { GroupProbe } from "./group-probe";

export interface TreeSignal {
  /** Leader of a process group and session that we started. */
  readonly pid: number;
  readonly signal: NodeJS.Signals;
  /** What everything below the leader carries in its environment, and nothing else does. */
  readonly marker: Marker;
}

const ROUNDS = 100;
const LONGEST_PAUSE_MS = 20;

/**
 * Signals the process group of `pid`. SIGKILL also reaches what left the group, as far as the system lets us see it: on
 * Linux all that carries the marker or is still in the leader's session, repeated until nothing of it is left. The first
 * signals have been sent when the call returns; the result is awaited for the rest, and names what has survived (it
 * belongs to another user or hangs in the kernel). Windows has no groups: there the tree is found by parents.
 *
 * A number may belong to a stranger by now, so on Linux nothing is signalled that is not proven ours: a group by a leader
 * that is our own child or by a member with the marker, single processes by marker and start time.
 */
export async function signalTree(target: TreeSignal): Promise<readonly number[]> {
  const { pid, signal } = target;
  if (process.platform === "win32") return endWindowsTree(pid, signal);
  if (process.platform !== "linux") {
    send(-pid, signal);
    return [];
  }
  const isOurs = isOurGroup(target);
  if (isOurs) send(-pid, signal);
  return signal === "SIGKILL" ? killRemaining(target, isOurs) : [];
}

/** From so many questions on, loading what answers them quicker pays. */
const MANY = 30;
let asked = 0;
let probe: GroupProbe | undefined;

/** Whether the process group of `pid` has members; one that has ended and was not waited for counts. */
export function groupAlive(pid: number): boolean {
  if (probe !== undefined) return probe(pid);
  asked += 1;
  if (asked === MANY)
    void import("./group-probe").then(({ loadGroupProbe }) => {
      probe = loadGroupProbe();
    });
  try {
    process.kill(-pid, 0);
    return true;
  } catch (error) {
    // There, but all of it somebody else's, as after `sudo`.
    return hasCode(error, "EPERM");
  }
}

/** Whether a process of the group still runs: what has only not been waited for, perhaps by nobody ever, does not count (Linux; elsewhere it does). */
export function groupRuns(pid: number): boolean {
  if (!groupAlive(pid)) return false;
  return (
    process.platform !== "linux" || livingProcesses().some((member) => processFacts(member)?.group === pid)
  );
}

async function killRemaining(target: TreeSignal, isOurGroup: boolean): Promise<readonly number[]> {
  // One that is ending loses its environment, and with it the marker, before it is gone: hence the memory.
  const seen = new Map<number, ProcessFacts>();
  for (let round = 0; ; round += 1) {
    const { remaining, isCertain } = remainingOf(target, isOurGroup);
    for (const [pid, facts] of remaining) seen.set(pid, facts);
    for (const [pid, { started }] of seen) if (processFacts(pid)?.started !== started) seen.delete(pid);
    if ((seen.size === 0 && isCertain) || round === ROUNDS) return [...seen.keys()];
    for (const pid of seen.keys()) send(pid, "SIGKILL");
    // The kernel takes a moment; what was about to fork shows its children meanwhile.
    await Bun.sleep(Math.min(round + 1, LONGEST_PAUSE_MS));
  }
}

interface Remaining {
  readonly remaining: ReadonlyMap<number, ProcessFacts>;
  /** Whether that is all; not while a process can't be asked whose it is. */
  readonly isCertain: boolean;
}

function remainingOf({ pid: leader, marker }: TreeSignal, isOurGroup: boolean): Remaining {
  const remaining = new Map<number, ProcessFacts>();
  let isCertain = true;
  for (const pid of livingProcesses()) {
    const facts = processFacts(pid);
    if (facts === undefined) continue;
    const isOurs = (isOurGroup && facts.session === leader) || carriesMarker(pid, marker);
    if (isOurs === undefined) isCertain = false;
    else if (isOurs) remaining.set(pid, facts);
  }
  return { remaining, isCertain };
}

function isOurGroup({ pid, marker }: TreeSignal): boolean {
  const leader = processFacts(pid);
  if (leader !== undefined) return leader.parent === process.pid || carriesMarker(pid, marker) === true;
  // While members remain, no new process gets the leader's number.
  return livingProcesses().some(
    (member) => processFacts(member)?.group === pid && carriesMarker(member, marker) === true,
  );
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone meanwhile, or run as another user: neither is for us to signal.
    if (!hasCode(error, "ESRCH") && !hasCode(error, "EPERM")) throw error;
  }
}

async function endWindowsTree(pid: number, signal: NodeJS.Signals): Promise<readonly number[]> {
  const force = signal === "SIGKILL" ? ["/F"] : [];
  const ending = Bun.spawn(["taskkill", "/T", ...force, "/PID", String(pid)], {
    stdio: ["ignore", "ignore", "ignore"],
    windowsHide: true,
  });
  await ending.exited;
  return [];
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
