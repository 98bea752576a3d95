/** Sends a signal to a process; false where it is gone already. */
export function signalProcess(pid: number, signal: string): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/** Sends a signal to the whole group that a child leads; on Windows, which has no groups, to the child. */
export function signalGroup(leader: number, signal: string): boolean {
  return signalProcess(process.platform === "win32" ? leader : -leader, signal);
}
