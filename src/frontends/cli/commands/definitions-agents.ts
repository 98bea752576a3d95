import type { CommandDefinition } from "#frontends/cli/command";

/** Commands for programs that work on the repository: agents, and what describes it to them. */
export const agentCommands: readonly CommandDefinition[] = [
  {
    name: "mcp",
    summary: "Serve the Model Context Protocol to agents",
    usage: "serve | install",
    section: "configure",
    options: {
      http: {
        type: "string",
        valueHint: "PORT",
        format: "count",
        description: "With serve: by HTTP on this port of this machine, 0 for any; else by stdin and stdout",
      },
      token: {
        type: "string",
        valueHint: "TOKEN|$NAME",
        description: "With serve: what HTTP clients have to know; drawn and printed where it is not given",
      },
      "read-only": { type: "boolean", description: "With serve: answer questions and run nothing" },
      "allow-task": {
        type: "string",
        valueHint: "GLOB",
        description: "With serve: only tasks and workflows of these names may be run",
        repeatable: true,
      },
      client: {
        type: "enum",
        options: ["claude", "cursor", "vscode"],
        description: "With install: whose configuration is written",
      },
    },
    words: "words",
    examples: [
      "zr mcp install --client claude",
      "zr mcp serve",
      "zr mcp serve --read-only",
      "zr mcp serve --allow-task 'test*' --allow-task lint",
      "zr mcp serve --http 7410 --token '$MCP_TOKEN'",
    ],
    load: async () => (await import("./mcp")).body,
  },
  {
    name: "context",
    summary: "Describe the repository for a language model",
    usage: "",
    section: "look",
    options: {
      format: {
        type: "enum",
        options: ["md", "json", "yaml"],
        description: "Form of the output",
      },
      scope: {
        type: "string",
        valueHint: "PACKAGE",
        description: "Only this package and what it depends on",
        complete: "package",
        repeatable: true,
      },
      budget: {
        type: "string",
        valueHint: "TOKENS",
        format: "positive",
        description: "At most so many tokens; the least important is left out first",
      },
    },
    words: "none",
    examples: ["zr context", "zr context --budget 2000", "zr context --scope web --json"],
    load: async () => (await import("./context")).body,
  },
];
