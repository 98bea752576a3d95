import { expect, test } from "bun:test";
import fc from "fast-check";
import { OWN_RUN_LIMIT, PATIENCE, SAME_FILE_LIMIT, watchStart, watchStep } from "#core/watch/watch-machine";
import type { WatchAction, WatchInput, WatchState } from "#core/watch/watch-machine";

type Move =
  | { readonly type: "changed"; readonly files: readonly string[]; readonly debounceMs: number }
  | { readonly type: "asked"; readonly what: "again" | "all" | "failed" }
  | { readonly type: "pause"; readonly isPaused: boolean }
  /** The run under way comes to rest. */
  | { readonly type: "rest" }
  /** Time goes by; a timer that is due by then fires. */
  | { readonly type: "pass"; readonly ms: number };

const file = fc.constantFrom("a", "b", "c", "d");
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    type: fc.constant("changed" as const),
    files: fc.uniqueArray(file, { minLength: 1, maxLength: 3 }),
    debounceMs: fc.constantFrom(0, 5, 100, 300),
  }),
  fc.record({
    type: fc.constant("asked" as const),
    what: fc.constantFrom("again" as const, "all" as const, "failed" as const),
  }),
  fc.record({ type: fc.constant("pause" as const), isPaused: fc.boolean() }),
  fc.constant({ type: "rest" as const }),
  fc.record({ type: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 400 }) }),
);

/** A world that does as the machine says: one run, one timer, one clock. */
class World {
  state: WatchState = watchStart;
  at = 0;
  timerAt: number | undefined;
  runs = 1;
  readonly log: { readonly at: number; readonly action: WatchAction }[] = [];
  /** Files that changed, and that no run has been started for since. */
  readonly owed = new Set<string>();
  lastChangeAt = 0;
  longestQuiet = 0;

  step(input: WatchInput): void {
    const { state, actions } = watchStep(this.state, input);
    this.state = state;
    for (const action of actions) {
      this.log.push({ at: this.at, action });
      if (action.type === "wait") this.timerAt = this.at + action.ms;
      if (action.type === "start") this.#start(action.work.files);
      if (action.type === "loop") for (const one of action.files) this.owed.delete(one);
    }
  }

  #start(files: readonly string[]): void {
    expect(this.runs).toBe(0);
    this.runs += 1;
    for (const one of files) this.owed.delete(one);
    this.longestQuiet = 0;
  }

  move(next: Move): void {
    if (next.type === "pass") {
      this.at += next.ms;
      if (this.timerAt !== undefined && this.timerAt <= this.at) {
        this.timerAt = undefined;
        this.step({ type: "elapsed", at: this.at });
      }
    } else if (next.type === "rest") {
      if (this.runs === 0) return;
      this.runs = 0;
      this.step({ type: "idle", at: this.at });
    } else {
      if (next.type === "changed") for (const one of next.files) this.owed.add(one);
      this.step({ ...next, at: this.at });
    }
  }

  /** Lets everything that is due come to its end. */
  drain(): void {
    this.move({ type: "pause", isPaused: false });
    for (let round = 0; round < 6; round += 1) {
      this.move({ type: "rest" });
      this.move({ type: "pass", ms: 1000 });
    }
  }
}

test("at most one run goes on, and no change is lost, whatever happens in whatever order", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const world = new World();
      for (const next of moves) world.move(next);
      world.drain();
      expect([...world.owed]).toEqual([]);
      expect(world.state.pending).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});

test("however many changes come during a run, one run follows it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(file, { minLength: 1 }), { minLength: 1, maxLength: 30 }),
      (batches) => {
        const world = new World();
        for (const files of batches) world.move({ type: "changed", files, debounceMs: 10 });
        world.drain();
        const starts = world.log.filter(({ action }) => action.type === "start");
        expect(starts.length).toBe(1);
      },
    ),
  );
});

test("nothing starts before it has been quiet for as long as the affected ask for", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ gap: fc.integer({ min: 0, max: 200 }), debounceMs: fc.integer({ min: 1, max: 300 }) }),
        {
          minLength: 1,
          maxLength: 20,
        },
      ),
      (changes) => {
        const world = new World();
        world.move({ type: "rest" });
        let dueAt = 0;
        let first: number | undefined;
        let longest = 0;
        for (const { gap, debounceMs } of changes) {
          for (let ms = 0; ms < gap && world.runs === 0; ms += 1) world.move({ type: "pass", ms: 1 });
          if (world.runs > 0) break;
          first ??= world.at;
          longest = Math.max(longest, debounceMs);
          dueAt = Math.min(Math.max(dueAt, world.at + debounceMs), first + PATIENCE * longest);
          world.move({ type: "changed", files: ["a"], debounceMs });
        }
        while (world.runs === 0) world.move({ type: "pass", ms: 1 });
        expect(world.log.find(({ action }) => action.type === "start")?.at).toBe(dueAt);
      },
    ),
  );
});

