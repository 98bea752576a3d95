import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { signalProcess } from "#system/process/signal";
import { fileSystem } from "#system/runtime-modules";
import { readControl, readEntry, writeControl } from "./cgroup-files";

export interface ScopeLimits {
  readonly memoryBytes?: number;
  /** CPUs; 0.5 is half of one. */
  readonly cpus?: number;
}

/** What all processes that were in a scope have taken together. What the kernel does not tell is left out. */
export interface ScopeUse {
  readonly peakMemoryBytes?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
  /** How often the kernel killed because of the memory limit. */
  readonly memoryKills: number;
}

const CPU_PERIOD_US = 100_000;
/** The least that the kernel takes. */
const LEAST_QUOTA_US = 1000;
const ROUNDS = 200;
const LONGEST_PAUSE_MS = 20;

/** A control group of one command: whatever that starts, under whatever session or environment, is in it. */
export class CgroupScope {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** A group that is there already. */
  static at(path: string): CgroupScope {
    return new CgroupScope(path);
  }

  /** Makes the group `path` with its limits; the reason in words where that can't be done. */
  static async make(path: string, { memoryBytes, cpus }: ScopeLimits): Promise<Result<CgroupScope, string>> {
    try {
      await fileSystem().mkdir(path);
    } catch (error) {
      return err(error instanceof Error ? error.message : String(error));
    }
    const isLimited =
      (memoryBytes === undefined || (await limitMemory(path, memoryBytes))) &&
      (cpus === undefined || (await limitCpu(path, cpus)));
    const scope = new CgroupScope(path);
    if (isLimited) return ok(scope);
    await scope.remove();
    return err(`the limits of ${path} can't be set`);
  }

  /** The file that takes in whoever writes `0` to it. */
  get entrance(): string {
    return `${this.#path}/cgroup.procs`;
  }

  async use(): Promise<ScopeUse> {
    const peak = Number(await readControl(`${this.#path}/memory.peak`));
    const io = await readControl(`${this.#path}/io.stat`);
    return {
      ...(peak > 0 ? { peakMemoryBytes: peak } : {}),
      ...(io === undefined ? {} : { readBytes: sumOf(io, "rbytes"), writtenBytes: sumOf(io, "wbytes") }),
      memoryKills: await readEntry(`${this.#path}/memory.events`, "oom_kill"),
    };
  }

  /** SIGKILL for everything in it, at once. */
  async kill(): Promise<void> {
    if (await writeControl(`${this.#path}/cgroup.kill`, "1")) return;
    // Kernels before 5.14 have no such file.
    for (const pid of (await readControl(this.entrance))?.split("\n") ?? [])
      if (Number(pid) > 0) signalProcess(Number(pid), "SIGKILL");
  }

  /** Kills what is left in it and removes it as soon as it is empty; given up after some seconds. */
  async remove(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      try {
        await fileSystem().rmdir(this.#path);
        return;
      } catch (error) {
        // Gone already, or not ours any more.
        if (!(error instanceof Error && "code" in error && error.code === "EBUSY")) return;
      }
      await this.kill();
      await Bun.sleep(Math.min(round + 1, LONGEST_PAUSE_MS));
    }
  }
}

/** Out of memory, all of it is killed and not just the largest process; swap would only put that off. */
async function limitMemory(path: string, bytes: number): Promise<boolean> {
  await writeControl(`${path}/memory.oom.group`, "1");
  await writeControl(`${path}/memory.swap.max`, "0");
  return writeControl(`${path}/memory.max`, String(bytes));
}

function limitCpu(path: string, cpus: number): Promise<boolean> {
  const quota = Math.max(LEAST_QUOTA_US, Math.round(cpus * CPU_PERIOD_US));
  return writeControl(`${path}/cpu.max`, `${quota} ${CPU_PERIOD_US}`);
}

/** Adds up `name=number` over the devices of an `io.stat`. */
function sumOf(text: string, name: string): number {
  let sum = 0;
  for (const match of text.matchAll(new RegExp(`\\b${name}=(\\d+)`, "g"))) sum += Number(match[1]);
  return sum;
}
