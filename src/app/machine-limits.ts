import { memoryBytes } from "#core/plan/machine-share";
import type { Workspace } from "#core/workspace/workspace";
import type { MachineLimits } from "#engine/exec/resource-types";
import type { Host } from "#system/host";

/** What `[global.resources]` lets a run take of the machine, shares worked out. */
export function machineLimits(workspace: Workspace, host: Pick<Host, "totalMemory">): MachineLimits {
  const { max_total_memory: memory, max_cpu_percent: cpu } = workspace.current.config.global.resources ?? {};
  return {
    ...(memory === undefined ? {} : { totalMemoryBytes: memoryBytes(memory, host) }),
    ...(cpu === undefined ? {} : { maxCpuPercent: cpu }),
  };
}
