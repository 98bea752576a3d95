import type { Diagnostic } from "#base/diagnostic";
import { criticalPath, remainingPath, topologicalOrder } from "#base/digraph";
import { taskPlace } from "#core/config/config";
import type { InstanceId } from "#core/model/ids";
import { instanceId } from "#core/model/ids";
import type { Instance, Plan, PlanPackage, SharedEnvironment } from "#core/model/plan";
import type { Package, Workspace } from "#core/workspace/workspace";
import { buildInstance } from "./build-instance";
import { checkLimits } from "./check-limits";
import type { PlanNode } from "./node";
import { packageVars } from "./node-scope";
import { OutputReferences } from "./output-references";
import type { Planned, PlanRequest } from "./request";
import { sharedEnvironment } from "./shared-environment";
import { uniqueDiagnostics } from "./unique-diagnostics";

export interface FinishContext {
  readonly workspace: Workspace;
  readonly request: PlanRequest;
  readonly requested: readonly InstanceId[];
}

/** Puts nodes into an order that respects every edge and works out what each of them runs. */
export function finishPlan(nodes: readonly PlanNode[], context: FinishContext): Planned<Plan> {
  const { workspace, request, requested } = context;
  const arranged = arrange(nodes);
  if (!arranged.ok) return { kind: "problems", diagnostics: [contradiction(nodes, arranged.cycle)] };
  const { order, remaining, path } = arranged;
  const vars = new Map<Package, PlanPackage["vars"]>();
  for (const { pkg } of nodes) if (!vars.has(pkg)) vars.set(pkg, packageVars(pkg, request));
  const diagnostics: Diagnostic[] = [];
  let outputs: OutputReferences | undefined;
  const instances: Instance[] = [];
  for (const index of order) {
    const node = nodes[index];
    if (node === undefined) continue;
    const rank = remaining[index] ?? 0;
    const instance = buildInstance(node, {
      root: workspace.root,
      request,
      vars: vars.get(node.pkg) ?? {},
      rank,
      diagnostics,
      output: (key) =>
        (outputs ??= new OutputReferences(workspace, nodes, request.shared)).resolve(node, key),
    });
    instances.push(instance);
  }
  const groups = groupSlots(vars.keys());
  const { jobs, totalMemoryBytes } = request;
  diagnostics.push(
    ...checkLimits(instances, {
      jobs,
      groups,
      ...(totalMemoryBytes === undefined ? {} : { totalMemoryBytes }),
    }),
  );
  const environments: Record<string, SharedEnvironment> = {};
  const packages: Record<string, PlanPackage> = {};
  const shared = { root: workspace.root, os: request.host.os, problems: diagnostics };
  for (const [pkg, values] of vars) {
    environments[pkg.dir] = sharedEnvironment(pkg, { ...shared, vars: values });
    packages[pkg.dir] = { name: pkg.name, path: pkg.path, tags: pkg.tags, vars: values };
  }
  if (diagnostics.length > 0) return { kind: "problems", diagnostics: uniqueDiagnostics(diagnostics) };
  const plan: Plan = {
    v: 1,
    root: workspace.root,
    requested,
    instances,
    criticalPath: path.map((index) => nodes[index]?.id ?? instanceId("")),
    environments,
    groups,
    packages,
  };
  return { kind: "plan", plan };
}

interface Arrangement {
  readonly ok: true;
  /** Numbers of nodes, each after those it needs. */
  readonly order: readonly number[];
  /** The length of the longest chain that begins with a node. */
  readonly remaining: readonly number[];
  /** The longest chain of what runs anyway. */
  readonly path: readonly number[];
}

const ALONE: Arrangement = { ok: true, order: [0], remaining: [1], path: [0] };

function arrange(
  nodes: readonly PlanNode[],
): Arrangement | { readonly ok: false; readonly cycle: readonly number[] } {
  // A task that brings nothing with it: there is nothing to put in order.
  if (nodes.length === 1 && nodes[0]?.zone === "main" && nodes[0].edges.length === 0) return ALONE;
  const numbers = new Map(nodes.map((node, index) => [node.id, index]));
  const graph = nodes.map((node) =>
    node.edges.length === 0 ? [] : [...new Set(node.edges.map((edge) => numbers.get(edge.on) ?? 0))],
  );
  const sorted = topologicalOrder(graph);
  if (!sorted.ok) return sorted;
  const weight = (index: number): number => ((nodes[index]?.zone ?? "main") === "main" ? 1 : 0);
  const remaining = remainingPath(graph, sorted.order, weight);
  const path = criticalPath(graph, remaining).filter((index) => nodes[index]?.zone === "main");
  return { ok: true, order: sorted.order, remaining, path };
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

function groupSlots(packages: Iterable<Package>): Readonly<Record<string, number>> {
  const slots: Record<string, number> = Object.create(null);
  for (const pkg of packages) {
    for (const file of pkg.config.files) {
      const { concurrency } = file.document;
      if (concurrency === undefined) continue;
      for (const [name, group] of Object.entries(concurrency)) slots[name] = group.max ?? 1;
    }
  }
  return slots;
}
