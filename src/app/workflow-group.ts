import type { WorkflowConcurrency } from "#core/model/workflow";
import { tryLock } from "#system/lock/file-lock";
import { signalProcess } from "#system/process/signal";
import { fileSystem } from "#system/runtime-modules";

/** How often a run that waits looks whether it is its turn, in milliseconds. */
const LOOK_MS = 100;

export interface GroupTurn {
  /** Told once where another run is waited for. */
  readonly waiting: (run: string) => void;
  /** Settled where the wait is to be given up. */
  readonly stopped: Promise<void>;
}

/**
 * Waits until no other run of the group goes on, on this machine and in this workspace; gives the way to let the next
 * one in, or undefined where the wait was given up. Where no lock can be made nothing is waited for.
 */
export async function enterGroup(
  root: string,
  { group, cancelInProgress }: WorkflowConcurrency,
  { run, waiting, stopped }: GroupTurn & { readonly run: string },
): Promise<(() => Promise<void>) | undefined> {
  const folder = `${root}/.zr/workflows/groups`;
  const { mkdir } = fileSystem();
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
  const path = `${folder}/${Bun.hash.xxHash64(group).toString(16)}.lock`;
  let isTold = false;
  let isStopped = false;
  void stopped.then(() => (isStopped = true));
  for (;;) {
    const attempt = await tryLock(path, run);
    if (attempt.kind === "held") return attempt.release;
    if (attempt.kind === "impossible") return () => Promise.resolve();
    if (!isTold) {
      isTold = true;
      waiting(attempt.by.note);
      if (cancelInProgress) signalProcess(attempt.by.pid, "SIGTERM");
    }
    await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    if (isStopped) return undefined;
  }
}
