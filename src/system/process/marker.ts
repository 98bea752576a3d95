import { livingStat, readProc, STAT } from "./proc-files";
import { blockingFileSystem } from "#system/runtime-modules";

/** A variable in the environment of a child, by which it and whatever it starts can be told from other processes. */
export interface Marker {
  readonly name: string;
  readonly value: string;
}

/** What the kernel tells of a process (Linux). `started` counts clock ticks since boot: with the pid it names one process for ever. */
export interface ProcessFacts {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly started: string;
}

/**
 * The living processes that were started with `name=value` in their environment, without ourselves. Linux only: elsewhere
 * the list is empty. A process that replaced its environment, or one of another user, is not among them; one that is just becoming
 * another program may be missing.
 */
export function processesMarked(name: string, value: string): number[] {
  const marker = { name, value };
  return livingProcesses().filter((pid) => carriesMarker(pid, marker) === true);
}

/**
 * Whether the process was started with the marker in its environment; false where that can't be told, undefined where it
 * can't be told yet: ask again.
 */
export function carriesMarker(pid: number, { name, value }: Marker): boolean | undefined {
  const environment = readProc(pid, "environ");
  if (environment?.length === 0) return isBecomingProgram(pid) ? undefined : false;
  if (environment === undefined) return false;
  // A shell that starts may cut its variables in two, where they lie, while it reads them (bash does).
  return ["=", "\0"].some((cut) => hasEntry(environment, `${name}${cut}${value}\0`));
}

function hasEntry(environment: Buffer, entry: string): boolean {
  const bytes = Buffer.from(entry);
  // Not the tail of a longer name.
  for (let at = environment.indexOf(bytes); at >= 0; at = environment.indexOf(bytes, at + 1))
    if (at === 0 || environment[at - 1] === 0) return true;
  return false;
}

/**
 * Whether a process whose environment has just been read as empty may have one all the same: execve(2) gives it new memory
 * some time before its environment is in there.
 */
function isBecomingProgram(pid: number): boolean {
  const fields = livingStat(pid);
  if (fields === undefined) return false;
  if ((Number(fields[STAT.flags]) & WITHOUT_PROGRAM) !== 0) return false;
  // The kernel notes where the code ends after it has laid out the environment, which is empty only if nothing was given.
  return fields[STAT.codeEnd] === "0" || fields[STAT.environmentStart] !== fields[STAT.environmentEnd];
}

/** What a variable was set to when the process was started; undefined where it was not, or where that can't be told. */
export function environmentValue(pid: number, name: string): string | undefined {
  const environment = readProc(pid, "environ");
  const entry = Buffer.from(`${name}=`);
  for (let at = environment?.indexOf(entry) ?? -1; at >= 0; at = environment?.indexOf(entry, at + 1) ?? -1) {
    if (at > 0 && environment?.[at - 1] !== 0) continue;
    const end = environment?.indexOf(0, at) ?? -1;
    return environment?.subarray(at + entry.length, end < 0 ? undefined : end).toString();
  }
  return undefined;
}

/** Facts of a living process; undefined where it is gone, has ended and waits for its parent, or the system isn't Linux. */
export function processFacts(pid: number): ProcessFacts | undefined {
  const fields = livingStat(pid);
  if (fields === undefined) return undefined;
  return {
    parent: Number(fields[STAT.parent]),
    group: Number(fields[STAT.group]),
    session: Number(fields[STAT.session]),
    started: fields[STAT.started] ?? "",
  };
}

/** All processes of the machine but ourselves (Linux; empty elsewhere). */
export function livingProcesses(): number[] {
  if (process.platform !== "linux") return [];
  return blockingFileSystem()
    .readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
}

/** The kernel's PF_EXITING and PF_KTHREAD: what is ending has no memory any more, and a kernel thread never had. */
const WITHOUT_PROGRAM = 0x4 | 0x20_0000;
