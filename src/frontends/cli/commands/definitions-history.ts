import type { CommandDefinition } from "#frontends/cli/command";
import { inForms } from "./in-forms";

/** How runs and their tasks can have ended. */
const STATUSES = [
  "success",
  "failed",
  "timed_out",
  "interrupted",
  "cached",
  "skipped",
  "canceled",
  "blocked",
];

/** Commands about what has been run. */
export const historyCommands: readonly CommandDefinition[] = [
  {
    name: "history",
    summary: "Past runs",
    usage: "[RUN]",
    section: "look",
    options: {
      task: { type: "string", valueHint: "TASK", description: "Only runs of this task", complete: "task" },
      status: {
        type: "enum",
        options: STATUSES,
        description: "Only runs that ended so; with --task, runs in which the task did",
      },
      since: {
        type: "string",
        valueHint: "DUR|DATE",
        description: "Only runs of the last 2d, or since 2026-11-21",
      },
      label: {
        type: "string",
        valueHint: "KEY[=VAL]",
        description: "Only runs with this label",
        repeatable: true,
      },
      flaky: { type: "boolean", description: "Tasks that end well and badly for no reason that is seen" },
      limit: {
        type: "string",
        valueHint: "N",
        format: "positive",
        description: "At most so many",
        default: "20",
      },
      format: inForms("text", "json"),
    },
    words: "words",
    numberWords: true,
    examples: [
      "zr history",
      "zr history last",
      "zr history --task test --status failed --since 7d",
      "zr history --label release --json",
      "zr history --flaky",
    ],
    load: async () => (await import("./history")).body,
  },
  {
    name: "logs",
    summary: "What a past run printed",
    usage: "[RUN] [TASK…]",
    section: "look",
    options: {},
    words: "words",
    numberWords: true,
    examples: ["zr logs", "zr logs test", "zr logs -2 app:test", "zr logs 20261121-0930 build | less -R"],
    load: async () => (await import("./logs")).body,
  },
  {
    name: "rerun",
    summary: "Repeat a past run",
    usage: "[RUN]",
    section: "run",
    options: {
      failed: { type: "boolean", description: "Only what failed, and what needs it" },
    },
    words: "words",
    numberWords: true,
    examples: ["zr rerun", "zr rerun --failed", "zr rerun -3"],
    load: async () => (await import("./rerun")).body,
  },
  {
    name: "estimate",
    summary: "How long tasks will take",
    usage: "TASK… [ARGS…]",
    section: "look",
    options: { format: inForms("text", "json") },
    words: "tasks",
    complete: "task",
    examples: ["zr estimate test", "zr estimate build test -j 8 --json"],
    load: async () => (await import("./estimate")).body,
  },
];
