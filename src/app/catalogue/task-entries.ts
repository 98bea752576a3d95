import { ARGS, CURSOR, limit, NEXT, PACKAGE, PARAMS, READS, TASK, TOTAL, TRUNCATED, VERBOSE } from "./inputs";
import type { Operation } from "./operation";
import { count, flag, listOf, mapOf, object, text } from "./schema";

const tasks = async () => import("./task-bodies");
const plans = async () => import("./plan-bodies");

/** Operations about what could be run. */
export const taskOperations: readonly Operation[] = [
  {
    name: "list_tasks",
    title: "List tasks",
    description:
      "Tasks and workflows that can be run, with descriptions and parameters (`name!` is required). Start here.",
    input: object({
      "match?": text("Glob or part of a name."),
      "package?": PACKAGE,
      "tag?": text("Only tasks with this tag."),
      "verbose?": VERBOSE,
      "limit?": limit(50, 500),
      "cursor?": CURSOR,
    }),
    output: object({
      tasks: listOf(
        object({
          name: text(),
          "description?": text(),
          "params?": listOf(text()),
          "deps?": listOf(text()),
          "tags?": listOf(text()),
          "file?": text(),
        }),
      ),
      "workflows?": listOf(
        object({
          name: text(),
          "description?": text(),
          "stages?": listOf(text()),
          "inputs?": listOf(text()),
        }),
      ),
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await tasks()).listTasksBody,
  },
  {
    name: "show_task",
    title: "Show a task",
    description:
      "A task's settings, where it is defined, what it needs and what needs it, and how its last runs ended.",
    input: object({ task: TASK }),
    output: object({
      tasks: listOf(
        object({
          name: text(),
          "description?": text(),
          file: text(),
          line: count(),
          settings: mapOf(true),
          "needs?": listOf(text()),
          "neededBy?": listOf(text()),
          "lastRuns?": listOf(object({ run: text(), state: text(), durationMs: count() })),
        }),
      ),
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await tasks()).showTaskBody,
  },
  {
    name: "explain_task",
    title: "Explain a task",
    description:
      "What running a task would do now: every task of the plan in order, why it is there, whether it would run, and what the cache says. Runs nothing.",
    input: object({
      task: TASK,
      "args?": ARGS,
      "params?": PARAMS,
      "verbose?": VERBOSE,
      "limit?": limit(50, 500),
      "cursor?": CURSOR,
    }),
    output: object({
      plan: listOf(
        object({
          task: text(),
          would: text(),
          why: text(),
          "command?": text(),
          "after?": listOf(text()),
          "cache?": text(),
          "key?": text(),
        }),
      ),
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await plans()).explainTaskBody,
  },
  {
    name: "show_graph",
    title: "Show the graph",
    description: "What needs what: of all tasks, of the plan of one task, or of packages.",
    input: object({
      "task?": TASK,
      "packages?": flag("The graph of packages."),
      "limit?": limit(100, 1000),
      "cursor?": CURSOR,
    }),
    output: object({
      needs: mapOf(listOf(text()), "Each node with what it needs."),
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await plans()).showGraphBody,
  },
  {
    name: "estimate_duration",
    title: "Estimate the duration",
    description:
      "How long tasks will take, by their past runs; milliseconds, usual and slow (9 of 10 are faster).",
    input: object({ task: TASK, "args?": ARGS, "params?": PARAMS, "verbose?": VERBOSE }),
    output: object({
      "usualMs?": count(),
      "slowMs?": count(),
      "criticalPath?": listOf(text()),
      "unknown?": listOf(text(), "Tasks without a past."),
      "tasks?": listOf(
        object({
          task: text(),
          runs: count(),
          "usualMs?": count(),
          "slowMs?": count(),
          "successRate?": { type: "number" },
        }),
      ),
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await plans()).estimateDurationBody,
  },
];
