import { memoryBytes } from "#core/plan/machine-share";
import type { RunSettings } from "#core/config/run-settings";
import type { MachineLimits } from "#engine/exec/resource-types";
import type { Host } from "#system/host";

/** What `[global.resources]` lets a run take of the machine, shares worked out. */
export function machineLimits(
  { global }: Pick<RunSettings, "global">,
  host: Pick<Host, "totalMemory">,
): MachineLimits {
  const { max_total_memory: memory, max_cpu_percent: cpu } = global.resources ?? {};
  return {
    ...(memory === undefined ? {} : { totalMemoryBytes: memoryBytes(memory, host) }),
    ...(cpu === undefined ? {} : { maxCpuPercent: cpu }),
  };
}
