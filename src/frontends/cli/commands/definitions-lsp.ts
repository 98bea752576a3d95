import type { CommandDefinition } from "#frontends/cli/command";

/** Commands that editors start. */
export const lspCommands: readonly CommandDefinition[] = [
  {
    name: "lsp",
    summary: "Serve the Language Server Protocol",
    usage: "",
    section: "configure",
    options: {
      stdio: { type: "boolean", description: "Speak on standard input and output, as it does anyway" },
    },
    words: "none",
    examples: ["zr lsp", "zr lsp --stdio"],
    load: async () => (await import("./lsp")).body,
  },
];
