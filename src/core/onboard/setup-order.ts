import type { SetupStep } from "./setup-settings";

/** What each step of zr's own has to wait for, where that is asked for before it. The others wait for all before them. */
const NEEDS: Readonly<Partial<Record<SetupStep["kind"], readonly SetupStep["kind"][]>>> = {
  tools: [],
  env: [],
  deps: ["tools"],
  services: ["tools", "env"],
  validate: ["tools", "env"],
};

/** The ids of the steps that each step waits for, by its id. Only what stands before a step can be waited for. */
export function setupOrder(steps: readonly SetupStep[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    steps.map((step, index) => {
      const before = steps.slice(0, index);
      const needs = NEEDS[step.kind];
      // What follows a step of one's own may build upon it.
      const barrier = before.findLastIndex(({ kind }) => kind === "task" || kind === "command");
      const waits = before.filter(
        ({ kind }, at) => needs === undefined || needs.includes(kind) || at === barrier,
      );
      return [step.id, waits.map(({ id }) => id)];
    }),
  );
}
