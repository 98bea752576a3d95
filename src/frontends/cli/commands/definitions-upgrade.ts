import type { CommandDefinition } from "#frontends/cli/command";
import { inForms } from "./in-forms";

/** The command that replaces zr itself. */
export const upgradeCommand: CommandDefinition = {
  name: "upgrade",
  summary: "Replace zr by a newer version",
  usage: "[VERSION]",
  section: "configure",
  options: {
    check: { type: "boolean", description: "Only look; exit with 1 where there is a newer version" },
    force: {
      type: "boolean",
      alias: "f",
      description: "Also to an older version, and to the one that is there",
    },
    format: inForms("text", "json"),
  },
  words: "words",
  examples: ["zr upgrade", "zr upgrade --check", "zr upgrade 1.4.0", "zr upgrade 1.3.2 --force"],
  load: async () => (await import("./upgrade")).body,
};
