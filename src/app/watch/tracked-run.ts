import type { RunEvent, RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";
import type { PlanControl } from "#engine/exec/run-plan";

/** What is told of a run that is followed. */
export interface RunListener {
  readonly ended: (id: InstanceId, outcome: Outcome) => void;
  /** Whatever is left stays up by itself; said once. */
  readonly idle: () => void;
}

/** A run of a watch: which of its instances are under way, and whether anything is left that ends by itself. */
export class TrackedRun {
  readonly subscriber: RunSubscriber = { event: (event) => this.#hear(event) };
  /** Set once it has been started. */
  control: PlanControl | undefined;
  readonly #instances: ReadonlyMap<InstanceId, Instance>;
  readonly #lasting: ReadonlySet<InstanceId>;
  readonly #listener: RunListener;
  readonly #unfinished = new Set<InstanceId>();
  readonly #started = new Set<InstanceId>();
  readonly #ready = new Set<InstanceId>();
  readonly #waiting = new Map<InstanceId, (() => void)[]>();
  #isIdle = false;

  /** @param lasting instances that stay up once they have been started */
  constructor(plan: Plan, lasting: ReadonlySet<InstanceId>, listener: RunListener) {
    this.#instances = new Map(plan.instances.map((instance) => [instance.id, instance]));
    this.#lasting = lasting;
    this.#listener = listener;
  }

  /** Long-running instances that run. */
  *alive(): Iterable<InstanceId> {
    for (const id of this.#lasting) if (this.#started.has(id) && this.#unfinished.has(id)) yield id;
  }

  /** Stops what the ids name of it, and waits until that has ended. */
  async stop(ids: Iterable<InstanceId>): Promise<void> {
    const mine = [...ids].filter((id) => this.#unfinished.has(id));
    if (mine.length === 0) return;
    const ended = mine.map(
      (id) =>
        new Promise<void>((resolve) => {
          const list = this.#waiting.get(id);
          if (list === undefined) this.#waiting.set(id, [resolve]);
          else list.push(resolve);
        }),
    );
    this.control?.restart(mine);
    await Promise.all(ended);
  }

  /** The run is over, with everything that belongs to it. */
  over(): void {
    for (const wake of [...this.#waiting.values()].flat()) wake();
    this.#waiting.clear();
    this.#becomeIdle();
  }

  #hear(event: RunEvent): void {
    switch (event.type) {
      case "run.planned":
        // What hooks run around the plan is none of its instances.
        for (const { id } of event.instances) if (this.#instances.has(id)) this.#unfinished.add(id);
        return;
      case "instance.started":
        this.#started.add(event.id);
        break;
      case "instance.ready":
        this.#ready.add(event.id);
        break;
      case "instance.finished":
        this.#unfinished.delete(event.id);
        this.#listener.ended(event.id, event.outcome);
        for (const wake of this.#waiting.get(event.id) ?? []) wake();
        this.#waiting.delete(event.id);
        break;
      default:
        return;
    }
    // A run without long-running tasks is idle when it is over, no earlier.
    if (!this.#isIdle && this.#lasting.size > 0 && this.#isAtRest()) this.#becomeIdle();
  }

  #becomeIdle(): void {
    if (this.#isIdle) return;
    this.#isIdle = true;
    this.#listener.idle();
  }

  /** Whether only long-running instances are left, and what waits for their end. */
  #isAtRest(): boolean {
    if (this.#unfinished.size === 0) return false;
    const known = new Map<InstanceId, boolean>();
    const rests = (id: InstanceId): boolean => {
      const before = known.get(id);
      if (before !== undefined) return before;
      // No circle reaches itself again while it is judged.
      known.set(id, false);
      const found = this.#unfinished.has(id) && this.#restsByItself(id, rests);
      known.set(id, found);
      return found;
    };
    for (const id of this.#unfinished) if (!rests(id)) return false;
    return true;
  }

  #restsByItself(id: InstanceId, rests: (id: InstanceId) => boolean): boolean {
    const instance = this.#instances.get(id);
    if (instance === undefined) return false;
    if (this.#lasting.has(id) && this.#started.has(id))
      return instance.persistent ? this.#ready.has(id) : true;
    if (this.#started.has(id)) return false;
    if (instance.heldBy !== undefined && rests(instance.heldBy)) return true;
    return instance.edges.some(({ on, kind }) => kind !== "ready" && rests(on));
  }
}
