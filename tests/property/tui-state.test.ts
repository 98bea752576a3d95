import { expect, test } from "bun:test";
import fc from "fast-check";
import type { PlannedInstance, RunEvent, RunEventBody } from "#core/model/event";
import { instanceId, runId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import { isActive, shownItems } from "#frontends/tui/item-status";
import { KEY_MAP } from "#frontends/tui/key-map";
import { layoutOf } from "#frontends/tui/layout";
import { LogBuffer } from "#frontends/tui/log-buffer";
import { reduceTui } from "#frontends/tui/reduce";
import { rowText, widthOf } from "#frontends/tui/row";
import { shownText } from "#frontends/tui/scroll";
import { firstState } from "#frontends/tui/state";
import type { TuiEffect, TuiEvent, TuiState } from "#frontends/tui/state";
import { viewTui } from "#frontends/tui/view";

const NAMES = ["build", "test", "web:build", "한국어", "e\u0301", "long-name-".repeat(9), "_hidden"];

const items = NAMES.slice(0, -1).map((name, index) => ({
  key: `task\0${name}`,
  kind: "task" as const,
  name,
  description: index % 2 === 0 ? "about \x1b[31mit" : "",
  tags: index === 1 ? ["ci"] : [],
  required: index === 4 ? ["where"] : [],
}));

/** What may be done next; numbers choose among what there is. */
type Move =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "event"; readonly event: TuiEvent }
  | { readonly kind: "begin"; readonly choice: number }
  | { readonly kind: "refuse" }
  | { readonly kind: "advance"; readonly choice: number; readonly outcome: Outcome; readonly text: string }
  | { readonly kind: "end"; readonly choice: number };

const key = fc.oneof(
  fc.constantFrom(...KEY_MAP.flatMap(({ keys }) => keys), "Backspace", "Ctrl-U", "Ctrl-W", "y", "Delete"),
  fc.string({ minLength: 1, maxLength: 1 }),
);

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    "line\nline\n",
    "\x1b[31mred\x1b[0m\n",
    "10%\r20%",
    "\ttab",
    "한국어 텍스트 👩‍💻\n",
    "x".repeat(5000),
    "\x1b]0;t\x07",
  ),
);

const outcome = fc.constantFrom<Outcome>(
  { state: "success" },
  { state: "failed", failure: { kind: "exit", code: 1 } },
  { state: "canceled", reason: { kind: "asked" } },
  { state: "blocked" },
);

const small = fc.nat({ max: 30 });

const event = fc.oneof(
  fc.record({
    type: fc.constant("resize" as const),
    columns: fc.integer({ min: 1, max: 220 }),
    rows: fc.integer({ min: 1, max: 70 }),
  }),
  fc.record({
    type: fc.constant("mouse" as const),
    action: fc.constantFrom("press" as const, "wheel-up" as const, "wheel-down" as const),
    row: fc.nat({ max: 80 }),
    column: fc.nat({ max: 230 }),
  }),
  fc.record({ type: fc.constant("paste" as const), text }),
  fc.record({ type: fc.constant("tick" as const), nowMs: fc.nat() }),
  fc.record({ type: fc.constant("question" as const), id: small, text }),
  fc.record({
    type: fc.constant("graph" as const),
    of: fc.constant("build"),
    graph: fc.constant({
      v: 1 as const,
      nodes: [],
      edges: [
        { from: "build", to: "test", kind: "dep" },
        { from: "test", to: "build", kind: "dep" },
      ],
      roots: ["build"],
    }),
  }),
  fc.record({
    type: fc.constant("past-runs" as const),
    wallMs: fc.constant(1000),
    runs: fc.array(
      fc.record({
        run: fc.constantFrom("r1", "r2", "r3"),
        wallMs: fc.nat(),
        durationMs: fc.nat(),
        status: fc.constantFrom("success" as const, "failed" as const, "interrupted" as const),
        what: text,
        counts: fc.constant({ success: 1 }),
      }),
      { maxLength: 40 },
    ),
  }),
  text.map((said): TuiEvent => {
    const log = new LogBuffer();
    log.append("x", said);
    return { type: "past-log", run: "r1", log };
  }),
);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: key.map((pressed) => ({ kind: "key" as const, key: pressed })) },
  { weight: 3, arbitrary: event.map((one) => ({ kind: "event" as const, event: one })) },
  { weight: 1, arbitrary: small.map((choice) => ({ kind: "begin" as const, choice })) },
  { weight: 1, arbitrary: fc.constant({ kind: "refuse" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("advance" as const), choice: small, outcome, text }),
  },
  { weight: 1, arbitrary: small.map((choice) => ({ kind: "end" as const, choice })) },
);

/** A world that does what the state asks for, as the moves say. */
class World {
  state: TuiState = firstState({ title: "t", hasUnicode: true, columns: 80, rows: 24, items });
  readonly #wanted: Extract<TuiEffect, { readonly type: "run" }>[] = [];
  readonly #runs: { readonly run: string; seq: number; readonly phases: Map<string, number> }[] = [];
  #count = 0;

  take(event: TuiEvent): readonly TuiEffect[] {
    const before = this.state;
    const { state, effects } = reduceTui(before, event);
    this.state = state;
    for (const effect of effects) if (effect.type === "run") this.#wanted.push(effect);
    return effects;
  }

