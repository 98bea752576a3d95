import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { pause } from "#system/clock/pause";
import { tryLock } from "#system/lock/file-lock";
import { fileSystem } from "#system/runtime-modules";

const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/** Does something while no other process does it under the same lock; waits for its turn. */
export async function holdLock<T>(
  path: string,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait?: () => void },
  work: () => Promise<T>,
): Promise<Result<T, string>> {
  try {
    await fileSystem().mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  for (let waitMs = SHORTEST_PAUSE_MS; ; waitMs = Math.min(LONGEST_PAUSE_MS, waitMs * 2)) {
    const attempt = await tryLock(path, "tools");
    if (attempt.kind === "impossible") return err(attempt.reason);
    if (attempt.kind === "held") {
      try {
        return ok(await work());
      } finally {
        await attempt.release();
      }
    }
    if (signal.aborted) return err("it was given up");
    onWait?.();
    await pause(waitMs);
  }
}
