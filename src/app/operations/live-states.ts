import type { RunEvent } from "#core/model/event";
import { reduceRun } from "#core/model/record";
import type { RunRecord } from "#core/model/record";
import type { NodeFact } from "./graph-facts";
import { findLiveRuns, followRun } from "./live-runs";

/** The states of everything that runs now in a workspace, whichever zr has started it. */
export class LiveStates implements Disposable {
  readonly #root: string;
  readonly #changed: () => void;
  readonly #followed = new Map<string, { record: RunRecord | undefined; readonly close: () => void }>();
  #isClosed = false;

  /** @param changed called when something has begun or ended; must not throw */
  constructor(root: string, changed: () => void) {
    this.#root = root;
    this.#changed = changed;
  }

  /** Follows runs that have begun since. */
  async look(): Promise<void> {
    for (const place of await findLiveRuns(this.#root)) {
      if (this.#isClosed || this.#followed.has(place.run)) continue;
      const followed = await followRun(place);
      if (!followed.ok || this.#isClosed) continue;
      const { record, events, close } = followed.value;
      this.#followed.set(place.run, { record, close });
      this.#changed();
      void this.#follow(place.run, events);
    }
  }

  /** What is running, and what has ended in a run that still goes on. */
  facts(): ReadonlyMap<string, NodeFact> {
    const facts = new Map<string, NodeFact>();
    for (const { record } of this.#followed.values()) {
      for (const [id, { phase, outcome, durationMs }] of record?.instances ?? []) {
        const state =
          phase === "running" || phase === "ready" || phase === "waiting" ? "running" : outcome?.state;
        if (state !== undefined && state !== "skipped")
          facts.set(id, { state, durationMs, wallMs: record?.wallMs ?? 0 });
      }
    }
    return facts;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const { close } of this.#followed.values()) close();
  }

  async #follow(run: string, events: AsyncIterable<RunEvent>): Promise<void> {
    for await (const event of events) {
      const followed = this.#followed.get(run);
      if (followed === undefined) return;
      followed.record = reduceRun(followed.record, event);
      if (event.type === "instance.started" || event.type === "instance.finished") this.#changed();
    }
    // What it has left in the history says the same from now on.
    this.#followed.delete(run);
    this.#changed();
  }
}
