import { openCLibrary } from "#system/c-library";

/** fcntl(2), of Linux since 2.6.35. */
const F_SETPIPE_SZ = 1031;
/** What the system lets everybody have, unless its owner has decided otherwise (pipe(7), pipe-max-size). */
const WIDE_BYTES = 1024 * 1024;

/**
 * Lets a pipe take a megabyte instead of 64 KB before whoever writes has to wait for its reader: both wake up so much
 * less often. Where the system refuses, or the descriptor is no pipe, all is as it was.
 */
export function widenPipe(descriptor: number): void {
  if (process.platform !== "linux") return;
  const library = openCLibrary({ fcntl: { args: ["i32", "i32", "i32"], returns: "i32" } });
  library?.fcntl(descriptor, F_SETPIPE_SZ, WIDE_BYTES);
}
