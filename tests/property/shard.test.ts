import { expect, test } from "bun:test";
import fc from "fast-check";
import { instanceId } from "#core/model/ids";
import type { InstanceId } from "#core/model/ids";
import type { Edge, Instance, Plan } from "#core/model/plan";
import { shardPlan } from "#core/plan/shard-plan";

/** Plans in an order that respects their edges; an instance without steps is a group. */
const plans: fc.Arbitrary<Plan> = fc
  .array(
    fc.record({
      isGroup: fc.boolean(),
      isRequested: fc.boolean(),
      needs: fc.array(fc.nat(30), { maxLength: 3 }),
      kind: fc.constantFrom<Edge["kind"]>("dep", "dep", "dep", "order", "ready", "finally"),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((nodes) => {
    const id = (at: number): InstanceId => instanceId(`t${at}`);
    const instances = nodes.map(
      ({ isGroup, needs, kind }, at) =>
        ({
          id: id(at),
          steps: isGroup ? [] : [{ kind: "shell", text: "true" }],
          persistent: false,
          calls: [],
          edges: [...new Set(needs.filter((need) => need < at))].map((need) => ({ on: id(need), kind })),
        }) as unknown as Instance,
    );
    const requested = nodes.flatMap(({ isRequested }, at) =>
      isRequested || at === nodes.length - 1 ? [id(at)] : [],
    );
    return { v: 1, root: "/", requested, instances, criticalPath: [] } as unknown as Plan;
  });

const durations = fc.dictionary(
  fc.nat(25).map((at) => `t${at}`),
  fc.nat(10_000),
);

/** What really has to be run for a request: everything that it needs, groups left out. */
function wanted(plan: Plan): ReadonlySet<InstanceId> {
  const byId = new Map(plan.instances.map((instance) => [instance.id, instance]));
  const found = new Set(plan.requested);
  for (const id of found)
    for (const { on, kind } of byId.get(id)?.edges ?? []) if (kind !== "order") found.add(on);
  return new Set([...found].filter((id) => (byId.get(id)?.steps.length ?? 0) > 0));
}

test("shards together run all that was asked for, each unit in one of them, each with what it needs", () => {
  fc.assert(
    fc.property(plans, durations, fc.integer({ min: 1, max: 6 }), (plan, times, count) => {
      const expected = (id: InstanceId): number | undefined => times[id];
      const shards = Array.from({ length: count }, (_, at) =>
        shardPlan(plan, { index: at + 1, count }, expected),
      );
      const units = shards.flatMap((shard) => shard.units);
      expect(units.length).toBe(new Set(units).size);
      expect(units.length).toBe(shards[0]?.unitCount ?? -1);
      const run = new Set(shards.flatMap((shard) => shard.plan.instances.map(({ id }) => id)));
      for (const id of wanted(plan)) expect([id, run.has(id)]).toEqual([id, true]);
      for (const { plan: part, units: own, repeated } of shards) {
        const kept = new Set(part.instances.map(({ id }) => id));
        for (const { id, edges } of part.instances) {
          const whole = plan.instances.find((instance) => instance.id === id)?.edges ?? [];
          for (const edge of whole) if (edge.kind !== "order") expect(kept.has(edge.on)).toBe(true);
          expect(edges).toEqual(whole.filter(({ on }) => kept.has(on)));
        }
        expect(new Set(part.requested)).toEqual(new Set(own));
        for (const id of repeated) expect(own).not.toContain(id);
      }
    }),
  );
});

test("every machine divides alike, and no shard is loaded by more than the longest task beyond the average", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      (times, count) => {
        const instances = times.map(
          (_, at) =>
            ({
              id: instanceId(`t${at}`),
              steps: [{}],
              persistent: false,
              calls: [],
              edges: [],
            }) as unknown as Instance,
        );
        const plan = {
          v: 1,
          root: "/",
          requested: instances.map(({ id }) => id),
          instances,
          criticalPath: [],
        } as unknown as Plan;
        const expected = (id: InstanceId): number | undefined => times[Number(String(id).slice(1))];
        const all = Array.from({ length: count }, (_, at) =>
          shardPlan(plan, { index: at + 1, count }, expected),
        );
        for (const { loads } of all) expect(loads).toEqual(all[0]?.loads ?? []);
        const average = times.reduce((sum, time) => sum + time, 0) / count;
        for (const load of all[0]?.loads ?? [])
          expect(load).toBeLessThanOrEqual(average + Math.max(...times));
      },
    ),
  );
});
