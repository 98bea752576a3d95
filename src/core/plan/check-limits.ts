import type { Diagnostic } from "#base/diagnostic";
import { formatSize } from "#base/size";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";

/** What would keep an instance waiting for ever: limits that no free machine could satisfy. */
export function checkLimits(
  instances: readonly Instance[],
  { jobs, groups, totalMemoryBytes }: RunLimits,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  checkFits(instances, jobs, found);
  checkGroups(instances, groups, found);
  if (totalMemoryBytes !== undefined) checkMemory(instances, totalMemoryBytes, found);
  return found;
}

/** What all instances of a run together may take. */
export interface RunLimits {
  /** Worker slots. */
  readonly jobs: number;
  /** Slots of the named groups. */
  readonly groups: Readonly<Record<string, number>>;
  readonly totalMemoryBytes?: number;
}

/** An instance that no free machine could run would wait for ever. */
function checkFits(instances: readonly Instance[], jobs: number, diagnostics: Diagnostic[]): void {
  const reported = new Set<string>();
  for (const { limits, task, place } of instances) {
    if (limits.weight <= jobs || reported.has(task)) continue;
    reported.add(task);
    diagnostics.push({
      code: "E165",
      severity: "error",
      data: { task, needed: limits.weight, what: "worker slots", available: jobs },
      place,
    });
  }
}

/** Who needs a server can't get a slot that the server holds as long as it runs. */
function checkGroups(
  instances: readonly Instance[],
  slots: Readonly<Record<string, number>>,
  diagnostics: Diagnostic[],
): void {
  if (!instances.some(({ persistent, limits }) => persistent && limits.groups.length > 0)) return;
  const serversOf = serversBeside(instances);
  for (const instance of instances) {
    for (const group of instance.limits.groups) {
      const servers = [...(serversOf.get(instance.id) ?? [])];
      const holders = servers.filter((server) => server.limits.groups.includes(group));
      const [holder] = holders;
      if (holder === undefined || holders.length < (slots[group] ?? 1)) continue;
      const data = {
        task: instance.task,
        needed: 1,
        what: `slots of '${group}' beside '${holder.id}'`,
        available: 0,
      };
      diagnostics.push({ code: "E165", severity: "error", data, place: instance.place });
    }
  }
}

/** What an instance reserves has to fit beside what the servers that it needs have reserved. */
function checkMemory(instances: readonly Instance[], available: number, diagnostics: Diagnostic[]): void {
  const serversOf = serversBeside(instances);
  const reported = new Set<string>();
  for (const { id, task, limits, place } of instances) {
    if (limits.memoryBytes === undefined || reported.has(task)) continue;
    let reserved = 0;
    for (const server of serversOf.get(id) ?? []) reserved += server.limits.memoryBytes ?? 0;
    if (reserved + limits.memoryBytes <= available) continue;
    reported.add(task);
    const data = {
      task,
      needed: formatSize(limits.memoryBytes),
      what: reserved === 0 ? "of memory" : "of memory beside the servers that it needs",
      available: formatSize(Math.max(0, available - reserved)),
    };
    diagnostics.push({ code: "E165", severity: "error", data, place });
  }
}

/** The servers that run while an instance does. In the plan's order what an instance needs comes before it. */
function serversBeside(instances: readonly Instance[]): ReadonlyMap<InstanceId, ReadonlySet<Instance>> {
  const serversOf = new Map<InstanceId, ReadonlySet<Instance>>();
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  for (const instance of instances) {
    const servers = new Set<Instance>();
    for (const edge of instance.edges) {
      const server = byId.get(edge.on);
      if (edge.kind !== "ready" || server === undefined) continue;
      for (const one of [server, ...(serversOf.get(server.id) ?? [])]) servers.add(one);
    }
    serversOf.set(instance.id, servers);
  }
  return serversOf;
}
