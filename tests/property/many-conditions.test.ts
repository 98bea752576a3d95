import { expect, test } from "bun:test";
import fc from "fast-check";
import { readWorlds } from "#core/migrate/read-worlds";
import { RememberedReadings } from "#core/migrate/remembered-readings";
import { OpenConditions, type Reading, type WorldRequest } from "#core/migrate/worlds";

/** A condition: the tasks that it changes, how it is where nothing is set, and which one it is only asked below. */
const condition = fc.record({
  tasks: fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 2 }),
  usual: fc.boolean(),
  below: fc.option(fc.nat({ max: 60 }), { freq: 4 }),
});

const LIMITS = { worlds: 12, cluster: 24, readings: 40 };

test("a file of any conditions is read in few ways, and none that changes a task is lost without a word", () => {
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 60 }), (conditions) => {
      const readOne = (request: WorldRequest): Reading => {
        const open = new OpenConditions(request, () => ({ file: "Makefile", line: open.facts.length + 1 }));
        const other = new Set<number>();
        for (const [index, { usual, below }] of conditions.entries())
          if (below === null || below >= index || other.has(below))
            if (open.decide(`c${index}`, usual) !== usual) other.add(index);
        const parts = new Map<string, string>([["", ""]]);
        for (let task = 0; task <= 5; task += 1)
          parts.set(
            `task t${task}`,
            [...other].filter((index) => conditions[index]?.tasks.includes(task) === true).join(" "),
          );
        return { facts: open.facts, asksSystem: false, parts: () => parts };
      };
      const known = new RememberedReadings<Reading>();
      const readings = readWorlds(readOne, known, LIMITS);
      const again = new RememberedReadings<Reading>();
      readWorlds(readOne, again, LIMITS);
      expect(again.made).toBe(known.made);
      // All, each by itself, together, rarely asked, and a few samples of each of at most six groups.
      const samples = 6 * (1 + 2 * Math.ceil(Math.log2(conditions.length + 1)));
      expect(known.made).toBeLessThanOrEqual(LIMITS.worlds + 5 * LIMITS.readings + samples);
      /** A condition, and those without which it is not asked. */
      const above = (index: number): readonly number[] => {
        const below = conditions[index]?.below ?? index;
        return [index, ...(below < index ? above(below) : [])];
      };
      const { worldsOf } = readings;
      if (worldsOf === undefined) return;
      for (const [index, { tasks }] of conditions.entries())
        for (const task of tasks) {
          const own = worldsOf(`t${task}`);
          const worlds = [...own.worlds];
          const loose = new Set(
            [...own.loose, ...readings.loose.filter(({ isSeen }) => !isSeen)].map(
              ({ fact }) => fact.expression,
            ),
          );
          const values = new Set(
            worlds.flatMap(({ facts }) =>
              facts.filter(({ expression }) => expression === `c${index}`).map(({ isTrue }) => isTrue),
            ),
          );
          expect(values.size === 2 || above(index).some((one) => loose.has(`c${one}`))).toBe(true);
        }
    }),
    { numRuns: 150 },
  );
});
