import type { TaskTable } from "#core/config/schema/sections";
import type { Conversion, ConvertedFile, ConvertedTask, ReportItem } from "./conversion";

type Entry = NonNullable<TaskTable["deps_serial"]>[number];

/** So often lists are put in order before the order of those that still contradict each other is given up. */
const MAX_ROUNDS = 4;

/**
 * The conversion without lists of `deps_serial` that no plan could keep to. Other tools run what a list names from left
 * to right, but what one entry needs comes before it, and what ran already does not run again: `a: b c` where b needs c
 * runs c, then b. A list is written in the order in which it would run. Where two lists of one run still want opposite
 * orders, the second one gives way, which the report says.
 */
export function withConsistentOrders(conversion: Conversion): Conversion {
  const report: ReportItem[] = [...conversion.report];
  const files = conversion.files.map((file) => {
    const orders = new Orders(file.tasks);
    const changed = orders.settle();
    if (changed.size === 0) return file;
    for (const { name, place, severity } of changed.values())
      if (severity !== undefined)
        report.push({
          file: place?.file ?? conversion.sources[0] ?? file.path,
          line: place?.line ?? 1,
          severity: "approximated",
          what: name,
          why:
            severity === "dropped"
              ? "what it needs may run side by side, as other tasks of the same run ask for another order"
              : "what it needs runs in another order, which other tasks of the same run ask for",
        });
    return { ...file, tasks: file.tasks.map((task) => orders.written(task)) } satisfies ConvertedFile;
  });
  return { ...conversion, files, report };
}

interface Change {
  readonly name: string;
  readonly place: ConvertedTask["place"];
  /** Undefined where the other tool runs it in just that order. */
  readonly severity: "moved" | "dropped" | undefined;
}

class Orders {
  readonly #tasks: readonly ConvertedTask[];
  /** The lists as they are to be, by the name of the task. */
  readonly #lists = new Map<string, readonly Entry[]>();
  readonly #needs = new Map<string, readonly string[]>();
  readonly #changed = new Map<string, Change>();
  readonly #dropped = new Set<string>();

  constructor(tasks: readonly ConvertedTask[]) {
    this.#tasks = tasks;
    for (const { name, table } of tasks) {
      this.#needs.set(name, [...(table.deps ?? []), ...(table.deps_serial ?? [])].map(nameOf));
      if (table.deps_serial !== undefined) this.#lists.set(name, table.deps_serial);
    }
  }

  /** Puts all lists in order; returns those that are not as they were. */
  settle(): ReadonlyMap<string, Change> {
    if (this.#lists.size === 0) return this.#changed;
    for (const task of this.#tasks) {
      const list = this.#lists.get(task.name);
      if (list === undefined) continue;
      const sorted = arranged(list, (name) => this.#needs.get(name) ?? []);
      if (!isSame(list, sorted)) this.#change(task, sorted, undefined);
    }
    for (let round = 0; this.#settleRuns(round >= MAX_ROUNDS); round += 1)
      if (round > MAX_ROUNDS + this.#lists.size) break;
    return this.#changed;
  }

  written(task: ConvertedTask): ConvertedTask {
    if (!this.#changed.has(task.name)) return task;
    const { deps_serial: _, ...table } = task.table;
    const list = this.#lists.get(task.name) ?? [];
    if (!this.#dropped.has(task.name)) return { ...task, table: { ...table, deps_serial: list } };
    return { ...task, table: { ...table, deps: [...(table.deps ?? []), ...list] } };
  }

  /** Looks at what each task brings with it; true where a list had to change. */
  #settleRuns(gives: boolean): boolean {
    for (const { name } of this.#tasks) {
      const found = this.#contradictionIn(name);
      if (found === undefined) continue;
      const { task, waits } = found;
      const list = this.#lists.get(task.name) ?? [];
      if (gives) this.#dropped.add(task.name);
      this.#change(
        task,
        gives ? list : arranged(list, (one) => waits.get(one) ?? []),
        gives ? "dropped" : "moved",
      );
      return true;
    }
    return false;
  }

  #change({ name, place }: ConvertedTask, list: readonly Entry[], severity: Change["severity"]): void {
    this.#lists.set(name, list);
    this.#changed.set(name, { name, place, severity: severity ?? this.#changed.get(name)?.severity });
  }

  /** The first list, in the order of the file, that contradicts those before it in the run of one task. */
  #contradictionIn(
    root: string,
  ): { readonly task: ConvertedTask; readonly waits: ReadonlyMap<string, readonly string[]> } | undefined {
    const run = reachable([root], (name) => this.#needs.get(name) ?? []);
    const lists = this.#tasks.filter(
      ({ name }) => run.has(name) && this.#lists.has(name) && !this.#dropped.has(name),
    );
    if (lists.length < 2) return undefined;
    const waits = new Map<string, readonly string[]>(
      [...run].map((name) => [name, this.#needs.get(name) ?? []]),
    );
    for (const task of lists) {
      const names = (this.#lists.get(task.name) ?? []).map(nameOf);
      const before = new Map(waits);
      for (const [index, name] of names.entries())
        waits.set(name, [
          ...(waits.get(name) ?? []),
          ...names.slice(0, index).filter((other) => other !== name),
        ]);
      const isCircular = names.some((name) =>
        reachable(waits.get(name) ?? [], (one) => waits.get(one) ?? []).has(name),
      );
      if (isCircular) return { task, waits: before };
    }
    return undefined;
  }
}

const nameOf = (entry: Entry): string => (typeof entry === "string" ? entry : (entry.task ?? ""));

const isSame = (a: readonly Entry[], b: readonly Entry[]): boolean =>
  a.every((entry, index) => entry === b[index]);

/** What is reached from some names, those included. */
function reachable(from: readonly string[], next: (name: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set(from);
  for (const name of found) for (const other of next(name)) found.add(other);
  return found;
}

/** The entries with each behind those that it waits for, else as they were. */
function arranged(list: readonly Entry[], waitsOf: (name: string) => readonly string[]): readonly Entry[] {
  const result: Entry[] = [];
  const seen = new Set<Entry>();
  const place = (entry: Entry): void => {
    if (seen.has(entry)) return;
    seen.add(entry);
    const needed = reachable(waitsOf(nameOf(entry)), waitsOf);
    for (const other of list) if (nameOf(other) !== nameOf(entry) && needed.has(nameOf(other))) place(other);
    result.push(entry);
  };
  for (const entry of list) place(entry);
  return result;
}