  make(move: Move): void {
    switch (move.kind) {
      case "key":
        return this.#press(move.key);
      case "event":
        return void this.take(move.event);
      case "refuse": {
        const wanted = this.#wanted.shift();
        if (wanted !== undefined)
          this.take({ type: "refused", item: wanted.item.key, text: "no", lines: ["because", "\x1b[1m"] });
        return;
      }
      case "begin":
        return this.#begin(move.choice);
      case "advance":
        return this.#advance(move);
      case "end":
        return this.#end(move.choice);
    }
  }

  #press(pressed: string): void {
    const before = new Set(
      items.filter(({ key: one }) => isActive(this.state.statuses.get(one))).map((one) => one.key),
    );
    for (const effect of this.take({ type: "key", key: pressed }))
      if (effect.type === "run") expect(before.has(effect.item.key)).toBe(false);
  }

  #begin(choice: number): void {
    const wanted = this.#wanted.shift();
    if (wanted === undefined) return;
    this.#count += 1;
    const run = `run-${this.#count}`;
    const others = choice % 3 === 0 ? ["_hidden"] : choice % 3 === 1 ? ["test"] : [];
    const names = [...new Set([wanted.item.name, ...others])];
    const entry = { run, seq: 0, phases: new Map(names.map((name) => [name, 0])) };
    this.#runs.push(entry);
    this.take({ type: "accepted", run, item: wanted.item.key, nowMs: 1 });
    this.#emit(entry, { type: "run.started", wallMs: 0, zr: "0", root: "/", request: names, jobs: 1 });
    const instances = names.map((name): PlannedInstance => ({
      id: instanceId(name),
      label: name,
      package: "",
      task: name,
      command: "true",
      cwd: "/",
      edges: [],
      reason: { kind: "requested" },
      tags: [],
      group: choice % 5 === 0,
      interactive: false,
    }));
    this.#emit(entry, { type: "run.planned", instances, requested: [], criticalPath: [] });
  }

  #advance({ choice, outcome: ended, text: said }: Extract<Move, { readonly kind: "advance" }>): void {
    const entry = this.#runs[choice % Math.max(1, this.#runs.length)];
    const names = [...(entry?.phases.keys() ?? [])];
    const name = names[choice % Math.max(1, names.length)];
    if (entry === undefined || name === undefined) return;
    const id = instanceId(name);
    const phase = entry.phases.get(name) ?? 0;
    const events: readonly RunEventBody[] = [
      { type: "instance.queued", id },
      { type: "instance.started", id, attempt: 1 },
      { type: "instance.output", id, stream: "stdout", text: said },
      { type: "instance.output", id, stream: "stderr", text: said },
      { type: "instance.attempt-finished", id, attempt: 1, durationMs: 5 },
      { type: "instance.finished", id, outcome: ended, durationMs: 5, attempts: 1 },
    ];
    const next = events[phase];
    if (next === undefined) return;
    entry.phases.set(name, phase + 1);
    this.#emit(entry, next);
  }

  #end(choice: number): void {
    const entry = this.#runs.splice(choice % Math.max(1, this.#runs.length), 1)[0];
    if (entry === undefined) return;
    for (const name of entry.phases.keys())
      this.#emit(entry, {
        type: "instance.finished",
        id: instanceId(name),
        outcome: { state: "canceled" },
        durationMs: 1,
        attempts: 1,
      });
    this.#emit(entry, { type: "run.finished", exitCode: choice % 2, durationMs: 10 });
  }

  #emit(entry: { readonly run: string; seq: number }, body: RunEventBody): void {
    const event: RunEvent = { v: 1, run: runId(entry.run), seq: entry.seq, at: entry.seq, ...body };
    entry.seq += 1;
    this.take({ type: "run", event, nowMs: entry.seq });
  }
}

function expectSound(state: TuiState): void {
  const rows = viewTui(state);
  expect(rows.length).toBe(state.rows);
  for (const row of rows) {
    const line = rowText(row);
    // oxlint-disable-next-line no-control-regex
    expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    expect(widthOf(line)).toBe(state.columns);
  }
  const shown = shownItems(state);
  const index = shown.findIndex(({ key: one }) => one === state.cursor);
  expect(index === -1).toBe(shown.length === 0);
  const { bodyRows } = layoutOf(state);
  if (state.view !== "history" && bodyRows > 0 && shown.length > 0) {
    expect(index).toBeGreaterThanOrEqual(state.listTop);
    expect(index).toBeLessThan(state.listTop + bodyRows);
  }
  const { top, left } = state.scroll;
  const { first, end } = shownText(state);
  expect(left).toBeGreaterThanOrEqual(0);
  if (top !== undefined) expect(Number.isInteger(top)).toBe(true);
  expect(first).toBeLessThanOrEqual(end);
}

test("whatever is typed, clicked, resized and told, the screen is whole, one shown line is chosen, and it can be left", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 120, size: "max" }), (moves) => {
      const world = new World();
      for (const one of moves) {
        world.make(one);
        expectSound(world.state);
      }
      const effects = world.take({ type: "key", key: "Ctrl-C" });
      expect(effects.at(-1)).toEqual({ type: "quit", signal: "SIGINT" });
      expect(world.state.isLeaving).toBe(true);
      expectSound(world.state);
    }),
    { numRuns: 150 },
  );
});
