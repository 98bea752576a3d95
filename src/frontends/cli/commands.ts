import type { CommandDefinition, OptionDefinitions } from "./command";
import { OUTPUT_MODES } from "#core/config/schema/global";
import { globalOptions } from "./global-options";
import { artifactCommands } from "./commands/definitions-artifacts";
import { cacheCommands } from "./commands/definitions-cache";
import { historyCommands } from "./commands/definitions-history";
import { benchCommands } from "./commands/definitions-bench";
import { ciCommands } from "./commands/definitions-ci";
import { affectedCommands } from "./commands/definitions-affected";
import { workspaceCommand } from "./commands/definitions-workspace";
import { workflowCommands } from "./commands/definitions-workflow";
import { watchCommand } from "./commands/definitions-watch";
import { monitorCommands } from "./commands/definitions-monitor";
import { peripheryCommands } from "./commands/definitions-periphery";
import { body as runBody } from "./commands/run";

const runOptions = {
  format: { type: "enum", options: ["text", "json"], description: "Form of the output" },
  only: { type: "boolean", description: "Without what the tasks depend on" },
  "keep-going": {
    type: "boolean",
    alias: "k",
    description: "After a failure, go on with everything that does not need it",
  },
  "kill-on-fail": { type: "boolean", description: "A failure also stops what is running" },
  output: { type: "enum", options: [...OUTPUT_MODES], description: "How output is shown" },
  raw: { type: "boolean", description: "Short for --output interleaved" },
  events: {
    type: "string",
    valueHint: "FILE",
    description: "Write the events of the run as JSON Lines; - is stdout",
    complete: "file",
  },
  set: {
    type: "string",
    valueHint: "KEY=VAL",
    description: "Set a value of [vars]",
    repeatable: true,
    format: "key=value",
  },
  env: {
    type: "string",
    alias: "e",
    valueHint: "NAME=VAL",
    description: "Set a variable, over everything else",
    repeatable: true,
    format: "key=value",
  },
  "no-exit-code": { type: "boolean", description: "Exit with 1 instead of the task's own code" },
  "no-shell-expr": { type: "boolean", description: "Refuse shell() in expressions" },
  tag: {
    type: "string",
    valueHint: "TAG",
    description: "Also every task with this tag",
    repeatable: true,
    complete: "tag",
  },
  "show-env": {
    type: "boolean",
    description: "Show the environment of the tasks, secrets masked, and run nothing",
  },
  filter: {
    type: "string",
    valueHint: "EXPR",
    description: "Only in these packages: a name, ./path, {tag}, [base], with ... around it",
    repeatable: true,
    complete: "package",
  },
  all: { type: "boolean", description: "In every package that has the task, from anywhere" },
  affected: {
    type: "string",
    valueHint: "BASE",
    description: "Only in packages that a change affects",
    bare: "",
  },
  force: { type: "boolean", description: "Run also what the cache has" },
  "no-cache": { type: "boolean", description: "Use no cache" },
  cache: {
    type: "string",
    valueHint: "USE",
    format: "cache-use",
    description: "Which caches to read and write: local:rw,remote:r",
  },
  why: { type: "boolean", description: "Say why each task is run that could be cached" },
  "wait-uploads": {
    type: "string",
    valueHint: "DUR",
    format: "duration",
    bare: "1h",
    description: "At the end, wait so long for what goes to a remote cache; 10s where it is not given",
  },
  monitor: {
    type: "boolean",
    description: "Show CPU, memory and I/O of each task",
  },
  with: {
    type: "string",
    valueHint: "SERVICES",
    description: "Start these services for the run",
    later: "sessions",
  },
  session: { type: "string", valueHint: "NAME", description: "Run in this session", later: "sessions" },
  interactive: {
    type: "boolean",
    alias: "i",
    description: "Open a shell where a task fails",
    later: "the live view",
  },
  watch: { type: "boolean", alias: "w", description: "Run again what changes of files affect" },
  repeat: {
    type: "string",
    valueHint: "N",
    format: "count",
    description: "Run so many times, or until it fails",
  },
  "until-fail": { type: "boolean", description: "Repeat until it fails, at most --repeat times" },
  shard: {
    type: "string",
    valueHint: "2/5",
    format: "shard",
    description: "Only this part of the tasks",
  },
  trace: {
    type: "string",
    valueHint: "FILE",
    description: "Write a trace of the run, for Perfetto",
    complete: "file",
  },
  summary: {
    type: "string",
    valueHint: "FILE",
    description: "Write a summary of the run; the file's ending says how: .json or .md",
    complete: "file",
  },
  junit: {
    type: "string",
    valueHint: "FILE",
    description: "Write a JUnit report of the run",
    complete: "file",
  },
  grep: {
    type: "string",
    valueHint: "RE",
    format: "regex",
    description: "Show only lines that match",
    later: "output filters",
  },
  "grep-v": {
    type: "string",
    valueHint: "RE",
    description: "Leave out lines that match",
    later: "output filters",
  },
  highlight: {
    type: "string",
    valueHint: "RE",
    description: "Highlight what matches",
    later: "output filters",
  },
  context: {
    type: "string",
    valueHint: "N",
    format: "count",
    description: "Lines around a match",
    later: "output filters",
  },
  "retry-failed": { type: "boolean", description: "Only what failed in the last run, and what needs it" },
  label: {
    type: "string",
    valueHint: "KEY=VAL",
    description: "Kept with the run in history",
    repeatable: true,
    format: "key=value",
  },
} as const satisfies OptionDefinitions;