test("a file that is written all the time holds nothing back for ever", () => {
  const world = new World();
  world.move({ type: "rest" });
  const from = world.at;
  while (world.runs === 0) {
    world.move({ type: "changed", files: ["a"], debounceMs: 100 });
    world.move({ type: "pass", ms: 50 });
  }
  expect(world.at - from).toBe(PATIENCE * 100);
});

test("while it is paused nothing starts by itself; what is asked for by hand does, with the changes so far", () => {
  const world = new World();
  world.move({ type: "rest" });
  world.move({ type: "pause", isPaused: true });
  world.move({ type: "changed", files: ["a"], debounceMs: 10 });
  world.move({ type: "pass", ms: 1000 });
  expect(world.log).toEqual([]);
  world.move({ type: "asked", what: "all" });
  expect(world.log.map(({ action }) => action)).toEqual([
    { type: "start", work: { files: ["a"], asked: ["all"] } },
  ]);
});

test("what runs is told once that it is out of date, and again only after further changes", () => {
  const world = new World();
  const interrupts = (): number => world.log.filter(({ action }) => action.type === "interrupt").length;
  world.move({ type: "changed", files: ["a"], debounceMs: 10 });
  world.move({ type: "pass", ms: 10 });
  world.move({ type: "pass", ms: 1000 });
  expect(interrupts()).toBe(1);
  world.move({ type: "changed", files: ["b"], debounceMs: 10 });
  world.move({ type: "pass", ms: 10 });
  expect(interrupts()).toBe(2);
});

/** Runs that each change files while they go on; gives how many were started before the machine had enough. */
function runsUntilLoop(filesOf: (run: number) => readonly string[]): {
  readonly runs: number;
  readonly world: World;
} {
  const world = new World();
  let runs = 0;
  for (; runs < 100; runs += 1) {
    world.move({ type: "changed", files: filesOf(runs), debounceMs: 10 });
    world.move({ type: "rest" });
    world.move({ type: "pass", ms: 200 });
    if (world.log.some(({ action }) => action.type === "loop")) break;
  }
  return { runs, world };
}

test("runs that keep changing the same file are ended, and others that only change files are too, later", () => {
  const same = runsUntilLoop((run) => ["same", `other ${run}`]);
  expect(same.runs + 1).toBe(SAME_FILE_LIMIT);
  expect(same.world.log.find(({ action }) => action.type === "loop")?.action).toEqual({
    type: "loop",
    files: ["same"],
  });
  expect(runsUntilLoop((run) => [`other ${run}`]).runs + 1).toBe(OWN_RUN_LIMIT);
});

test("a change while nothing runs ends the suspicion", () => {
  const world = new World();
  for (let round = 0; round < 50; round += 1) {
    world.move({ type: "changed", files: ["a"], debounceMs: 10 });
    world.move({ type: "rest" });
    world.move({ type: "pass", ms: 200 });
    if (round % 3 !== 0) continue;
    world.move({ type: "rest" });
    world.move({ type: "pass", ms: 200 });
    world.move({ type: "changed", files: ["a"], debounceMs: 10 });
    world.move({ type: "pass", ms: 200 });
  }
  expect(world.log.some(({ action }) => action.type === "loop")).toBe(false);
});

test("a file that changes at any time of the runs is nobody's but the user's: each change is run for", () => {
  const offsets = [100, 2900, 1400, 700, 2300, 1900, 300, 2500];
  const world = new World();
  for (const offset of offsets) {
    world.move({ type: "pass", ms: offset });
    world.move({ type: "changed", files: ["a"], debounceMs: 10 });
    world.move({ type: "pass", ms: 3000 - offset });
    world.move({ type: "rest" });
    world.move({ type: "pass", ms: 10 });
  }
  expect(world.log.some(({ action }) => action.type === "loop")).toBe(false);
  expect(world.log.filter(({ action }) => action.type === "start").length).toBe(offsets.length);
});

test("what a change has stopped is started again however often that happens, after a while in less of a hurry", () => {
  const world = new World();
  const quiet: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    world.move({ type: "pass", ms: 1 });
    world.move({ type: "changed", files: ["a"], debounceMs: 10 });
    const changedAt = world.at;
    while (!world.log.some(({ at, action }) => action.type === "interrupt" && at >= changedAt))
      world.move({ type: "pass", ms: 10 });
    quiet.push(world.at - changedAt);
    world.step({ type: "cut", at: world.at });
    world.move({ type: "rest" });
    expect(world.runs).toBe(1);
  }
  expect(world.log.some(({ action }) => action.type === "loop")).toBe(false);
  expect([quiet[0], quiet[5], quiet[39]]).toEqual([10, 1000, 1000]);
});
