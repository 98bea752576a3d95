import { blockingFileSystem } from "#system/runtime-modules";

/** Where proc(5) has the fields of `stat`, counted from the one behind the program's name. */
export const STAT = {
  state: 0,
  parent: 1,
  group: 2,
  session: 3,
  flags: 6,
  /** Of the process and of the children that it has waited for, in user mode and in the kernel; in ticks. */
  cpuTimes: [11, 12, 13, 14],
  started: 19,
  pages: 21,
  codeEnd: 24,
  environmentStart: 47,
  environmentEnd: 48,
} as const;

/** The fields of `/proc/<pid>/stat` behind the program's name; undefined where there is no such process or it has ended. */
export function livingStat(pid: number): readonly string[] | undefined {
  const text = readProc(pid, "stat")?.toString("latin1");
  // The name may hold blanks and brackets.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields?.[STAT.state];
  return state === "Z" || state === "X" ? undefined : fields;
}

/** A file of a process (Linux); undefined where the process is gone or not ours to look at. */
export function readProc(pid: number, file: string): Buffer | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return blockingFileSystem().readFileSync(`/proc/${pid}/${file}`);
  } catch {
    return undefined;
  }
}
