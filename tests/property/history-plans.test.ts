import { expect, test } from "bun:test";
import fc from "fast-check";
import { isGood } from "#core/model/outcome";
import type { InstanceState, Outcome } from "#core/model/outcome";
import { isAnsweredFor } from "#core/plan/answered-for";
import { settledPart } from "#core/plan/failed-part";
import { rankPlan } from "#core/plan/rank-plan";
import { Scheduler } from "#engine/exec/scheduler";
import { simulate } from "#engine/exec/simulate";
import { NEEDS, planOf, wish } from "./scheduler-plans";

const wishes = fc.array(wish, { minLength: 1, maxLength: 15 });
const jobs = fc.integer({ min: 1, max: 4 });
const states = fc.array(
  fc.constantFrom<InstanceState>(
    "success",
    "success",
    "success",
    "cached",
    "skipped",
    "failed",
    "blocked",
    "canceled",
  ),
  { minLength: 15, maxLength: 15 },
);
const times = fc.array(fc.nat(1000), { minLength: 15, maxLength: 15 });

const STEPS = [{ kind: "shell", text: "true" }] as const;

test("a simulated run ends, and takes no less than each of its parts and no more than all together", () => {
  fc.assert(
    fc.property(wishes, jobs, times, (given, slots, durations) => {
      const plan = planOf(given, slots);
      const took = new Map(plan.instances.map(({ id }, index) => [id, durations[index] ?? 0]));
      const total = simulate(plan, slots, (id) => took.get(id) ?? 0);
      const sum = plan.instances.reduce((all, { id }) => all + (took.get(id) ?? 0), 0);
      expect(total).toBeLessThanOrEqual(sum);
      for (const { id, heldBy, persistent } of plan.instances)
        if (heldBy === undefined && !persistent) expect(total).toBeGreaterThanOrEqual(took.get(id) ?? 0);
    }),
  );
});

test("what is settled ended well, and so did all that it needs; what is left needs nobody's second look", () => {
  fc.assert(
    fc.property(wishes, jobs, states, (given, slots, before) => {
      const plan = planOf(given, slots);
      const known = new Map<(typeof plan.instances)[number]["id"], Outcome>(
        plan.instances.map(({ id }, index) => [id, { state: before[index] ?? "success" }]),
      );
      const settled = settledPart(plan, known);
      const isServer = new Map(plan.instances.map(({ id, persistent }) => [id, persistent]));
      const byId = new Map(plan.instances.map((instance) => [instance.id, instance]));
      for (const instance of plan.instances) {
        const { id, edges, heldBy } = instance;
        const needs = edges.filter(({ kind }) => NEEDS.has(kind));
        if (!settled.has(id)) {
          // What runs again has its servers up.
          for (const { on } of needs) if (isServer.get(on) === true) expect(settled.has(on)).toBe(false);
          continue;
        }
        if (!isAnsweredFor(instance, byId, known))
          expect(isGood(known.get(id)?.state ?? "failed")).toBe(true);
        if (heldBy !== undefined) continue;
        for (const { on } of needs) {
          // A server runs again for somebody else without having failed.
          const isUpForOthers = isServer.get(on) === true && isGood(known.get(on)?.state ?? "failed");
          if (!isUpForOthers) expect(settled.has(on)).toBe(true);
        }
      }
      const allGood = new Map([...known.keys()].map((id) => [id, { state: "success" as const }]));
      expect(settledPart(plan, allGood).size).toBe(plan.instances.length);
    }),
  );
});

test("the scheduler brings a plan of which a part is settled to its end", () => {
  fc.assert(
    fc.property(wishes, jobs, states, (given, slots, before) => {
      const plan = planOf(given, slots);
      const known = new Map(
        plan.instances.map(({ id }, index) => [id, { state: before[index] ?? "success" }]),
      );
      const settled = settledPart(plan, known);
      const scheduler = new Scheduler(plan, { jobs: slots, failFast: false, killOnFail: false, settled });
      const queue = [...scheduler.step({ type: "begin" })];
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (next.type === "start" || next.type === "stop") {
          expect(settled.has(next.id)).toBe(false);
          queue.push(
            ...scheduler.step({
              type: "ended",
              id: next.id,
              outcome: { state: "success" },
              facts: {},
              random: 0,
            }),
          );
        }
      }
      expect(scheduler.unsettled).toBe(0);
    }),
  );
});

test("ranks by duration never put an instance before what it needs, and are the longest way to the end", () => {
  fc.assert(
    fc.property(wishes, jobs, times, (given, slots, durations) => {
      const made = planOf(given, slots);
      const plan = { ...made, instances: made.instances.map((one) => ({ ...one, steps: STEPS })) };
      const ranked = rankPlan(plan, (id) => durations[Number(id.slice(1))]);
      const rank = new Map(ranked.instances.map((instance) => [instance.id, instance.rank]));
      for (const { id, edges } of ranked.instances)
        for (const { on } of edges) expect(rank.get(on) ?? 0).toBeGreaterThanOrEqual(rank.get(id) ?? 0);
      expect(rankPlan(plan, () => undefined)).toBe(plan);
      expect(ranked.instances.map(({ id }) => id)).toEqual(plan.instances.map(({ id }) => id));
    }),
  );
});
