import type { CommandDefinition } from "#frontends/cli/command";
import { runOptions } from "./run-options";
import { inForms } from "./in-forms";

export const benchCommands: readonly CommandDefinition[] = [
  {
    name: "bench",
    summary: "Repeat a task and measure it",
    usage: "TASK [ARGS…] [-- EXTRA…]",
    section: "run",
    options: {
      runs: { type: "string", valueHint: "N", format: "positive", description: "Measure so many runs" },
      warmup: {
        type: "string",
        valueHint: "N",
        format: "count",
        description: "So many runs before, which do not count; 1 unless given",
      },
      time: {
        type: "string",
        valueHint: "DURATION",
        format: "duration",
        description: "Measure for about so long; 3s and at least 10 runs unless given",
      },
      against: {
        type: "string",
        valueHint: "TASK",
        description: "Measure this task in turns with it and compare",
        complete: "task",
      },
      baseline: {
        type: "string",
        valueHint: "NAME",
        description: "Compare with what --save has kept, by name or file",
      },
      save: { type: "string", valueHint: "NAME", description: "Keep the measurements under this name" },
      "fail-slower": {
        type: "string",
        valueHint: "PERCENT",
        format: "count",
        description: "Exit with 1 where it is slower by more than this, for sure",
      },
      env: runOptions.env,
      set: runOptions.set,
      csv: { type: "boolean", description: "Short for --format csv" },
      format: inForms("text", "json", "csv"),
    },
    words: "tasks",
    complete: "task",
    examples: [
      "zr bench build",
      "zr bench build --against build-old",
      "zr bench build --save before",
      "zr bench build --baseline before --fail-slower 10",
      "zr bench parse --runs 50 --csv",
    ],
    load: async () => (await import("./bench")).body,
  },
];
