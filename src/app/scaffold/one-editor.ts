import { dataFolder } from "#app/tools/tool-setting";
import { holdLock } from "#engine/toolchain/hold-lock";
import { thisHost } from "#system/host";

/** An edit takes a moment; who has waited for so long waits for one that hangs. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Reads, changes and writes a file of the user's while no other zr of the same user does so: of two at once, the later one
 * would write what it had read before the earlier one wrote. Where there is no place for a lock it is done without.
 */
export async function asOnlyEditor<T>(work: () => Promise<T>): Promise<T> {
  const path = `${dataFolder(thisHost())}/edit.lock`;
  const held = await holdLock(path, { signal: AbortSignal.timeout(LONGEST_WAIT_MS) }, work);
  return held.ok ? held.value : work();
}
