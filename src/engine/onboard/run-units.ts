import { Slots } from "#base/slots";
import { monotonicMs } from "#system/clock/clock";
import type { SetupEvent, SetupUnit, UnitResult, UnitState } from "./setup-unit";

export interface RunUnitsOptions {
  /** Only looks at what would have to be done. */
  readonly isDry: boolean;
  /** How many at once. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly report: (event: SetupEvent) => void;
}

/** States after which what needs the unit goes on. */
const PASSABLE: ReadonlySet<UnitState> = new Set(["done", "up-to-date", "skipped", "warning", "todo"]);

/**
 * Does units, each as soon as those that it needs are over, several at once. What needs a unit that has failed is not
 * begun; everything else is done all the same. A unit whose needs are not among those given waits for nobody.
 */
export async function runUnits(
  units: readonly SetupUnit[],
  options: RunUnitsOptions,
): Promise<readonly UnitResult[]> {
  const slots = new Slots(options.jobs);
  const running = new Map<string, Promise<UnitResult>>();
  for (const unit of units) {
    const before = unit.needs.flatMap((id) => running.get(id) ?? []);
    running.set(
      unit.id,
      (async () => {
        const needed = await Promise.all(before);
        const obstacle = needed.find(({ state }) => !PASSABLE.has(state));
        const result =
          obstacle === undefined ? await slots.hold(() => runUnit(unit, options)) : notBegun(unit, obstacle);
        options.report({ kind: "ended", result });
        return result;
      })(),
    );
  }
  return Promise.all(running.values());
}

const notBegun = ({ id, step }: SetupUnit, obstacle: UnitResult): UnitResult => ({
  id,
  step,
  state: obstacle.state === "interrupted" ? "interrupted" : "blocked",
  detail: `needs ${obstacle.id}`,
  durationMs: 0,
});

async function runUnit(unit: SetupUnit, { isDry, signal, report }: RunUnitsOptions): Promise<UnitResult> {
  const { id, step } = unit;
  const began = monotonicMs();
  const ended = (state: UnitState, detail: string): UnitResult => ({
    id,
    step,
    state,
    detail,
    durationMs: monotonicMs() - began,
  });
  if (signal.aborted) return ended("interrupted", "not begun");
  const look = await unit.look();
  if (look.kind === "skip") return ended("skipped", look.detail);
  if (look.kind === "done") return ended("up-to-date", look.detail);
  if (isDry) return ended("todo", look.detail);
  report({ kind: "started", id, detail: look.detail });
  const end = await unit.act({ signal, report: (detail) => report({ kind: "progress", id, detail }) });
  if (end.kind === "done")
    return { ...ended("done", end.detail), ...(end.next === undefined ? {} : { next: end.next }) };
  const state = signal.aborted ? "interrupted" : unit.optional ? "warning" : "failed";
  return {
    ...ended(state, end.reason),
    ...(end.log === undefined || end.log.trim() === "" ? {} : { log: end.log }),
    ...(end.hint === undefined ? {} : { hint: end.hint }),
  };
}
