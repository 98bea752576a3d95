import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";
import type { PeripherySetting } from "./periphery-setting";
import { inForms } from "./in-forms";

const from = (tool: string): OptionDefinitions[string] => ({
  type: "boolean",
  description: `Take over what ${tool} has`,
});

const init: CommandDefinition = {
  name: "init",
  summary: "Start a zr.toml",
  usage: "[DIR]",
  section: "configure",
  options: {
    force: { type: "boolean", alias: "f", description: "Overwrite a zr.toml that is there" },
    detect: { type: "boolean", description: "Write tasks for the languages found" },
    "from-make": from("a Makefile"),
    "from-just": from("a justfile"),
    "from-task": from("a Taskfile"),
    "from-npm": from("package.json"),
    "from-turbo": from("turbo.json"),
    "from-nx": from("nx.json"),
    "from-mise": from("mise.toml"),
    "from-moon": from("moon.yml"),
    source: {
      type: "string",
      valueHint: "FILE",
      description: "With --from-…: the file to take over",
      complete: "file",
    },
    wrap: { type: "boolean", description: "With --from-…: tasks that call the other tool" },
    verify: { type: "boolean", description: "With --from-…: compare both tools' dry runs" },
    strict: { type: "boolean", description: "With --from-…: exit with 1 for approximations too" },
    format: inForms("text", "json"),
  },
  words: "words",
  complete: "folder",
  examples: [
    "zr init",
    "zr init --detect",
    "zr init --dry-run",
    "zr init tools/site",
    "zr init --from-make",
    "zr init --from-just --wrap",
  ],
  load: async () => (await import("./init")).body,
};

const fmt: CommandDefinition = {
  name: "fmt",
  summary: "Format zr.toml, comments kept",
  usage: "[FILE…]",
  section: "configure",
  options: {
    check: { type: "boolean", description: "Change nothing; exit with 1 where a file is not formatted" },
    format: inForms("text", "json"),
  },
  words: "words",
  complete: "file",
  examples: ["zr fmt", "zr fmt --check", "zr fmt ci/tasks.toml"],
  load: async () => (await import("./fmt")).body,
};

const schema: CommandDefinition = {
  name: "schema",
  summary: "JSON Schema of zr.toml, for editors",
  usage: "",
  section: "configure",
  options: {
    out: { type: "string", alias: "o", valueHint: "FILE", description: "Write to a file", complete: "file" },
  },
  words: "none",
  examples: ["zr schema", "zr schema -o zr.schema.json"],
  load: async () => (await import("./schema")).body,
};

const completion: CommandDefinition = {
  name: "completion",
  summary: "Completion for your shell",
  usage: "bash|zsh|fish|pwsh | install [SHELL] | uninstall [SHELL]",
  section: "configure",
  options: {},
  words: "words",
  complete: "shell",
  examples: [
    "zr completion install",
    "zr completion install zsh",
    "zr completion uninstall",
    "source <(zr completion bash)",
    "zr completion fish | source",
  ],
  load: async () => (await import("./completion")).body,
};

/** Commands around the others: help, completion, and what has to do with files of configuration. */
export function peripheryCommands(setting: PeripherySetting): readonly CommandDefinition[] {
  return [
    init,
    fmt,
    {
      name: "alias",
      summary: "List, set and remove aliases",
      usage: "[list | set NAME WORDS… | remove NAME]",
      section: "configure",
      options: { format: inForms("text", "json") },
      words: "words",
      examples: [
        "zr alias",
        'zr alias set b "run build --keep-going"',
        "zr alias set t run test",
        "zr alias remove b",
      ],
      load: async () => (await import("./alias")).aliasBody(setting),
    },
    schema,
    completion,
    {
      name: "help",
      summary: "Help on a command, a task or an error",
      usage: "[COMMAND | TASK | CODE]",
      section: "help",
      options: {},
      words: "words",
      complete: "command",
      examples: ["zr help run", "zr help build", "zr help E130"],
      load: async () => (await import("./help")).helpBody(setting),
    },
    {
      // Called by the scripts of `zr completion`; without a summary it is in no listing.
      name: "complete",
      summary: "",
      usage: "-- WORDS…",
      section: "help",
      options: {
        shell: { type: "enum", options: ["bash", "zsh", "fish", "pwsh"], description: "The shell that asks" },
        index: {
          type: "string",
          valueHint: "N",
          description: "Which word is being written, from 0",
          format: "count",
        },
      },
      words: "words",
      extraApart: true,
      examples: [],
      load: async () => (await import("./complete")).completeBody(setting),
    },
  ];
}
