import type { InstanceId } from "#core/model/ids";
import { cpuLoad } from "#system/machine/cpu-load";
import type { MachineLimits } from "./resource-types";
import type { ResourceWatch } from "./resource-watch";
import type { SchedulerInput } from "./scheduler-steps";

/** The first look comes soon, since until then only one instance runs. */
const FIRST_LOOK_MS = 100;
const LOOK_MS = 500;

/**
 * Tells a scheduler how busy the machine is and what its instances have of memory, as far as limits ask for it, until the
 * result is called.
 */
export async function watchMachine(
  { totalMemoryBytes, maxCpuPercent }: MachineLimits,
  resources: { readonly watch: () => Promise<ResourceWatch> },
  take: (input: SchedulerInput) => void,
): Promise<() => void> {
  const stopLooking = maxCpuPercent === undefined ? undefined : watchCpu(maxCpuPercent, take);
  const watch = totalMemoryBytes === undefined ? undefined : await resources.watch();
  const stopListening = watch?.listen(({ instances }) => {
    const observed = new Map<InstanceId, number>();
    for (const { id, memoryBytes } of instances) observed.set(id, memoryBytes);
    take({ type: "memory", observed });
  });
  return () => {
    stopLooking?.();
    stopListening?.();
  };
}

/** The gate is closed at the beginning. */
function watchCpu(maxPercent: number, take: (input: SchedulerInput) => void): () => void {
  const load = cpuLoad();
  let isOpen = false;
  const look = (): void => {
    const opens = load() <= maxPercent;
    if (opens !== isOpen) take({ type: "gate", isOpen: opens });
    isOpen = opens;
    timer = setTimeout(look, LOOK_MS);
  };
  let timer = setTimeout(look, FIRST_LOOK_MS);
  return () => clearTimeout(timer);
}
