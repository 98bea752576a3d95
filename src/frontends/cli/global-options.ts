import type { OptionDefinitions } from "./command";

/** Options that every command takes, before or after its name. Each has a `ZR_…` variable of the same name. */
export const globalOptions = {
  jobs: {
    type: "string",
    alias: "j",
    valueHint: "N|P%",
    description: "Instances at once: a number or a share of the CPUs",
    format: "jobs",
  },
  profile: {
    type: "string",
    alias: "p",
    valueHint: "NAME",
    description: "Use a profile",
    complete: "profile",
  },
  config: {
    type: "string",
    valueHint: "PATH",
    description: "Configuration file instead of the search upward",
    complete: "file",
  },
  chdir: {
    type: "string",
    alias: "C",
    valueHint: "DIR",
    description: "Change to this folder first",
    complete: "folder",
  },
  verbose: { type: "boolean", alias: "v", description: "Say more; twice for debugging", format: "count" },
  quiet: { type: "boolean", alias: "q", description: "Say less" },
  color: {
    type: "enum",
    options: ["auto", "always", "never"],
    description: "When to colour; --no-color means never",
  },
  json: { type: "boolean", description: "Short for --format json" },
  format: {
    type: "string",
    valueHint: "FORMAT",
    description: "Form of the output, where a command offers several",
  },
  "dry-run": { type: "boolean", alias: "n", description: "Show what would be done, do nothing" },
  timeout: {
    type: "string",
    valueHint: "DUR",
    description: "Stop the whole run after this time",
    format: "duration",
  },
  "log-file": {
    type: "string",
    valueHint: "PATH",
    description: "Also write all output to this file",
    complete: "file",
  },
  yes: { type: "boolean", alias: "y", description: "Answer every question with yes" },
  "no-input": { type: "boolean", description: "Never ask; a question counts as no" },
  help: { type: "boolean", alias: "h", description: "Show help" },
  version: { type: "boolean", description: "Show the version" },
} as const satisfies OptionDefinitions;
