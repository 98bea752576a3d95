import { expect, test } from "bun:test";
import fc from "fast-check";
import { instanceId } from "#core/model/ids";
import { INSTANCE_STATES } from "#core/model/outcome";
import { liveFrame } from "#frontends/output/live-frame";
import { NO_RUN } from "#frontends/output/live-state";
import type { LiveState, LiveTask } from "#frontends/output/live-state";
import { plainLook } from "#frontends/output/look";

const label = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
const ms = fc.integer({ min: 0, max: 1_000_000_000 });

const task: fc.Arbitrary<LiveTask> = fc.record({
  label,
  startedAt: ms,
  attempt: fc.integer({ min: 1, max: 9 }),
  phase: fc.constantFrom("running" as const, "ready" as const, "waiting" as const),
  dueAt: ms,
});

const state: fc.Arbitrary<LiveState> = fc
  .record({
    tasks: fc.array(task, { maxLength: 60 }),
    failed: fc.array(fc.record({ label, durationMs: ms }), { maxLength: 20 }),
    counts: fc.array(fc.nat(100_000), {
      minLength: INSTANCE_STATES.length,
      maxLength: INSTANCE_STATES.length,
    }),
    total: fc.nat(1000),
    stage: fc.option(label, { nil: undefined }),
  })
  .map(({ tasks, failed, counts, total, stage }) => ({
    ...NO_RUN,
    total,
    counts: Object.fromEntries(INSTANCE_STATES.map((name, index) => [name, counts[index] ?? 0])),
    running: new Map(tasks.map((one, index) => [instanceId(`t${index}`), one])),
    failures: failed.map((one) => ({
      ...one,
      outcome: { state: "failed" as const, failure: { kind: "exit" as const, code: 1 } },
    })),
    ...(stage === undefined ? {} : { stage }),
  }));

test("whatever runs, no line of the view is as wide as the terminal or steers it, and half of its rows are left", () => {
  fc.assert(
    fc.property(
      state,
      fc.record({ columns: fc.integer({ min: 2, max: 240 }), rows: fc.integer({ min: 1, max: 80 }) }),
      fc.record({ now: ms, unicode: fc.boolean(), usual: fc.option(ms, { nil: undefined }) }),
      (made, { columns, rows }, { now, unicode, usual }) => {
        const look = plainLook(unicode);
        const lines = liveFrame(made, { now, columns, rows, look, unicode, expected: () => usual });
        // The cursor stands below the lines.
        expect(lines.length).toBeGreaterThanOrEqual(rows === 1 ? 0 : 1);
        expect(lines.length).toBeLessThanOrEqual(Math.floor(rows / 2));
        for (const line of lines) {
          expect(Bun.stringWidth(line)).toBeLessThan(columns);
          expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("what there is no room for is counted", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 6, max: 60 }), (count, rows) => {
      const running = new Map(
        Array.from({ length: count }, (_, index) => [
          instanceId(`t${index}`),
          { label: `t${index}`, startedAt: 0, attempt: 1, phase: "running" as const },
        ]),
      );
      const look = plainLook(true);
      const lines = liveFrame(
        { ...NO_RUN, total: 100, running },
        { now: 0, columns: 80, rows, look, unicode: true, expected: () => undefined },
      );
      const shown = lines.filter((line) => line.startsWith("› ")).length;
      const counted = Number(/^… and (\d+) more running$/m.exec(lines.join("\n"))?.[1] ?? 0);
      expect(shown + counted).toBe(count);
    }),
  );
});
