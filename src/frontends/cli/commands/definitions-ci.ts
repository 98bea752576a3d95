import { affectedOptions } from "#frontends/cli/affected-options";
import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";
import { CI_PLATFORMS, CI_TYPES } from "#core/ci/ci-names";
import { inForms } from "./in-forms";

/** Of `zr ci generate`. */
const ciFileOptions: OptionDefinitions = {
  platform: { type: "enum", options: [...CI_PLATFORMS], description: "With generate: the service" },
  type: {
    type: "enum",
    options: [...CI_TYPES],
    description: "With generate: one job, several that share the work, or one for each tag",
  },
  out: {
    type: "string",
    alias: "o",
    valueHint: "FILE",
    description: "With generate: another file than the service's; - for stdout",
    complete: "file",
  },
  shards: {
    type: "string",
    valueHint: "N",
    description: "With generate --type monorepo: how many jobs share the work",
    format: "positive",
  },
  task: {
    type: "string",
    valueHint: "TASK",
    description: "With generate --type release: the task or workflow that releases",
    complete: "task",
  },
  setup: {
    type: "string",
    valueHint: "CMD",
    description: "With generate: a command that comes before zr's",
    repeatable: true,
  },
  check: {
    type: "boolean",
    description: "With generate: change nothing; exit with 1 where the file is another",
  },
};

/** The commands for CI, given the options of `zr run`. */
export function ciCommands(
  run: Readonly<Record<"affected" | "watch" | "shard", OptionDefinitions[string]>> & OptionDefinitions,
): readonly CommandDefinition[] {
  return [
    {
      name: "ci",
      summary: "The one command for CI: run what a change affects, and report it",
      usage: "run [TASK… [-- EXTRA…]] | generate | list",
      section: "run",
      get options(): OptionDefinitions {
        const { affected: _affected, watch: _watch, shard, ...shared } = run;
        return {
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
          ...ciFileOptions,
        };
      },
      words: "tasks",
      complete: "task",
      examples: [
        "zr ci run",
        "zr ci run lint test build",
        "zr ci run test --job 2/5",
        "zr ci generate",
        "zr ci generate --platform gitlab --type monorepo --shards 4",
        "zr ci generate --check",
      ],
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
        format: inForms("text", "json"),
      },
      words: "words",
      complete: "package",
      examples: ["zr prune --docker api", "zr prune --docker api -o build/context"],
      load: async () => (await import("./prune")).body,
    },
  ];
}
