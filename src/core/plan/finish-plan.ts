import type { Diagnostic } from "#base/diagnostic";
import { criticalPath, remainingPath, topologicalOrder } from "#base/digraph";
import { taskPlace } from "#core/config/config";
import type { InstanceId } from "#core/model/ids";
import { instanceId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import type { Package, Workspace } from "#core/workspace/workspace";
import { buildInstance } from "./build-instance";
import { checkLimits } from "./check-limits";
import { sharedEnvironment } from "./env-sources";
import type { PlanNode } from "./node";
import type { Planned, PlanRequest } from "./request";

export interface FinishContext {
  readonly workspace: Workspace;
  readonly request: PlanRequest;
  readonly requested: readonly InstanceId[];
}

/** Puts nodes into an order that respects every edge and works out what each of them runs. */
export function finishPlan(nodes: readonly PlanNode[], context: FinishContext): Planned<Plan> {
  const { workspace, request, requested } = context;
  const numbers = new Map(nodes.map((node, index) => [node.id, index]));
  const graph = nodes.map((node) =>
    node.edges.length === 0 ? [] : [...new Set(node.edges.map((edge) => numbers.get(edge.on) ?? 0))],
  );
  const sorted = topologicalOrder(graph);
  if (!sorted.ok) return { kind: "problems", diagnostics: [contradiction(nodes, sorted.cycle)] };
  const weight = (index: number): number => ((nodes[index]?.zone ?? "main") === "main" ? 1 : 0);
  const remaining = remainingPath(graph, sorted.order, weight);
  const used = [...new Set(nodes.map((node) => node.pkg))];
  const vars = new Map(used.map((pkg) => [pkg, packageVars(pkg, request)]));
  const diagnostics: Diagnostic[] = [];
  const instances = sorted.order.flatMap((index): Instance[] => {
    const node = nodes[index];
    if (node === undefined) return [];
    const rank = remaining[index] ?? 0;
    return [
      buildInstance(node, {
        root: workspace.root,
        request,
        vars: vars.get(node.pkg) ?? {},
        rank,
        diagnostics,
      }),
    ];
  });
  const groups = groupSlots(used);
  diagnostics.push(...checkLimits(instances, { jobs: request.jobs, groups }));
  if (diagnostics.length > 0) return { kind: "problems", diagnostics };
  const path = criticalPath(graph, remaining).filter((index) => nodes[index]?.zone === "main");
  const plan: Plan = {
    v: 1,
    root: workspace.root,
    requested,
    instances,
    criticalPath: path.map((index) => nodes[index]?.id ?? instanceId("")),
    environments: Object.fromEntries(
      used.map((pkg) => [pkg.dir, sharedEnvironment(pkg.config, workspace.root)]),
    ),
    groups,
    packages: Object.fromEntries(
      used.map((pkg) => [
        pkg.dir,
        { name: pkg.name, path: pkg.path, tags: pkg.tags, vars: vars.get(pkg) ?? {} },
      ]),
    ),
  };
  return { kind: "plan", plan };
}

/** The configuration has no circle, so one in a plan comes from orders that serial lists ask for. */
function contradiction(nodes: readonly PlanNode[], cycle: readonly number[]): Diagnostic {
  const names = [...cycle, cycle[0] ?? 0].map((index) => String(nodes[index]?.id));
  const first = nodes[cycle[0] ?? 0];
  return {
    code: "E167",
    severity: "error",
    data: { cycle: names.join(" → ") },
    ...(first === undefined ? {} : { place: taskPlace(first.task.entry) }),
  };
}

const packageVars = (pkg: Package, { vars }: PlanRequest): Readonly<Record<string, unknown>> =>
  Object.keys(vars).length === 0 ? pkg.config.vars : { ...pkg.config.vars, ...vars };

function groupSlots(packages: readonly Package[]): Readonly<Record<string, number>> {
  const slots: Record<string, number> = Object.create(null);
  for (const pkg of packages) {
    for (const file of pkg.config.files) {
      for (const [name, group] of Object.entries(file.document.concurrency ?? {}))
        slots[name] = group.max ?? 1;
    }
  }
  return slots;
}
