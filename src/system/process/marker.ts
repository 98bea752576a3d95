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
 * the list is empty. A process that replaced its environment, or one of another user, is not among them.
 */
export function processesMarked(name: string, value: string): number[] {
  const marker = { name, value };
  return livingProcesses().filter((pid) => carriesMarker(pid, marker));
}

/** Whether the process was started with the marker in its environment; false where that can't be told. */
export function carriesMarker(pid: number, { name, value }: Marker): boolean {
  const environment = readProc(pid, "environ");
  const entry = Buffer.from(`${name}=${value}\0`);
  for (let at = environment?.indexOf(entry) ?? -1; at >= 0; at = environment?.indexOf(entry, at + 1) ?? -1) {
    // Not the tail of a longer name.
    if (at === 0 || environment?.[at - 1] === 0) return true;
  }
  return false;
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
  const text = readProc(pid, "stat")?.toString("latin1");
  // The fields follow the program's name, which may hold blanks and brackets (proc(5)).
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
  return {
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    started: fields[19] ?? "",
  };
}

/** All processes of the machine but ourselves (Linux; empty elsewhere). */
export function livingProcesses(): number[] {
  if (process.platform !== "linux") return [];
  return fileSystem()
    .readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
}

function readProc(pid: number, file: string): Buffer | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return fileSystem().readFileSync(`/proc/${pid}/${file}`);
  } catch {
    // Gone since it was listed, or not ours to read.
    return undefined;
  }
}

/** Asked for when first needed, since loading it is a noticeable part of a start; at once, since a kill can't wait. */
const fileSystem = () => process.getBuiltinModule("node:fs");
