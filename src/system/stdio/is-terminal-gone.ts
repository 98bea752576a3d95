import { blockingFileSystem } from "#system/runtime-modules";
import { FD } from "./sink";
import type { StandardStream } from "./sink";

/**
 * Whether a stream can't be written because it was a terminal that has been closed: that is then none any more to ask, but
 * still a device, and no disk gives this error for one.
 *
 * @param code of the system's error
 */
export function isTerminalGone(stream: StandardStream, code: string): boolean {
  if (code !== "EIO") return false;
  try {
    return blockingFileSystem().fstatSync(FD[stream]).isCharacterDevice();
  } catch {
    return false;
  }
}
