import type { CommandDefinition } from "#frontends/cli/command";
import { inForms } from "./in-forms";

const setup: CommandDefinition = {
  name: "setup",
  summary: "Make a fresh clone ready: tools, dependencies, .env, services",
  usage: "[STEP…]",
  section: "configure",
  options: {
    check: { type: "boolean", description: "Do nothing; exit with 1 where something is to be done" },
    force: { type: "boolean", alias: "f", description: "Do again what was done before" },
    format: inForms("text", "json"),
  },
  words: "words",
  examples: ["zr setup", "zr setup deps env", "zr setup --check", "zr setup --dry-run --json"],
  load: async () => (await import("./setup")).body,
};

const doctor: CommandDefinition = {
  name: "doctor",
  summary: "What is wrong with this machine and working copy, and how to mend it",
  usage: "[CHECK…]",
  section: "configure",
  options: {
    fix: { type: "boolean", description: "Mend what can be mended without asking" },
    format: inForms("text", "json"),
  },
  words: "words",
  examples: ["zr doctor", "zr doctor --fix", "zr doctor tools env", "zr doctor --json"],
  load: async () => (await import("./doctor")).body,
};

/** Commands that get a working copy and its machine into order. */
export const onboardCommands: readonly CommandDefinition[] = [setup, doctor];
