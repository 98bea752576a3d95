import { expect, test } from "bun:test";
import { readWorlds } from "./read-worlds";
import { RememberedReadings } from "./remembered-readings";
import { OpenConditions, type Reading, type WorldRequest } from "./worlds";

interface Said extends Reading {
  readonly said: string;
}

/** Reads a file that asks for each name, and for `B` only where `A` holds. */
function reader(counted: string[]): (request: WorldRequest) => Said {
  return (request) => {
    const open = new OpenConditions(request);
    const a = open.decide("env.get('A', '') == '1'", false);
    const b = a && open.decide("env.get('B', '') == '1'", true);
    const c = open.decide("env.get('C', '') == '1'", false);
    const said = `${String(a)} ${String(b)} ${String(c)}`;
    counted.push(said);
    return { facts: open.facts, asksSystem: false, said };
  };
}

test("each reading is made once, however often it is asked for", () => {
  const counted: string[] = [];
  const known = new RememberedReadings<Said>();
  const first = readWorlds(reader(counted), known);
  const again = readWorlds(reader(counted), known);
  expect(new Set(counted).size).toBe(6);
  expect(counted).toHaveLength(6);
  expect([...again.worlds.keys()]).toEqual([...first.worlds.keys()]);
});

test("a request with other conditions by default finds the reading that it is answered by", () => {
  const counted: string[] = [];
  const known = new RememberedReadings<Said>();
  readWorlds(reader(counted), known);
  const base = new Map([["env.get('A', '') == '1'", true]]);
  const request = { system: "linux", departures: [false, true], base };
  const { reading, facts } = known.take(request, reader(counted));
  expect(reading.said).toBe("true false false");
  expect(facts.map(({ isUsual }) => isUsual)).toEqual([true, false, true]);
  expect(counted).toHaveLength(6);
});

test("a reading that was forgotten is made again, and no other one", () => {
  const counted: string[] = [];
  const known = new RememberedReadings<Said>();
  readWorlds(reader(counted), known);
  known.forget(({ said }) => said === "true true false");
  readWorlds(reader(counted), known);
  expect(counted).toHaveLength(7);
  expect(counted.at(-1)).toBe("true true false");
});
