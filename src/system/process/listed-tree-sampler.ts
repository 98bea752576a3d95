import { spawnChild } from "./spawn";
import { TreeSum } from "./tree-use";
import type { Leaders, ProcessRow, TreeSampler, TreeUse } from "./tree-use";

/** How a system's own tool lists all processes, and how to read what it prints. */
export interface ProcessLister {
  readonly argv: readonly string[];
  readonly parse: (text: string) => readonly ProcessRow[];
}

/** Tells processes by what a listing of all of them says: of a tree is its leader, who is in its group, and who descends from one of it. */
export class ListedTreeSampler implements TreeSampler {
  readonly #lister: ProcessLister;
  #members = new Map<number, string>();

  constructor(lister: ProcessLister) {
    this.#lister = lister;
  }

  async sample(leaders: Leaders): Promise<ReadonlyMap<string, TreeUse>> {
    const rows = this.#lister.parse(await textOf(this.#lister.argv));
    const sum = new TreeSum();
    const members = membersOf(rows, leaders, this.#members);
    this.#members = members;
    for (const row of rows) {
      const key = members.get(row.pid);
      if (key !== undefined) sum.add(key, row);
    }
    return sum.trees;
  }

  exactMemory(): undefined {
    return undefined;
  }
}

/** Which tree each process is in. Those that have been in one before stay there, whoever is their parent now. */
function membersOf(
  rows: readonly ProcessRow[],
  leaders: Leaders,
  before: ReadonlyMap<number, string>,
): Map<number, string> {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const members = new Map<number, string>();
  for (const { pid, group } of rows) {
    const key = leaders.get(pid) ?? leaders.get(group) ?? before.get(pid);
    if (key !== undefined) members.set(pid, key);
  }
  for (const row of rows) {
    const line: number[] = [];
    let at: ProcessRow | undefined = row;
    while (at !== undefined && !members.has(at.pid) && !line.includes(at.pid)) {
      line.push(at.pid);
      at = byPid.get(at.parent);
    }
    const key = at === undefined ? undefined : members.get(at.pid);
    if (key !== undefined) for (const pid of line) members.set(pid, key);
  }
  return members;
}

async function textOf(argv: readonly string[]): Promise<string> {
  const spawned = spawnChild({
    argv,
    cwd: "/",
    env: process.platform === "win32" ? windowsEnvironment() : { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    ownGroup: false,
  });
  if (!spawned.ok || spawned.value.stdout === undefined) return "";
  return new Response(spawned.value.stdout).text();
}

const windowsEnvironment = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  SystemRoot: process.env["SystemRoot"] ?? "C:\\Windows",
});

/** ps(1) as POSIX and macOS have it. */
export const PS: ProcessLister = {
  argv: ["ps", "-A", "-o", "pid=,ppid=,pgid=,rss=,time="],
  parse: (text) =>
    text.split("\n").flatMap((line): ProcessRow[] => {
      const [pid, parent, group, kilobytes, time] = line.trim().split(/\s+/);
      if (time === undefined) return [];
      return [
        {
          pid: Number(pid),
          parent: Number(parent),
          group: Number(group),
          memoryBytes: Number(kilobytes) * 1024,
          cpuMs: psTimeMs(time),
        },
      ];
    }),
};

/** `[days-][hours:]minutes:seconds[.hundredths]`. */
function psTimeMs(text: string): number {
  const [clock = "", days = "0"] = text.split("-").toReversed();
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((seconds + Number(days) * 86_400) * 1000);
}

/** Windows has no tool of its own that tells parents; its management interface does. Times there are in 100 ns. */
export const POWERSHELL: ProcessLister = {
  argv: [
    "powershell",
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.WorkingSetSize) $([uint64]$_.KernelModeTime + [uint64]$_.UserModeTime) $($_.ReadTransferCount) $($_.WriteTransferCount)" }',
  ],
  parse: (text) =>
    text.split(/\r?\n/).flatMap((line): ProcessRow[] => {
      const fields = line.trim().split(" ").map(Number);
      const [pid = 0, parent = 0, memoryBytes = 0, time = 0, readBytes = 0, writtenBytes] = fields;
      if (writtenBytes === undefined) return [];
      return [{ pid, parent, group: 0, memoryBytes, cpuMs: time / 10_000, readBytes, writtenBytes }];
    }),
};
