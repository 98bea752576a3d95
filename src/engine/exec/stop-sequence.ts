import type { RunId } from "#core/model/ids";
import { within } from "#system/clock/within";
import { signalGroup, signalProcess } from "#system/process/signal";
import { signalTree } from "#system/process/tree";

export interface StopTarget {
  readonly pid: number;
  readonly run: RunId;
  readonly instance: string;
  readonly signal: string;
  readonly graceMs: number;
  /** Settled once the leader has ended. */
  readonly ended: Promise<unknown>;
  /** False for an interactive child: it is in our own process group and hears the terminal's signals itself. */
  readonly ownGroup: boolean;
  /** Sends a signal to where the work is done, if that is not the process itself; false where nobody is there. */
  readonly deliver?: (signal: string) => boolean;
  /** SIGKILL for all that is in the scope of the child. */
  readonly killScope?: () => Promise<void>;
}

/** How long what runs elsewhere may take to say that it has been killed. */
const REMOTE_KILL_MS = 1000;

/** Asks a process group to stop, waits for the grace period at most, then kills its whole tree. Settled when the leader is gone. */
export async function stopSequence(target: StopTarget): Promise<void> {
  if (target.deliver?.(target.signal) !== true) signalChild(target, target.signal);
  const isInTime = await within(target.graceMs, target.ended);
  // Also after a leader that went in time: what it left behind goes with it.
  await killTree(target);
  if (!isInTime) await target.ended;
}

/** SIGKILL for everything that belongs to the instance, also what has left its process group. */
export async function killTree(
  target: Pick<StopTarget, "pid" | "run" | "instance" | "ownGroup"> &
    Partial<Pick<StopTarget, "deliver" | "ended" | "killScope">>,
): Promise<void> {
  if (target.ended !== undefined && target.deliver?.("SIGKILL") === true)
    await within(REMOTE_KILL_MS, target.ended);
  await target.killScope?.();
  if (!target.ownGroup) return signalChild(target, "SIGKILL");
  await signalTree({
    pid: target.pid,
    signal: "SIGKILL",
    marker: { name: "ZR_INSTANCE_KEY", value: instanceKey(target.run, target.instance) },
  });
}

/** The value by which every process of an instance can be told, whatever group or session it has moved to. */
export const instanceKey = (run: RunId, instance: string): string => `${run}/${instance}`;

function signalChild({ pid, ownGroup }: Pick<StopTarget, "pid" | "ownGroup">, signal: string): void {
  if (ownGroup) signalGroup(pid, signal);
  else signalProcess(pid, signal);
}
