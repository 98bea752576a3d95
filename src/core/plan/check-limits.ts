import type { Diagnostic } from "#base/diagnostic";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";

/** What would keep an instance waiting for ever: limits that no free machine could satisfy. */
export function checkLimits(
  instances: readonly Instance[],
  { jobs, groups }: { readonly jobs: number; readonly groups: Readonly<Record<string, number>> },
): Diagnostic[] {
  const found: Diagnostic[] = [];
  checkFits(instances, jobs, found);
  checkGroups(instances, groups, found);
  return found;
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
  /** The servers that run while an instance does. In the plan's order what an instance needs comes before it. */
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
    for (const group of instance.limits.groups) {
      const holders = [...servers].filter((server) => server.limits.groups.includes(group));
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
