import { dlopen } from "bun:ffi";

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
  const musl = process.arch === "arm64" ? "aarch64" : "x86_64";
  for (const library of ["libc.so.6", `libc.musl-${musl}.so.1`])
    try {
      const { symbols } = dlopen(library, { fcntl: { args: ["i32", "i32", "i32"], returns: "i32" } });
      symbols.fcntl(descriptor, F_SETPIPE_SZ, WIDE_BYTES);
      return;
    } catch {
      // Another C library then.
      continue;
    }
}
