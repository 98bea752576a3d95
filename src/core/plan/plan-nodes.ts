import type { TaskEntry } from "#core/config/config";
import { instanceId } from "#core/model/ids";
import type { InstanceId } from "#core/model/ids";
import type { Reason } from "#core/model/reason";
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
  /** Where a zone's instances look for what they need before they look in the main part. */
  readonly #outer = new Map<Zone, Zone>();
  #taken = 0;

  /** An instance of this identity: that of the zone, or else, where it need not be the zone's own, of those around it. */
  find(identity: string, zone: Zone, { isOwn }: { readonly isOwn: boolean }): PlanNode | undefined {
    const own = this.#nodes.get(zoned(identity, zone));
    if (own !== undefined || isOwn) return own;
    const outer = this.#outer.get(zone);
    return outer === undefined ? this.#nodes.get(identity) : this.find(identity, outer, { isOwn });
  }

  /**
   * Where what handles the end of an instance of a held zone belongs: to that zone, where it is shared with what else it
   * handles the end of. What the zone has of this identity because something needs it is another instance: it runs
   * before, and the end of a server would never come. So is one that the instance itself waits for.
   */
  handlerZone(identity: string, owner: PlanNode): Zone {
    for (let zone = owner.zone; ;) {
      const known = this.#nodes.get(zoned(identity, zone));
      if (known === undefined || (HANDLES.has(known.reason.kind) && !this.#leadsTo(owner, known)))
        return zone;
      const inner: Zone = `after:\0${zone}`;
      this.#outer.set(inner, zone);
      zone = inner;
    }
  }

  /** Whether an instance waits for another one, directly or by way of others. */
  #leadsTo(from: PlanNode, to: PlanNode): boolean {
    const seen = new Set<PlanNode>([from]);
    for (const node of seen) {
      if (node === to) return true;
      for (const { on } of node.edges) {
        const next = this.#byId.get(on);
        if (next !== undefined) seen.add(next);
      }
    }
    return false;
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

const HANDLES: ReadonlySet<Reason["kind"]> = new Set(["finally", "on-success", "on-failure"]);

const zoned = (identity: string, zone: Zone): string => (zone === "main" ? identity : `${zone}\0${identity}`);
