import type { TaskEntry } from "#core/config/config";
import { instanceId } from "#core/model/ids";
import type { InstanceId } from "#core/model/ids";
import { zonedName } from "./node";
import type { PlanNode, Zone } from "./node";

/**
 * The instances that a plan in the making has so far. What they are found by is their identity: the task with its package,
 * its combination, and what it was given.
 */
export class PlanNodes {
  /** By identity and zone. */
  readonly #nodes = new Map<string, PlanNode>();
  readonly #byId = new Map<InstanceId, PlanNode>();
  /** The instances of tasks without a matrix, parameters or given variables: one a task. */
  readonly #plain = new Map<TaskEntry, PlanNode>();
  /** How many instances of a task with the same matrix combination there are, for numbering their ids. */
  readonly #uses = new Map<string, number>();
  #taken = 0;

  /** An instance of this identity: that of the zone, or else, where it need not be the zone's own, that of the main part. */
  find(identity: string, zone: Zone, { isOwn }: { readonly isOwn: boolean }): PlanNode | undefined {
    return this.#nodes.get(zoned(identity, zone)) ?? (isOwn ? undefined : this.#nodes.get(identity));
  }

  /** Adds an instance, which gets an id: its name and, where others have that already, a number. */
  add(identity: string, name: string, parts: Omit<PlanNode, "id">): PlanNode {
    const node: PlanNode = { id: this.#freshId(name, parts.zone), ...parts };
    const { pkg, task, zone } = node;
    const key = zoned(identity, zone);
    const plainName = pkg.prefix === "" ? task.entry.name : `${pkg.prefix}:${task.entry.name}`;
    this.#nodes.set(key, node);
    if (key === plainName) this.#plain.set(task.entry, node);
    this.#byId.set(node.id, node);
    return node;
  }

  get(id: InstanceId): PlanNode | undefined {
    return this.#byId.get(id);
  }

  /** The instance of a task that is in the main part under its name alone. */
  plain(entry: TaskEntry): PlanNode | undefined {
    return this.#plain.get(entry);
  }

  /** In the order in which they came in. */
  all(): readonly PlanNode[] {
    return [...this.#nodes.values()];
  }

  byTask(): ReadonlyMap<TaskEntry, readonly PlanNode[]> {
    return Map.groupBy(this.#nodes.values(), ({ task }) => task.entry);
  }

  /** Those that have come in since this was last asked. */
  takeNew(): readonly InstanceId[] {
    const ids = [...this.#byId.keys()].slice(this.#taken);
    this.#taken = this.#byId.size;
    return ids;
  }

  #freshId(name: string, zone: Zone): InstanceId {
    const named = zonedName(name, zone);
    const used = (this.#uses.get(named) ?? 0) + 1;
    this.#uses.set(named, used);
    return instanceId(used === 1 ? named : `${named}#${used}`);
  }
}

const zoned = (identity: string, zone: Zone): string => (zone === "main" ? identity : `${zone}\0${identity}`);
