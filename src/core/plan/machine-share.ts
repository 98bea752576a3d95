import { parsePercent, parseSize } from "#base/size";
import type { PlanHost } from "./request";

/** `"2GB"` or `"50%"` of the machine's memory, in bytes; the schema has checked the text. */
export function memoryBytes(text: string, host: Pick<PlanHost, "totalMemory">): number {
  const share = parsePercent(text);
  return share === undefined ? (parseSize(text) ?? 0) : Math.round(share * host.totalMemory());
}

/** `1.5` CPUs, or `"50%"` of those that the machine has. */
export function cpuShare(value: number | string, host: Pick<PlanHost, "cpus">): number {
  const share = typeof value === "string" ? parsePercent(value) : undefined;
  return share === undefined ? Number(value) : share * host.cpus;
}