const run: CommandDefinition = {
  name: "run",
  aliases: ["r"],
  summary: "Run tasks and what they depend on",
  usage: "TASK… [ARGS…] [-- EXTRA…]",
  section: "run",
  options: runOptions,
  words: "tasks",
  complete: "task",
  examples: [
    "zr run build",
    "zr run lint test --keep-going",
    "zr run deploy prod --region=eu",
    "zr run test --filter 'web...' --filter '!docs'",
    "zr run test -- --verbose",
    "zr run 'test[os=linux]'",
  ],
  // The one body that is loaded with the program: what is used most does not wait for a file of its own.
  load: () => Promise.resolve(runBody),
};

const format = (...options: string[]): OptionDefinitions => ({
  format: { type: "enum", options, description: "Form of the output" },
});

const look: readonly CommandDefinition[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List tasks",
    usage: "[PATTERN]",
    section: "look",
    options: {
      all: { type: "boolean", alias: "a", description: "Also hidden tasks" },
      tags: {
        type: "string",
        valueHint: "TAG,…",
        description: "Only tasks with one of these tags",
        complete: "tag",
      },
      package: {
        type: "string",
        valueHint: "NAME",
        description: "Only tasks of this package",
        complete: "package",
      },
      filter: runOptions.filter,
      tree: { type: "boolean", description: "With what each task depends on" },
      where: {
        type: "string",
        valueHint: "EXPR",
        description: "Only tasks for which this holds",
      },
      "no-shell-expr": { type: "boolean", description: "Refuse shell() in expressions" },
      ...format("text", "json"),
    },
    words: "words",
    complete: "task",
    examples: [
      "zr list",
      "zr list 'test*' --tree",
      "zr list --where \"'slow' in task.tags\"",
      "zr list --json",
    ],
    load: async () => (await import("./commands/list")).body,
  },
  {
    name: "show",
    summary: "Everything about a task",
    usage: "TASK",
    section: "look",
    options: format("text", "json"),
    words: "words",
    complete: "task",
    examples: ["zr show build", "zr show api:test --json"],
    load: async () => (await import("./commands/show")).body,
  },
  {
    name: "explain",
    summary: "Why a task would run, or would not",
    usage: "TASK… [ARGS…]",
    section: "look",
    options: format("text", "json"),
    words: "tasks",
    complete: "task",
    examples: ["zr explain deploy"],
    load: async () => (await import("./commands/explain")).body,
  },
  {
    name: "graph",
    summary: "Draw what depends on what",
    usage: "[TASK…]",
    section: "look",
    options: {
      depth: {
        type: "string",
        valueHint: "N",
        format: "count",
        description: "So many steps from the tasks asked for",
      },
      reverse: { type: "boolean", description: "What needs the task instead of what it needs" },
      critical: { type: "boolean", description: "Mark the critical path" },
      out: {
        type: "string",
        alias: "o",
        valueHint: "FILE",
        description: "Write to a file",
        complete: "file",
      },
      focus: {
        type: "string",
        valueHint: "TASK",
        description: "Only what has to do with this task",
        complete: "task",
      },
      packages: { type: "boolean", description: "Packages instead of tasks" },
      filter: runOptions.filter,
      affected: {
        type: "string",
        valueHint: "BASE",
        bare: "",
        description: "Mark what a change affects",
      },
      "all-repos": { type: "boolean", description: "All repositories", later: "multi-repo" },
      open: { type: "boolean", description: "Open the page", later: "graph pages" },
      ...format("ascii", "dot", "json", "mermaid", "html", "svg"),
    },
    words: "words",
    complete: "task",
    examples: ["zr graph", "zr graph deploy --format mermaid", "zr graph build --reverse"],
    load: async () => (await import("./commands/graph")).body,
  },
  {
    name: "which",
    summary: "File and line that define a task",
    usage: "TASK",
    section: "look",
    options: format("text", "json"),
    words: "words",
    complete: "task",
    examples: ["zr which build"],
    load: async () => (await import("./commands/which")).body,
  },
  {
    name: "env",
    summary: "Environment of a task, and where it comes from",
    usage: "[TASK [ARGS…]]",
    section: "look",
    options: {
      all: { type: "boolean", alias: "a", description: "Also what comes from the system as it is" },
      resolve: {
        type: "string",
        valueHint: "NAME",
        description: "What each layer says about a variable, with file and line",
      },
      diff: {
        type: "string",
        valueHint: "PROFILE",
        description: "What a profile would change",
        complete: "profile",
      },
      "show-secrets": { type: "boolean", description: "Secrets as they are instead of masked" },
      env: runOptions.env,
      package: {
        type: "string",
        valueHint: "NAME",
        description: "Without TASK: the environment of this package",
        complete: "package",
      },
      ...format("shell", "dotenv", "json", "github"),
    },
    words: "tasks",
    complete: "task",
    examples: [
      "zr env",
      "zr env test --all",
      "zr env --resolve API_URL",
      "zr env --diff staging",
      'zr env --format github >> "$GITHUB_ENV"',
    ],
    load: async () => (await import("./commands/env")).body,
  },
  {
    name: "validate",
    summary: "Check the configuration",
    usage: "",
    section: "configure",
    options: {
      strict: { type: "boolean", description: "Warnings are errors too" },
      ...format("text", "json"),
    },
    words: "none",
    examples: ["zr validate", "zr validate --strict --json"],
    load: async () => (await import("./commands/validate")).body,
  },
  {
    name: "exec",
    summary: "Run a command in zr's environment",
    usage: "-- CMD [ARGS…]",
    section: "run",
    options: {
      env: runOptions.env,
      package: {
        type: "string",
        valueHint: "NAME",
        description: "The environment of this package",
        complete: "package",
      },
    },
    words: "words",
    examples: ["zr exec -- printenv PATH"],
    load: async () => (await import("./commands/exec")).body,
  },
  {
    name: "version",
    summary: "Show the version",
    usage: "",
    section: "help",
    options: format("text", "json"),
    words: "none",
    examples: ["zr version"],
    load: async () => (await import("./commands/version")).body,
  },
];

