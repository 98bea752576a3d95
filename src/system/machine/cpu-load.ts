import { operatingSystem } from "#system/runtime-modules";

/** Tells at each call how busy all CPUs were since the call before: 0 to 100; 0 at the first. */
export function cpuLoad(): () => number {
  let before = cpuTimes();
  return () => {
    const now = cpuTimes();
    const total = now.total - before.total;
    const busy = total <= 0 ? 0 : 1 - (now.idle - before.idle) / total;
    before = now;
    return Math.min(100, Math.max(0, busy * 100));
  };
}

/** Of all logical CPUs together, in milliseconds since the machine started. */
function cpuTimes(): { readonly idle: number; readonly total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of operatingSystem().cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}
