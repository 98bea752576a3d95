import type { CommandDefinition, OptionDefinition, OptionDefinitions } from "#frontends/cli/command";
import { HANDED_ON } from "./workspace-options";

/** `zr workspace`, given the options of `zr run`. */
export function workspaceCommand(
  run: Readonly<Record<(typeof HANDED_ON)[number], OptionDefinition>>,
): CommandDefinition {
  return {
    name: "workspace",
    aliases: ["ws"],
    summary: "Packages of the workspace",
    usage: "list | graph | info [PACKAGE] | run TASK… [-- EXTRA…]",
    section: "look",
    get options(): OptionDefinitions {
      return {
        ...Object.fromEntries(HANDED_ON.map((name) => [name, run[name]])),
        focus: {
          type: "string",
          valueHint: "PACKAGE",
          description: "Of graph: only what has to do with this package",
          complete: "package",
        },
        reverse: { type: "boolean", description: "Of graph: what needs a package instead of what it needs" },
        depth: { type: "string", valueHint: "N", format: "count", description: "Of graph: so many steps" },
        format: {
          type: "enum",
          options: ["text", "json", "ascii", "dot", "mermaid"],
          description: "Form of the output; the last three are those of graph",
        },
      };
    },
    words: "tasks",
    complete: "package",
    examples: [
      "zr workspace list",
      "zr workspace list --filter '{web}' --json",
      "zr workspace graph --focus api",
      "zr workspace info api",
      "zr workspace run test",
    ],
    load: async () => (await import("./workspace")).body,
  };
}
