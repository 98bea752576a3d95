import { readAtOnce } from "#system/fs/read-at-once";

export interface TerminalListener {
  /** The terminal has another size. */
  readonly resized: () => void;
  /** Ctrl-Z: called before the program is stopped. */
  readonly suspending: () => void;
  /** The program goes on, in the foreground or not. */
  readonly resumed: () => void;
}

/** Hears what happens to the terminal, until disposed. Windows has none of these signals. */
export function onTerminalSignals({ resized, suspending, resumed }: TerminalListener): Disposable {
  if (process.platform === "win32") return { [Symbol.dispose]: () => undefined };
  const stop = (): void => {
    suspending();
    // What the signal would have done without a listener.
    process.kill(process.pid, "SIGSTOP");
  };
  process.on("SIGWINCH", resized);
  process.on("SIGTSTP", stop);
  process.on("SIGCONT", resumed);
  return {
    [Symbol.dispose]() {
      process.off("SIGWINCH", resized);
      process.off("SIGTSTP", stop);
      process.off("SIGCONT", resumed);
    },
  };
}

/** Whether the terminal is this program's: one in the background that touches it is stopped by the system. */
export function isInForeground(): boolean {
  const stat = readAtOnce("/proc/self/stat");
  if (stat === undefined) return true;
  // Fields 5 (pgrp) and 8 (tpgid), counted after the program's name (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[2] === fields[5];
}
