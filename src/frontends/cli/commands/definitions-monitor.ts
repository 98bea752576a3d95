import type { CommandDefinition } from "#frontends/cli/command";
import { inForms } from "./in-forms";

/** Commands about runs in progress. */
export const monitorCommands: readonly CommandDefinition[] = [
  {
    name: "monitor",
    summary: "Follow a run in progress",
    usage: "[RUN]",
    section: "look",
    options: {
      list: { type: "boolean", alias: "l", description: "List the runs in progress" },
      format: inForms("text", "json"),
    },
    words: "words",
    numberWords: true,
    examples: ["zr monitor", "zr monitor --list", "zr monitor 20261121", "zr monitor --json"],
    load: async () => (await import("./monitor")).body,
  },
];
