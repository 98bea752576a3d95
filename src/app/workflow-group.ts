import type { WorkflowConcurrency } from "#core/model/workflow";
import { lockHolder, tryLock } from "#system/lock/file-lock";
import { joinLine } from "#system/lock/waiting-line";
import type { Waiter } from "#system/lock/waiting-line";
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
 * Waits until no other run of the group goes on, on this machine and in this workspace, and none that came before waits;
 * gives the way to let the next one in, or undefined where the wait was given up. Where no lock can be made nothing is
 * waited for.
 */
export async function enterGroup(
  root: string,
  { group, cancelInProgress }: WorkflowConcurrency,
  { run, waiting, stopped }: GroupTurn & { readonly run: string },
): Promise<(() => Promise<void>) | undefined> {
  const folder = `${root}/.zr/workflows/groups`;
  const { mkdir } = fileSystem();
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
  const path = `${folder}/${Bun.hash.xxHash64(group).toString(16)}`;
  const place = await joinLine(`${path}.line`, run);
  const toldOf = new Set<number>();
  /** Those that are waited for are older, whatever the order in which they get their turn. */
  const tell = (others: readonly Waiter[]): void => {
    const [first] = others;
    if (first !== undefined && toldOf.size === 0) waiting(first.note);
    for (const { pid } of others) {
      if (cancelInProgress && !toldOf.has(pid)) signalProcess(pid, "SIGTERM");
      toldOf.add(pid);
    }
  };
  let isStopped = false;
  void stopped.then(() => (isStopped = true));
  try {
    for (;;) {
      const ahead = (await place?.ahead()) ?? [];
      const attempt = ahead.length === 0 ? await tryLock(`${path}.lock`, run) : undefined;
      if (attempt?.kind === "held") return attempt.release;
      if (attempt?.kind === "impossible") return () => Promise.resolve();
      const holder = attempt?.by ?? (await lockHolder(`${path}.lock`));
      tell([...(holder === undefined ? [] : [holder]), ...ahead]);
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
      if (isStopped) return undefined;
    }
  } finally {
    await place?.leave();
  }
}
