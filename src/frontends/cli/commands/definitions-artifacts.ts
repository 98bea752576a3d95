import type { CommandDefinition } from "#frontends/cli/command";
import { inForms } from "./in-forms";

const artifacts: CommandDefinition = {
  name: "artifacts",
  summary: "Files that runs have kept",
  usage: "[list | get RUN [TASK] [PATH…] | clean]",
  section: "look",
  options: {
    task: { type: "string", valueHint: "TASK", description: "Only those of this task", complete: "task" },
    run: { type: "string", valueHint: "RUN", description: "Only those of this run, or of the last" },
    out: {
      type: "string",
      alias: "o",
      valueHint: "DIR",
      description: "With get: put them there",
      complete: "folder",
    },
    force: { type: "boolean", alias: "f", description: "With get: replace files that are there" },
    "older-than": {
      type: "string",
      valueHint: "DUR",
      format: "duration",
      description: "With clean: only those that are older",
    },
    all: { type: "boolean", alias: "a", description: "With clean: everything" },
    format: inForms("text", "json"),
  },
  words: "words",
  examples: [
    "zr artifacts",
    "zr artifacts list --task build --json",
    "zr artifacts get last build -o out",
    "zr artifacts clean --older-than 7d",
  ],
  load: async () => (await import("./artifacts")).body,
};

const secrets: CommandDefinition = {
  name: "secrets",
  summary: "Declared secrets, and whether they are set",
  usage: "",
  section: "look",
  options: {
    check: { type: "boolean", description: "Exit with 1 where one is missing" },
    format: inForms("text", "json"),
  },
  words: "none",
  examples: ["zr secrets", "zr secrets --check", "zr secrets --json"],
  load: async () => (await import("./secrets")).body,
};

/** Commands about what runs keep and what they need to be kept secret. */
export const artifactCommands: readonly CommandDefinition[] = [artifacts, secrets];
