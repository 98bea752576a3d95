import type { Diagnostic, Place } from "#base/diagnostic";
import { topologicalOrder } from "#base/digraph";
import type { TaskEntry } from "#core/config/config";
import type { ResolvedTask } from "#core/config/resolve-task";
import { parseReference, resolveReference } from "./references";
import { linkPlace, taskLinks } from "./task-links";
import type { Package, Workspace } from "./workspace";

/** All tasks of the workspace as one graph, whoever asks for what. */
export class TaskGraph {
  readonly #workspace: Workspace;
  readonly #numbers = new Map<TaskEntry, number>();
  readonly #tasks: { readonly pkg: Package; readonly task: ResolvedTask }[] = [];
  readonly #needs: number[][] = [];

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The number of a task. */
  add(pkg: Package, task: ResolvedTask): number {
    const known = this.#numbers.get(task.entry);
    if (known !== undefined) return known;
    const number = this.#tasks.length;
    this.#numbers.set(task.entry, number);
    this.#tasks.push({ pkg, task });
    this.#needs.push([]);
    return number;
  }

  connect(from: number, to: number): void {
    this.#needs[from]?.push(to);
  }

  /** One diagnostic for each circle: break it at its first edge and look again. */
  circles(): Diagnostic[] {
    const found: Diagnostic[] = [];
    if (this.#tasks.length === 0) return found;
    for (let sorted = topologicalOrder(this.#needs); !sorted.ok; sorted = topologicalOrder(this.#needs)) {
      found.push(this.#describe(sorted.cycle));
      const [first = 0, second = first] = sorted.cycle;
      this.#needs[first] = (this.#needs[first] ?? []).filter((need) => need !== second);
      if (found.length === 20) break;
    }
    return found;
  }

  #describe(cycle: readonly number[]): Diagnostic {
    const name = (node: number): string => this.#label(node);
    const steps = cycle.flatMap((node, index) => {
      const next = cycle[(index + 1) % cycle.length] ?? node;
      const place = this.#placeOf(node, next);
      return place === undefined ? [] : [{ place, message: `${name(node)} → ${name(next)}` }];
    });
    const [first, ...others] = steps;
    return {
      code: "E131",
      severity: "error",
      data: {
        cycle: [...cycle, cycle[0] ?? 0].map(name).join(" → "),
        edge: [cycle[0] ?? 0, cycle[1] ?? cycle[0] ?? 0].map(name).join(" → "),
      },
      ...(first === undefined ? {} : { place: first.place }),
      related: others,
    };
  }

  #label(node: number): string {
    const { pkg, task } = this.#tasks[node] ?? {};
    return pkg === undefined || pkg.prefix === ""
      ? (task?.entry.name ?? "")
      : `${pkg.prefix}:${task?.entry.name}`;
  }

  /** The key by which one task asks for another. */
  #placeOf(node: number, next: number): Place | undefined {
    const { pkg, task } = this.#tasks[node] ?? {};
    if (pkg === undefined || task === undefined) return undefined;
    const { namespace } = task.entry;
    const origin = { pkg, ...(namespace === undefined ? {} : { namespace }) };
    const wanted = this.#tasks[next]?.task.entry;
    const link = taskLinks(task.table).find((candidate) =>
      resolveReference(this.#workspace, origin, parseReference(candidate.name).name).some(
        (target) => target.entry === wanted,
      ),
    );
    return link === undefined ? undefined : linkPlace(task.sources, link);
  }
}
