import { isTerminal } from "./is-terminal";

export type StandardStream = "stdout" | "stderr";

export const FD: Readonly<Record<StandardStream, 1 | 2>> = { stdout: 1, stderr: 2 };

/** Where bytes go. A promise means that not all of them went at once; the sink has taken a copy. Rejects on errors. */
export interface Sink {
  readonly write: (bytes: Uint8Array) => number | Promise<number>;
  readonly flush: () => number | Promise<number>;
}

/** A sink on file descriptor 1 or 2 that waits for slow readers without blocking the program. */
export function openStandardSink(stream: StandardStream): Sink {
  const fd = FD[stream];
  if (process.platform === "linux" && !isTerminal(fd) && Bun.file(fd).size === Infinity) {
    // The sink makes its pipe non-blocking, and that flag belongs to everybody who shares the pipe: other programs would
    // see writes fail. Opened anew, the pipe has flags of its own. Sockets, and pipes without a reader, can't be opened.
    try {
      return Bun.file(`/proc/self/fd/${fd}`).writer();
    } catch {
      return (fd === 1 ? Bun.stdout : Bun.stderr).writer();
    }
  }
  return (fd === 1 ? Bun.stdout : Bun.stderr).writer();
}

/** Whether stdout and stderr lead to the same file, pipe or terminal. */
export async function sameDestination(): Promise<boolean> {
  if (isTerminal(1) && isTerminal(2)) return true;
  try {
    const [out, error] = await Promise.all([Bun.file(1).stat(), Bun.file(2).stat()]);
    return out.dev === error.dev && out.ino === error.ino;
  } catch {
    return true;
  }
}
