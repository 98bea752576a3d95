import { CURSOR, LOG_CURSOR, limit, NEXT, READS, RUN, TASK, TOTAL, TRUNCATED } from "./inputs";
import type { Operation } from "./operation";
import { count, flag, listOf, object, text } from "./schema";

const logs = async () => import("./log-bodies");

/** Operations about what has been run, and what it printed. */
export const historyOperations: readonly Operation[] = [
  {
    name: "get_logs",
    title: "Get logs",
    description:
      "What a task printed in a run (without `run`, in its newest): the last lines, and cursors to page through the rest.",
    input: object({ "run?": RUN, "task?": TASK, "limit?": limit(40, 1000), "cursor?": LOG_CURSOR }),
    output: object({
      run: text(),
      "task?": text(),
      "text?": text(),
      "bytes?": count("Of the whole log."),
      "older?": text("Pass as `cursor` for the lines before."),
      "newer?": text("Pass as `cursor` for the lines after."),
      "logs?": listOf(
        object({ task: text(), bytes: count() }),
        "The logs of the run, where no task was named.",
      ),
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await logs()).getLogsBody,
  },
  {
    name: "log_summary",
    title: "Summarize a log",
    description:
      "A whole log in a few lines: its length, errors with file and line, lines that come again and again.",
    input: object({ "run?": RUN, "task?": TASK }),
    output: object({
      run: text(),
      task: text(),
      lines: count(),
      bytes: count(),
      errors: count("Lines that speak of an error."),
      warnings: count(),
      "problems?": listOf(object({ file: text(), line: count(), "column?": count(), message: text() })),
      "repeated?": listOf(object({ count: count(), line: text() })),
      "last?": text(),
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await logs()).logSummaryBody,
  },
  {
    name: "search_logs",
    title: "Search logs",
    description: "Lines of logs with a text, of one run or of the last ten.",
    input: object({
      pattern: text("Text to look for; case does not count."),
      "regex?": flag("It is a regular expression."),
      "run?": RUN,
      "task?": TASK,
      "limit?": limit(20, 200),
    }),
    output: object({
      matches: listOf(object({ run: text(), task: text(), line: count(), text: text() })),
      "more?": flag("There are more."),
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await logs()).searchLogsBody,
  },
  {
    name: "task_history",
    title: "History of a task",
    description: "The last runs of a task, or of everything: when, how long, how they ended.",
    input: object({ "task?": TASK, "limit?": limit(10, 100), "cursor?": CURSOR }),
    output: object({
      runs: listOf(
        object({
          run: text(),
          "task?": text(),
          state: text(),
          durationMs: count(),
          at: text(),
          "what?": text(),
        }),
      ),
      "successRate?": { type: "number" },
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await logs()).taskHistoryBody,
  },
];