/** Commands that belong to zr and that this version can't do yet: name, what they are for, the feature they come with. */
const LATER: readonly (readonly [string, string, string])[] = [
  ["analytics", "Statistics of past runs", "history"],
  ["lint", "Check boundary rules", "boundaries"],
  ["codeowners", "Generate and check ownership", "ownership"],
  ["publish", "Publish packages", "versioning"],
  ["repo", "Several repositories", "multi-repo"],
  ["tools", "Manage tool versions", "tools"],
  ["setup", "Make a fresh clone ready", "setup"],
  ["doctor", "Check the machine", "setup"],
  ["shell", "A shell in zr's environment", "tools"],
  ["hook", "Activate the environment on cd", "tools"],
  ["add", "Append a task to the file", "templates"],
  ["template", "Scaffold from templates", "templates"],
  ["generate", "Code from templates", "templates"],
  ["up", "Start services", "services"],
  ["down", "Stop services", "services"],
  ["ps", "List services", "services"],
  ["restart", "Restart services", "services"],
  ["service", "Manage services", "services"],
  ["session", "Isolated places to work", "sessions"],
  ["serve", "The workflow server", "the server"],
  ["runner", "A runner of the server", "the server"],
  ["mcp", "Serve the Model Context Protocol", "editors and agents"],
  ["lsp", "Serve the Language Server Protocol", "editors and agents"],
  ["context", "Describe the project for an agent", "editors and agents"],
  ["ai", "Commands in plain words", "plain words"],
  ["plugin", "Manage plugins", "plugins"],
  ["tui", "Terminal UI", "the live view"],
  ["live", "Follow a task", "the live view"],
  ["upgrade", "Replace zr by a newer version", "releases"],
];

/** The static table of commands: everything that help, completion and documentation know. */
export const commands: readonly CommandDefinition[] = [
  run,
  watchCommand(runOptions),
  ...affectedCommands(runOptions),
  ...ciCommands(runOptions),
  workspaceCommand(runOptions),
  ...look,
  ...artifactCommands,
  ...cacheCommands,
  ...monitorCommands,
  ...benchCommands,
  ...workflowCommands(runOptions),
  ...historyCommands,
  ...peripheryCommands({
    commands: () => commands,
    globals: globalOptions,
    reservedNames: () => reservedNames(),
    laterCommand: (name) => laterCommand(name),
    taskPage: async (name) => (await import("./task-page")).taskPage(name),
  }),
];

/** The feature that a command of a later version belongs to. */
export const laterCommand = (name: string): string | undefined =>
  LATER.find(([later]) => later === name)?.[2];

/** Names that an alias may not take. */
export const reservedNames = (): readonly string[] => [
  ...commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
  ...LATER.map(([name]) => name),
];
