import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export type FoundProcess = { readonly pid: number; readonly command: string };

/**
 * Whether the process runs. A zombie, which has ended and waits for its parent, doesn't; nor does one that has been killed
 * and is on its way out, which the system takes some time for.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there, but somebody else's.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const state = statFields(pid)?.[0];
  return state !== "Z" && state !== "X" && !isKilled(pid);
}

/** Whether SIGKILL is pending, which nothing survives (proc_pid_status(5), `SigPnd`, `ShdPnd`). */
function isKilled(pid: number): boolean {
  try {
    const pending = [...readFileSync(`/proc/${pid}/status`, "latin1").matchAll(/^S(?:ig|hd)Pnd:\s*(\w+)$/gm)];
    return pending.some(([, mask = "0"]) => (BigInt(`0x${mask}`) & 0x100n) !== 0n);
  } catch {
    return false;
  }
}

/** The process group of a live process on Linux; undefined where it is gone. */
export function processGroupOf(pid: number): number | undefined {
  const group = statFields(pid)?.[2];
  return group === undefined ? undefined : Number(group);
}

/**
 * Live processes whose environment, arguments or working folder contain the marker (Linux;
 * empty elsewhere). The asking process isn't among them.
 */
export function processesWithMarker(marker: string): FoundProcess[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => carriesMarker(pid, marker) && isAlive(pid))
    .map((pid) => ({ pid, command: readProc(pid, "cmdline").replaceAll("\0", " ").trim() }));
}

function carriesMarker(pid: number, marker: string): boolean {
  return (
    readProc(pid, "environ").includes(marker) ||
    readProc(pid, "cmdline").includes(marker) ||
    workingFolder(pid).includes(marker)
  );
}

/** Fields of `/proc/<pid>/stat` from the third on: state, parent, group, session, … */
function statFields(pid: number): string[] | undefined {
  const text = readProc(pid, "stat");
  // The second field is the program's name in parentheses, which may itself hold blanks and parentheses.
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    // Gone since the folder was listed, or not ours to read: no process the rig started.
    return "";
  }
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
