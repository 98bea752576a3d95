import type { ResourceUse } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import { instanceId } from "#core/model/ids";
import { monotonicMs } from "#system/clock/clock";
import { makeTreeSampler, shortestPauseMs } from "#system/process/tree-sampler";
import type { TreeSampler, TreeUse } from "#system/process/tree-use";
import type { ResourcesTaken, RunningCommand } from "./resource-types";

/** How often a run is looked at for the sake of showing it. */
const SAMPLE_MS = 500;

export interface ResourceSample {
  readonly total: ResourceUse;
  readonly instances: readonly ({ readonly id: InstanceId } & ResourceUse)[];
}

export interface MemoryLimit {
  readonly bytes: number;
  /** Called once, with what the tree had and the processes in it. */
  readonly exceeded: (peakBytes: number, pids: readonly number[]) => void;
}

interface Seen {
  cpuMs: number;
  at: number;
  cpuPercent: number;
  use: TreeUse;
  peakBytes: number;
}

/** Looks at all processes of a run: as often as a memory limit needs it while there is one, else as often as somebody listens. */
export class ResourceWatch {
  readonly #sampler: TreeSampler;
  readonly #running: ReadonlyMap<number, RunningCommand>;
  readonly #limits = new Map<InstanceId, MemoryLimit>();
  readonly #listeners = new Set<(sample: ResourceSample) => void>();
  readonly #seen = new Map<InstanceId, Seen>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer is up. */
  #dueAt = Number.POSITIVE_INFINITY;
  #lastTold = 0;
  #isLooking = false;
  #isClosed = false;

  private constructor(sampler: TreeSampler, running: ReadonlyMap<number, RunningCommand>) {
    this.#sampler = sampler;
    this.#running = running;
  }

  static async make(run: RunId, running: ReadonlyMap<number, RunningCommand>): Promise<ResourceWatch> {
    return new ResourceWatch(await makeTreeSampler({ variable: "ZR_INSTANCE_KEY", run }), running);
  }

  /** Holds an instance to a limit until the result is called. */
  limit(id: InstanceId, limit: MemoryLimit): () => void {
    this.#limits.set(id, limit);
    this.#schedule(0);
    return () => {
      if (this.#limits.get(id) === limit) this.#limits.delete(id);
    };
  }

  /** Tells of everything that runs, every half second, until the result is called. */
  listen(listener: (sample: ResourceSample) => void): () => void {
    this.#listeners.add(listener);
    this.#lastTold = monotonicMs();
    this.#schedule(SAMPLE_MS);
    return () => void this.#listeners.delete(listener);
  }

  /** The most that the instance was seen to have, and what it has read and written; forgotten by this. */
  taken(id: InstanceId): ResourcesTaken | undefined {
    const seen = this.#seen.get(id);
    this.#seen.delete(id);
    if (seen === undefined) return undefined;
    const { readBytes, writtenBytes } = seen.use;
    return { peakMemoryBytes: seen.peakBytes, readBytes, writtenBytes };
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed || this.#isLooking) return;
    if (this.#limits.size === 0 && this.#listeners.size === 0) return;
    const dueAt = monotonicMs() + delayMs;
    if (this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => void this.#look(), delayMs);
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    this.#dueAt = Number.POSITIVE_INFINITY;
    const leaders = new Map<number, string>();
    for (const [pid, { id }] of this.#running) leaders.set(pid, id);
    const trees = await this.#sampler.sample(leaders);
    this.#isLooking = false;
    const now = monotonicMs();
    for (const [key, use] of trees) this.#note(instanceId(key), use, now);
    for (const [id, limit] of this.#limits) this.#check(id, limit, trees.get(id));
    if (now - this.#lastTold >= SAMPLE_MS * 0.9) this.#tell(trees, now);
    this.#schedule(this.#limits.size > 0 ? shortestPauseMs() : SAMPLE_MS);
  }

  #check(id: InstanceId, limit: MemoryLimit, use: TreeUse | undefined): void {
    if (use === undefined || use.memoryBytes <= limit.bytes) return;
    // What processes share was counted for each: before anything is killed it is counted once.
    const exact = this.#sampler.exactMemory(use.pids) ?? use.memoryBytes;
    const seen = this.#seen.get(id);
    if (seen !== undefined) seen.peakBytes = Math.max(seen.peakBytes, exact);
    if (exact <= limit.bytes) return;
    this.#limits.delete(id);
    limit.exceeded(exact, use.pids);
  }

  #note(id: InstanceId, use: TreeUse, now: number): void {
    const seen = this.#seen.get(id);
    const limit = this.#limits.get(id)?.bytes ?? Number.POSITIVE_INFINITY;
    const peak = use.memoryBytes > limit ? 0 : use.memoryBytes;
    if (seen === undefined) {
      const started = this.#startOf(id) ?? now;
      const cpuPercent = percent(use.cpuMs, now - started);
      this.#seen.set(id, { cpuMs: use.cpuMs, at: now, cpuPercent, use, peakBytes: peak });
      return;
    }
    seen.use = use;
    seen.peakBytes = Math.max(seen.peakBytes, peak);
    // Ticks are coarse: shares are told over a length of time that has some.
    if (now - seen.at < SAMPLE_MS * 0.9) return;
    seen.cpuPercent = percent(use.cpuMs - seen.cpuMs, now - seen.at);
    seen.cpuMs = use.cpuMs;
    seen.at = now;
  }

  #startOf(id: InstanceId): number | undefined {
    for (const command of this.#running.values()) if (command.id === id) return command.startedAt;
    return undefined;
  }

  #tell(trees: ReadonlyMap<string, TreeUse>, now: number): void {
    this.#lastTold = now;
    const total = { cpuPercent: 0, memoryBytes: 0, readBytes: 0, writtenBytes: 0 };
    const instances: ResourceSample["instances"][number][] = [];
    for (const [key, { memoryBytes, readBytes, writtenBytes }] of trees) {
      const id = instanceId(key);
      const cpuPercent = this.#seen.get(id)?.cpuPercent ?? 0;
      instances.push({ id, cpuPercent, memoryBytes, readBytes, writtenBytes });
      total.cpuPercent += cpuPercent;
      total.memoryBytes += memoryBytes;
      total.readBytes += readBytes;
      total.writtenBytes += writtenBytes;
    }
    total.cpuPercent = Math.round(total.cpuPercent * 10) / 10;
    for (const listener of this.#listeners) listener({ total, instances });
  }
}

/** One digit after the point; never below zero, as where a process took its children's time with it. */
const percent = (cpuMs: number, overMs: number): number =>
  overMs <= 0 ? 0 : Math.max(0, Math.round((cpuMs / overMs) * 1000) / 10);
