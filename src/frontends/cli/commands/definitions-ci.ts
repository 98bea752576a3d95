import { affectedOptions } from "#frontends/cli/affected-options";
import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";

/** The commands for CI, given the options of `zr run`. */
export function ciCommands(
  run: Readonly<Record<"affected" | "watch" | "shard", OptionDefinitions[string]>> & OptionDefinitions,
): readonly CommandDefinition[] {
  const { affected: _affected, watch: _watch, shard, ...shared } = run;
  return [
    {
      name: "ci",
      summary: "The one command for CI: run what a change affects, and report it",
      usage: "run [TASK… [-- EXTRA…]]",
      section: "run",
      options: {
        job: { ...shard, description: "Only this part, balanced by recorded durations" },
        ...affectedOptions,
        "report-dir": {
          type: "string",
          valueHint: "DIR",
          description: "Where the reports go",
          default: ".zr/ci",
          complete: "folder",
        },
        "no-comment": { type: "boolean", description: "Don't comment on the pull request" },
        explain: {
          type: "boolean",
          description: "Say of each package which file or which dependency is the cause",
        },
        ...shared,
        all: { type: "boolean", description: "Everywhere, whatever has changed" },
      },
      words: "tasks",
      complete: "task",
      examples: ["zr ci run", "zr ci run lint test build", "zr ci run test --job 2/5"],
      load: async () => (await import("./ci")).body,
    },
    {
      name: "prune",
      summary: "A minimal copy of the workspace, to build a package in a container",
      usage: "--docker PKG",
      section: "configure",
      options: {
        docker: {
          type: "boolean",
          description: "Manifests in json/, sources in full/, so that layers cache",
        },
        out: {
          type: "string",
          alias: "o",
          valueHint: "DIR",
          description: "Where the copy goes",
          default: "out",
          complete: "folder",
        },
        format: { type: "enum", options: ["text", "json"], description: "Form of the output" },
      },
      words: "words",
      complete: "package",
      examples: ["zr prune --docker api", "zr prune --docker api -o build/context"],
      load: async () => (await import("./prune")).body,
    },
  ];
}
