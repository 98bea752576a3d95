import { Heap } from "#base/heap";
import type { InstanceId } from "#core/model/ids";
import type { Plan } from "#core/model/plan";
import { Scheduler } from "./scheduler";

interface End {
  readonly id: InstanceId;
  readonly at: number;
  readonly order: number;
}

/**
 * How long a plan takes, in milliseconds, if every instance takes what `duration` says and ends well: decided by the
 * scheduler that runs it, with a clock that jumps from end to end. What a step calls is part of its caller's duration.
 */
export function simulate(plan: Plan, jobs: number, duration: (id: InstanceId) => number): number {
  const scheduler = new Scheduler(plan, { jobs, failFast: false, killOnFail: false });
  const servers = new Set(plan.instances.filter(({ persistent }) => persistent).map(({ id }) => id));
  const ends = new Heap<End>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  let now = 0;
  let order = 0;
  const end = (id: InstanceId): void =>
    take(
      scheduler.step({ type: "ended", id, outcome: { state: "success" }, facts: { exitCode: 0 }, random: 0 }),
    );
  const take = (actions: ReturnType<Scheduler["step"]>): void => {
    for (const action of actions) {
      if (action.type === "start" && servers.has(action.id))
        take(scheduler.step({ type: "ready", id: action.id }));
      else if (action.type === "start") {
        order += 1;
        ends.push({ id: action.id, at: now + duration(action.id), order });
      } else if (action.type === "stop") end(action.id);
    }
  };
  take(scheduler.step({ type: "begin" }));
  for (let next = ends.pop(); next !== undefined; next = ends.pop()) {
    now = next.at;
    end(next.id);
  }
  return now;
}
