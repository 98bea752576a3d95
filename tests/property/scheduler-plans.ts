import fc from "fast-check";
import { instanceId } from "#core/model/ids";
import type { InstanceId } from "#core/model/ids";
import type { Edge, EdgeKind, Instance, Plan } from "#core/model/plan";

/** Wishes for one instance; numbers are reduced to what fits its place in the plan. */
export interface Wish {
  readonly isHeld: boolean;
  readonly isPersistent: boolean;
  readonly isRequested: boolean;
  readonly edges: readonly { readonly to: number; readonly kind: EdgeKind }[];
  readonly calls: readonly number[];
  readonly weight: number;
  readonly exclusive: boolean;
  readonly groups: readonly string[];
  readonly maxConcurrent: number;
  readonly task: number;
  readonly priority: number;
  readonly rank: number;
  /** Reserved; 0 is nothing. */
  readonly memory: number;
  readonly retries: number;
  readonly allowFailure: boolean;
}

/** True so many times in ten. */
const rarely = (weight: number): fc.Arbitrary<boolean> =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(false) }, { weight, arbitrary: fc.constant(true) });

export const wish: fc.Arbitrary<Wish> = fc.record({
  isHeld: rarely(4),
  isPersistent: rarely(1),
  isRequested: rarely(3),
  edges: fc.array(
    fc.record({
      to: fc.nat(20),
      kind: fc.constantFrom<EdgeKind>("dep", "dep", "serial", "order", "finally", "success", "failure"),
    }),
    { maxLength: 4 },
  ),
  calls: fc.array(fc.nat(20), { maxLength: 2 }),
  weight: fc.constantFrom(1, 1, 1, 2, 3),
  exclusive: rarely(1),
  groups: fc.subarray(["a", "b"], { maxLength: 1 }),
  maxConcurrent: fc.constantFrom(0, 0, 1, 2),
  task: fc.nat(3),
  priority: fc.integer({ min: -1, max: 1 }),
  rank: fc.nat(4),
  memory: fc.constantFrom(0, 0, 1, 2, 3),
  retries: fc.constantFrom(0, 0, 1, 2),
  allowFailure: rarely(2),
});

export const HANDLER_KINDS: ReadonlySet<EdgeKind> = new Set(["finally", "success", "failure"]);
export const NEEDS: ReadonlySet<EdgeKind> = new Set(["dep", "serial", "ready"]);
export const ID = (index: number): InstanceId => instanceId(`i${index}`);

/** A plan such as the planner makes: edges and calls lead to earlier instances, what is held is wanted by somebody. */
export function planOf(given: readonly Wish[], jobs: number): Plan {
  // The first is what others can be held by: a task that ends by itself.
  const wishes = given.map((one, index) => (index === 0 ? { ...one, isPersistent: false } : one));
  const held = wishes.map((one, index) => index > 0 && one.isHeld);
  const edges = wishes.map((one, index) => edgesOf(one, index, { held, wishes }));
  const calls = wishes.map((one, index) =>
    index === 0 ? [] : one.calls.map((to) => to % index).filter((to) => held[to] === true),
  );
  detachServerHandlers(wishes, edges, calls);
  for (let lost = unwanted(held, edges, calls); lost !== undefined; lost = unwanted(held, edges, calls)) {
    edges[lost]?.push({ on: ID(0), kind: "finally" });
  }
  const instances = wishes.map((one, index) =>
    instanceOf(one, {
      index,
      jobs,
      isHeld: held[index] === true,
      isNeeded: edges.some((list) => list.some(({ on, kind }) => on === ID(index) && NEEDS.has(kind))),
      edges: edges[index] ?? [],
      calls: calls[index] ?? [],
    }),
  );
  return {
    v: 1,
    root: "/",
    requested: [],
    instances,
    criticalPath: [],
    environments: {},
    groups: { a: 1, b: 2 },
    packages: {},
  };
}

