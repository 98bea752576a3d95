import type { Instance, Plan } from "#core/model/plan";

/** What limits how much of a run goes on at once. */
export interface AdmissionLimits {
  /** Worker slots. */
  readonly jobs: number;
  /** Slots of the named groups; 1 for one that is not there. */
  readonly groups: Plan["groups"];
  /** What the running instances may reserve together; without it memory limits nothing. */
  readonly totalMemoryBytes?: number;
}

/** Counts what the running instances take, and tells whether one more fits. Servers take no worker slot. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #groupUse = new Map<string, number>();
  readonly #taskUse = new Map<string, number>();
  #slotsUsed = 0;
  /** What the running instances were seen to have; what they reserve counts where it is more. */
  readonly #observed = new Map<Instance, number>();
  #memoryUsed = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Whether nothing but servers can be started. */
  get isFull(): boolean {
    return this.#slotsUsed >= this.#limits.jobs;
  }

  fits(instance: Instance): boolean {
    const { limits, persistent, task } = instance;
    if (!persistent && this.#slotsUsed + limits.weight > this.#limits.jobs) return false;
    if (limits.maxConcurrent !== undefined && (this.#taskUse.get(task) ?? 0) >= limits.maxConcurrent)
      return false;
    return limits.groups.every(
      (group) => (this.#groupUse.get(group) ?? 0) < (this.#limits.groups[group] ?? 1),
    );
  }

  /** Whether what it reserves is left. Nothing reserved is always left, unless more than all is taken. */
  hasMemoryFor({ limits }: Instance): boolean {
    const { totalMemoryBytes } = this.#limits;
    return totalMemoryBytes === undefined || this.#memoryUsed + (limits.memoryBytes ?? 0) <= totalMemoryBytes;
  }

  take(instance: Instance): void {
    this.#count(instance, 1);
    this.#memoryUsed += instance.limits.memoryBytes ?? 0;
  }

  give(instance: Instance): void {
    this.#count(instance, -1);
    this.#memoryUsed -= this.#memoryOf(instance);
    this.#observed.delete(instance);
  }

  /** What a running instance has of memory at this moment. */
  observe(instance: Instance, memoryBytes: number): void {
    this.#memoryUsed -= this.#memoryOf(instance);
    this.#observed.set(instance, memoryBytes);
    this.#memoryUsed += this.#memoryOf(instance);
  }

  #memoryOf(instance: Instance): number {
    return Math.max(instance.limits.memoryBytes ?? 0, this.#observed.get(instance) ?? 0);
  }

  #count({ limits, persistent, task }: Instance, change: 1 | -1): void {
    if (!persistent) this.#slotsUsed += change * limits.weight;
    if (limits.maxConcurrent !== undefined) this.#taskUse.set(task, (this.#taskUse.get(task) ?? 0) + change);
    for (const group of limits.groups) this.#groupUse.set(group, (this.#groupUse.get(group) ?? 0) + change);
  }
}
