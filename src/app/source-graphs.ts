import type { SourceTool } from "#core/migrate/conversion";
import { isTable, listAt, tableAt, textAt, valueAt } from "#base/value-at";

/** For each task, as `package:task` or alone for the root's, the tasks that it waits for itself. */
export type TaskGraph = ReadonlyMap<string, readonly string[]>;

/** How a tool that plans whole repositories is asked what waits for what. */
export interface SourceGraph {
  readonly program: string;
  /** @param tasks names of tasks, each once. */
  readonly argv: (tasks: readonly string[]) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The graph in what it printed; undefined where it printed something else. */
  readonly read: (printed: unknown) => TaskGraph | undefined;
}

export const sourceGraphs: Readonly<Partial<Record<SourceTool, SourceGraph>>> = {
  turbo: {
    program: "turbo",
    argv: (tasks) => ["turbo", "run", ...tasks, "--dry=json"],
    env: { TURBO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
    read: (printed) => {
      const tasks = listAt(printed, "tasks");
      const id = (text: string): string => text.replace(/^\/\/#/, "").replace("#", ":");
      const all = new Map(
        tasks.map((task) => [
          textAt(task, "taskId") ?? "",
          {
            deps: texts(valueAt(task, "dependencies")),
            isThere: textAt(task, "command") !== "<NONEXISTENT>",
          },
        ]),
      );
      // What has no script only passes on what it waits for.
      const passed = (name: string, seen: ReadonlySet<string>): readonly string[] =>
        (all.get(name)?.deps ?? []).flatMap((dep) => {
          if (seen.has(dep)) return [];
          return all.get(dep)?.isThere === false ? passed(dep, new Set([...seen, dep])) : [id(dep)];
        });
      const there = [...all].filter(([, { isThere }]) => isThere);
      return tasks.length === 0
        ? undefined
        : new Map(there.map(([name]) => [id(name), passed(name, new Set([name]))]));
    },
  },
  nx: {
    program: "nx",
    argv: (tasks) => ["nx", "run-many", "-t", ...tasks, "--graph=stdout"],
    env: { NX_DAEMON: "false", NX_NO_CLOUD: "true", NO_COLOR: "1" },
    read: (printed) => {
      const dependencies = valueAt(printed, "tasks", "dependencies");
      if (!isTable(dependencies)) return undefined;
      const id = (one: unknown): readonly string[] => {
        const text = typeof one === "string" ? one : textAt(one, "id");
        return text === undefined ? [] : [text];
      };
      return new Map(
        Object.entries(dependencies).map(([name, deps]) => [
          name,
          Array.isArray(deps) ? deps.flatMap(id) : [],
        ]),
      );
    },
  },
  moon: {
    program: "moon",
    argv: () => ["moon", "task-graph", "--json"],
    env: { NO_COLOR: "1", MOON_TOOLCHAIN_FORCE_GLOBALS: "true" },
    read: (printed) => {
      // Version 1 has the tasks themselves for nodes.
      const data = isTable(valueAt(printed, "data"))
        ? tableAt(printed, "data")
        : Object.fromEntries(listAt(printed, "graph", "nodes").entries());
      const name = (index: unknown): string => textAt(data, String(index), "target") ?? "";
      const graph = new Map<string, string[]>(Object.keys(data).map((index) => [name(index), []]));
      for (const edge of listAt(printed, "graph", "edges"))
        if (Array.isArray(edge)) graph.get(name(edge[0]))?.push(name(edge[1]));
      return graph.size === 0 ? undefined : graph;
    },
  },
};

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