function edgesOf(
  one: Wish,
  index: number,
  { held, wishes }: { readonly held: readonly boolean[]; readonly wishes: readonly Wish[] },
): Edge[] {
  if (index === 0) return [];
  const found = new Map<string, Edge>();
  for (const { to, kind } of one.edges) {
    const on = to % index;
    if (!held[index] && (held[on] === true || HANDLER_KINDS.has(kind))) continue;
    const isServer = wishes[on]?.isPersistent === true;
    const real = isServer && kind === "dep" ? "ready" : kind;
    found.set(`${on} ${real}`, { on: ID(on), kind: real });
  }
  return [...found.values()];
}

/** Who handles the end of a server does only that: needed or called by who needs the server, it would wait for itself. */
function detachServerHandlers(wishes: readonly Wish[], edges: Edge[][], calls: number[][]): void {
  const isServer = ({ on }: Edge): boolean => wishes[Number(on.slice(1))]?.isPersistent === true;
  const handlesServer = edges.map((list) =>
    list.some((edge) => HANDLER_KINDS.has(edge.kind) && isServer(edge)),
  );
  for (const [index, list] of edges.entries()) {
    edges[index] =
      handlesServer[index] === true
        ? list.filter((edge) => HANDLER_KINDS.has(edge.kind) && isServer(edge)).slice(0, 1)
        : list.filter(({ on }) => handlesServer[Number(on.slice(1))] !== true);
    calls[index] =
      handlesServer[index] === true ? [] : (calls[index] ?? []).filter((to) => handlesServer[to] !== true);
  }
}

/** A held instance that nothing outside its own circle leads to. */
function unwanted(
  held: readonly boolean[],
  edges: readonly (readonly Edge[])[],
  calls: readonly (readonly number[])[],
): number | undefined {
  const reached = new Set<number>();
  const reach = (index: number): void => {
    if (reached.has(index)) return;
    reached.add(index);
    for (const { on, kind } of edges[index] ?? []) if (NEEDS.has(kind)) reach(Number(on.slice(1)));
    for (const to of calls[index] ?? []) reach(to);
    for (const [other, list] of edges.entries())
      if (list.some(({ on, kind }) => on === ID(index) && HANDLER_KINDS.has(kind))) reach(other);
  };
  for (const [index, isHeld] of held.entries()) if (!isHeld) reach(index);
  const lost = held.findIndex((_, index) => !reached.has(index));
  return lost === -1 ? undefined : lost;
}

interface Place {
  readonly index: number;
  readonly jobs: number;
  readonly isHeld: boolean;
  readonly isNeeded: boolean;
  readonly edges: readonly Edge[];
  readonly calls: readonly number[];
}

function instanceOf(one: Wish, { index, jobs, isHeld, isNeeded, edges, calls }: Place): Instance {
  const owner = ID(0);
  const isFree = !one.isPersistent;
  // The parts that scheduling does not look at are left out.
  return {
    id: ID(index),
    task: `t${one.task}`,
    reason: isHeld
      ? { kind: edges.some(({ kind }) => HANDLER_KINDS.has(kind)) ? "finally" : "call", of: owner }
      : one.isRequested || !isNeeded
        ? { kind: "requested" }
        : { kind: "dep", of: owner },
    edges,
    ...(isHeld ? { heldBy: owner } : {}),
    calls: calls.map((to) => [ID(to)]),
    persistent: one.isPersistent,
    limits: {
      weight: Math.min(one.weight, jobs),
      ...(one.maxConcurrent > 0 && isFree ? { maxConcurrent: one.maxConcurrent } : {}),
      groups: isFree ? one.groups : [],
      exclusive: one.exclusive && isFree,
      priority: one.priority,
      ...(one.memory > 0 ? { memoryBytes: one.memory } : {}),
    },
    ...(one.retries > 0
      ? {
          retry: {
            max: one.retries,
            delayMs: 1,
            backoff: "constant",
            maxDelayMs: 1,
            jitter: false,
            onExit: [],
            onOutput: [],
          },
        }
      : {}),
    allowFailure: one.allowFailure,
    rank: one.rank,
  } as unknown as Instance;
}
