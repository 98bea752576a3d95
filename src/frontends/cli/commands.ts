import type { CommandDefinition } from "./command";
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
import { lookCommands } from "./commands/definitions-look";
import { runOptions } from "./commands/run-options";
import { body as runBody } from "./commands/run";

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
  ...lookCommands,
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
