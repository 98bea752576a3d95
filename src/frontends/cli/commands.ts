import type { CommandDefinition } from "./command";
import { globalOptions } from "./global-options";
import { agentCommands } from "./commands/definitions-agents";
import { askCommands } from "./commands/definitions-ask";
import { analyticsCommands } from "./commands/definitions-analytics";
import { artifactCommands } from "./commands/definitions-artifacts";
import { cacheCommands } from "./commands/definitions-cache";
import { historyCommands } from "./commands/definitions-history";
import { benchCommands } from "./commands/definitions-bench";
import { ciCommands } from "./commands/definitions-ci";
import { affectedCommands } from "./commands/definitions-affected";
import { workspaceCommand } from "./commands/definitions-workspace";
import { scaffoldCommands } from "./commands/definitions-scaffold";
import { upgradeCommand } from "./commands/definitions-upgrade";
import { onboardCommands } from "./commands/definitions-onboard";
import { lspCommands } from "./commands/definitions-lsp";
import { workflowCommands } from "./commands/definitions-workflow";
import { toolCommands } from "./commands/definitions-tools";
import { watchCommand } from "./commands/definitions-watch";
import { tuiCommands } from "./commands/definitions-tui";
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
  ["lint", "Check boundary rules", "boundaries"],
  ["codeowners", "Generate and check ownership", "ownership"],
  ["publish", "Publish packages", "versioning"],
  ["repo", "Several repositories", "multi-repo"],
  ["up", "Start services", "services"],
  ["down", "Stop services", "services"],
  ["ps", "List services", "services"],
  ["restart", "Restart services", "services"],
  ["service", "Manage services", "services"],
  ["session", "Isolated places to work", "sessions"],
  ["serve", "The workflow server", "the server"],
  ["runner", "A runner of the server", "the server"],
  ["plugin", "Manage plugins", "plugins"],
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
  ...tuiCommands(runOptions),
  ...benchCommands,
  ...toolCommands,
  ...onboardCommands,
  ...workflowCommands(runOptions),
  ...lspCommands,
  ...historyCommands,
  ...analyticsCommands,
  ...agentCommands,
  ...askCommands,
  ...scaffoldCommands,
  upgradeCommand,
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

/** Names of commands that can be run, aliases included. */
export const commandNames = (): readonly string[] =>
  commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);

/** Names that an alias may not take. */
export const reservedNames = (): readonly string[] => [...commandNames(), ...LATER.map(([name]) => name)];
