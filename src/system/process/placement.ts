import { operatingSystem } from "#system/runtime-modules";
import { which } from "#system/which";

/** On which CPUs, and how eagerly, processes are to run. */
export interface Placement {
  /** -20 to 19. */
  readonly nice?: number;
  /** Logical CPUs; only Linux has it. */
  readonly cpus?: readonly number[];
}

/** The words to put before a command so that it and whatever it starts is placed so; what the system has no tool for is left out. */
export function placingWords({ nice, cpus }: Placement): readonly string[] {
  if (process.platform === "win32") return [];
  const words: string[] = [];
  const niceTool = nice === undefined ? undefined : toolPath("nice");
  if (niceTool !== undefined) words.push(niceTool, "-n", String(nice));
  const affinityTool = cpus === undefined ? undefined : tasksetPath();
  if (affinityTool !== undefined) words.push(affinityTool, "-c", (cpus ?? []).join(","));
  return words;
}

/** Whether processes can be kept to some of the CPUs here. */
export const hasAffinity = (): boolean => tasksetPath() !== undefined;

/** Where a command can't be started with a priority (Windows): gives it one afterwards. */
export function placeStarted(pid: number, { nice }: Placement): void {
  if (nice === undefined || process.platform !== "win32") return;
  try {
    operatingSystem().setPriority(pid, nice);
  } catch {
    // It has ended already: there is nothing left to place.
    return;
  }
}

/** The logical CPUs that this process may run on (Linux); elsewhere all of them. */
export async function allowedCpus(): Promise<readonly number[]> {
  const status = process.platform === "linux" ? await Bun.file("/proc/self/status").text() : "";
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  if (list === undefined) return Array.from({ length: navigator.hardwareConcurrency }, (_, cpu) => cpu);
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  });
}

const tasksetPath = (): string | undefined =>
  process.platform === "linux" ? toolPath("taskset") : undefined;

const toolPath = (name: string): string | undefined =>
  which(name, { path: "/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin", cwd: "/" });
