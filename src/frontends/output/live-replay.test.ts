import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import type { RunEvent } from "#core/model/event";
import { REPOSITORY } from "#tests/support/binary";
import { expectGolden } from "#tests/support/golden";
import { makeJournal } from "#tests/support/journal";
import { Replay } from "#tests/support/replay";

const journal = (name: string): readonly RunEvent[] =>
  readFileSync(join(REPOSITORY, "tests/golden/live-view", name), "utf8")
    .trimEnd()
    .split("\n")
    // Written by zr itself.
    .map((line) => JSON.parse(line) as RunEvent);

const SHOP = journal("shop.jsonl");
const USUAL: Readonly<Record<string, number>> = {
  install: 250,
  build: 1200,
  test: 640,
  docs: 280,
  flaky: 200,
};
const usual = (id: string): number | undefined => USUAL[id];
const THOUSAND = makeJournal({ tasks: 1000, jobs: 30, seed: 7 });

/** Screens at some moments, one after the other. */
async function screens(replay: Replay, moments: readonly number[]): Promise<string> {
  const shown: string[] = [];
  for (const at of moments) {
    const lines = await replay.goTo(at);
    shown.push([`--- ${at === Infinity ? "the end" : `${at} ms`}`, ...lines].join("\n"));
  }
  return `${shown.join("\n")}\n`;
}

describe("a recorded run with a failure, a retry and a progress bar", () => {
  test.each([40, 80, 200])("at %d columns", async (columns) => {
    const replay = new Replay(SHOP, { columns, rows: 20, expected: usual });
    expectGolden(`live-view/shop-${columns}.txt`, await screens(replay, [250, 700, 1000, 1500, Infinity]));
  });

  test("without Unicode", async () => {
    const replay = new Replay(SHOP, { columns: 60, rows: 20, expected: usual, unicode: false });
    const shown = await screens(replay, [250, 1000, 1500]);
    expectGolden("live-view/shop-ascii.txt", shown);
  });

  test("in a terminal that becomes narrow, then wide", async () => {
    const replay = new Replay(SHOP, { columns: 80, rows: 20, expected: usual });
    await replay.goTo(650);
    replay.resize(40, 16);
    const narrow = await screens(replay, [700, 1000]);
    replay.resize(200, 24);
    const wide = await screens(replay, [1300, Infinity]);
    expectGolden("live-view/shop-resized.txt", narrow + wide);
  });

  test.each([4, 7, 12, 20])(
    "in a terminal of %d columns and as many rows nothing of the view is left over",
    async (size) => {
      const replay = new Replay(SHOP, { columns: size, rows: size });
      await replay.goTo(Infinity);
      expect(replay.everything().filter((line) => /[›━─]|running/.test(line))).toEqual([]);
    },
  );
});

describe("a run of a thousand tasks", () => {
  test("at 80 columns", async () => {
    const replay = new Replay(THOUSAND, { columns: 80, rows: 24 });
    expectGolden("live-view/thousand-80.txt", await screens(replay, [120, 5000, 20_000]));
  });

  test("each line of output is there once, in the order of the ends, and nothing of the view", async () => {
    const replay = new Replay(THOUSAND, { columns: 80, rows: 24 });
    await replay.goTo(10_000);
    replay.resize(18, 12);
    await replay.goTo(20_000);
    replay.resize(120, 40);
    await replay.goTo(Infinity);
    const lines = replay.everything();
    const printed = THOUSAND.flatMap((event) =>
      event.type === "instance.finished" ? [`output of ${event.id.split("-")[1]}`] : [],
    );
    expect(lines.filter((line) => line.startsWith("output of "))).toEqual(printed);
    expect(lines.filter((line) => / running/.test(line))).toEqual([]);
  });

  test("is drawn ten times a second at most", async () => {
    const quiet = THOUSAND.filter(({ type }) => type !== "instance.output");
    const replay = new Replay(quiet, { columns: 80, rows: 24 });
    let before = 0;
    for (let second = 1; second <= 20; second += 1) {
      await replay.goTo(second * 1000);
      const failures = quiet.filter(
        ({ type, at }) => type === "instance.finished" && at > (second - 1) * 1000 && at <= second * 1000,
      ).length;
      // Each drawing is one write, or, where something is said above, two and what is said.
      expect(replay.writes - before).toBeLessThanOrEqual(20 + failures);
      before = replay.writes;
    }
  });
});
