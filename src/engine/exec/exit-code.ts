import type { ExitStatus } from "#system/process/spawn";

/** Numbers of the signals that end a process, the same on every system that zr runs on. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** 128 and the signal's number, as shells report it. */
export const signalExitCode = (signal: string): number => 128 + (SIGNAL_NUMBERS[signal] ?? 0);

/** The exit code by which a shell would report how a child ended. */
export const exitCodeOf = ({ code, signal }: ExitStatus): number =>
  signal === null ? (code ?? 1) : signalExitCode(signal);
