import type { CommandDefinition } from "#frontends/cli/command";
import { inForms } from "./in-forms";

/** What the history says about runs and tasks all together. */
export const analyticsCommands: readonly CommandDefinition[] = [
  {
    name: "analytics",
    summary: "Statistics of past runs, as a page",
    usage: "",
    section: "look",
    options: {
      task: { type: "string", valueHint: "TASK", description: "Only this task", complete: "task" },
      since: {
        type: "string",
        valueHint: "DUR|DATE",
        description: "Only runs of the last 2d, or since 2026-11-21",
      },
      limit: {
        type: "string",
        valueHint: "N",
        format: "positive",
        description: "The newest so many runs",
        default: "500",
      },
      out: {
        type: "string",
        alias: "o",
        valueHint: "FILE",
        description: "Write to a file and open nothing",
        complete: "file",
      },
      open: {
        type: "boolean",
        description: "Show it in the browser; so it is on a terminal, unless --no-open",
      },
      format: inForms("html", "json"),
    },
    words: "none",
    examples: ["zr analytics", "zr analytics --since 7d -o report.html", "zr analytics --json | jq .totals"],
    load: async () => (await import("./analytics")).body,
  },
];
