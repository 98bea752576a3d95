import { blockingFileSystem } from "#system/runtime-modules";
import { noteRead } from "./read-trace";
import { atOnceFlag, readBytesAtOnce } from "./read-at-once";

/** Most sources fit. */
const SHARED_BYTES = 64 * 1024;

let shared: Uint8Array | undefined;

/**
 * The bytes of a file of moderate size, in memory that the next call writes over: thousands of files that are only looked
 * through leave nothing to be collected. Undefined where they can't be read.
 */
export function readShared(path: string): Uint8Array | undefined {
  noteRead(path);
  shared ??= new Uint8Array(SHARED_BYTES);
  const { openSync, readSync, closeSync } = blockingFileSystem();
  try {
    const descriptor = openSync(path, atOnceFlag());
    let length = 0;
    try {
      for (;;) {
        const read = readSync(descriptor, shared, length, SHARED_BYTES - length, null);
        if (read === 0) break;
        length += read;
      }
    } finally {
      closeSync(descriptor);
    }
    return length < SHARED_BYTES ? shared.subarray(0, length) : readBytesAtOnce(path);
  } catch {
    return undefined;
  }
}
