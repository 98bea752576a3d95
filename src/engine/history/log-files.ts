import { decompressed, writeCompressed } from "#system/fs/zstd-file";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { writeInPlace } from "#system/fs/plain-file";
import { ownPid } from "#system/process/is-running";
import { logFolder, OWNER_PREFIX } from "./history-folder";
import type { HistoryFolder } from "./history-folder";
import type { RunId } from "#core/model/ids";
import type { StoredLog } from "./stored-run";

/** Makes a run's folder of logs and says that this process writes there. False where the disk refuses. */
export async function claimLogs(path: string, state: string): Promise<boolean> {
  try {
    await ensurePrivateFolder(path, state);
    await writeInPlace(`${path}/${OWNER_PREFIX}${ownPid()}`, "");
    return true;
  } catch {
    return false;
  }
}

/** Writes a log, unless the disk refuses: whoever looks for it finds that it is gone. */
export async function writeLog(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  try {
    await writeCompressed(path, parts, "fast");
  } catch {
    // Whatever the system's reason: a log that can't be kept is not worth a word in the middle of a run.
    return;
  }
}

/**
 * The bytes of a log, in order, in pieces. Throws the system's error where the file is not there any more or is no
 * zstd file.
 */
export async function* readLog(
  folder: HistoryFolder,
  run: RunId,
  log: StoredLog,
): AsyncGenerator<Uint8Array> {
  let skip = log.start;
  let left = log.bytes;
  for await (const chunk of decompressed(`${logFolder(folder, run)}/${log.file}`)) {
    const wanted = chunk.subarray(Math.min(skip, chunk.length), Math.min(skip + left, chunk.length));
    skip = Math.max(0, skip - chunk.length);
    left -= wanted.length;
    if (wanted.length > 0) yield wanted;
    if (left === 0) return;
  }
}
