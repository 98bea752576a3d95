import { expect, test } from "bun:test";
import { runUnits } from "./run-units";
import type { SetupEvent, SetupUnit, UnitEnd, UnitLook } from "./setup-unit";

interface Given {
  readonly needs?: readonly string[];
  readonly optional?: boolean;
  readonly look?: UnitLook;
  readonly act?: () => Promise<UnitEnd>;
}

const DONE: UnitEnd = { kind: "done", detail: "did it" };
const FAILED: UnitEnd = { kind: "failed", reason: "no" };

const unit = (id: string, { needs = [], optional = false, look, act }: Given = {}): SetupUnit => ({
  id,
  step: id,
  needs,
  optional,
  look: () => Promise.resolve(look ?? { kind: "todo", detail: "do it" }),
  act: act ?? (() => Promise.resolve(DONE)),
});

async function run(
  units: readonly SetupUnit[],
  options: { readonly isDry?: boolean; readonly jobs?: number; readonly signal?: AbortSignal } = {},
) {
  const events: SetupEvent[] = [];
  const results = await runUnits(units, {
    isDry: options.isDry ?? false,
    jobs: options.jobs ?? 4,
    signal: options.signal ?? new AbortController().signal,
    report: (event) => void events.push(event),
  });
  return { events, states: Object.fromEntries(results.map(({ id, state }) => [id, state])) };
}

test("units that need nothing of each other are under way at once, as many as are allowed", async () => {
  let now = 0;
  let most = 0;
  const act = async (): Promise<UnitEnd> => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    await Promise.resolve();
    now -= 1;
    return DONE;
  };
  const units = ["a", "b", "c", "d"].map((id) => unit(id, { act }));
  await run(units, { jobs: 2 });
  expect(most).toBe(2);
  most = 0;
  await run(units, { jobs: 1 });
  expect(most).toBe(1);
});

test("a failure blocks what needs it, and what needs that; an optional one blocks nothing", async () => {
  const fails = () => Promise.resolve(FAILED);
  const { states } = await run([
    unit("a", { act: fails }),
    unit("b", { needs: ["a"] }),
    unit("c", { needs: ["b"] }),
    unit("d", { act: fails, optional: true }),
    unit("e", { needs: ["d"] }),
  ]);
  expect(states).toEqual({ a: "failed", b: "blocked", c: "blocked", d: "warning", e: "done" });
});

test("what is done or has nothing to do is not begun, and a dry run begins nothing", async () => {
  const never = (): Promise<UnitEnd> => Promise.reject(new Error("begun"));
  const units = [
    unit("done", { look: { kind: "done", detail: "" }, act: never }),
    unit("skip", { look: { kind: "skip", detail: "" }, act: never }),
  ];
  expect((await run(units)).states).toEqual({ done: "up-to-date", skip: "skipped" });
  expect((await run([unit("todo", { act: never })], { isDry: true })).states).toEqual({ todo: "todo" });
});

test("what is given up is interrupted, and nothing more is begun", async () => {
  const ended = new AbortController();
  const units = [
    unit("a", {
      act: () => {
        ended.abort();
        return Promise.resolve(FAILED);
      },
    }),
    unit("b", { needs: ["a"] }),
    unit("c"),
  ];
  expect((await run(units, { signal: ended.signal, jobs: 1 })).states).toEqual({
    a: "interrupted",
    b: "interrupted",
    c: "interrupted",
  });
});

test("each unit is told of when it begins and when it is over", async () => {
  const { events } = await run([unit("a")]);
  expect(events).toMatchObject([
    { kind: "started", id: "a", detail: "do it" },
    { kind: "ended", result: { id: "a", state: "done", detail: "did it" } },
  ]);
});
