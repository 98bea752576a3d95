import type { CommandDefinition } from "#frontends/cli/command";

/** Commands that take plain words. */
export const askCommands: readonly CommandDefinition[] = [
  {
    name: "ai",
    summary: "Say in plain words what to do",
    usage: "SENTENCE…",
    section: "run",
    options: {
      print: { type: "boolean", description: "Only print the command" },
      lang: {
        type: "enum",
        options: ["en", "ko", "de", "fr", "es", "ja", "zh"],
        description: "Language of the sentence; by its letters and words where not given",
      },
      format: {
        type: "enum",
        options: ["text", "json"],
        description: "Form of the output; json only prints",
      },
    },
    words: "words",
    examples: [
      'zr ai "run the tests of the api"',
      'zr ai "build then deploy to staging"',
      'zr ai "what failed yesterday?" --print',
      'zr ai "실패한 것만 다시 돌려줘"',
    ],
    load: async () => (await import("./ai")).body,
  },
];
