import type { CommandDefinition, OptionDefinition, OptionDefinitions } from "#frontends/cli/command";

/** Options of `zr run` that mean the same for each run of a watch. */
const SHARED = [
  "format",
  "only",
  "keep-going",
  "kill-on-fail",
  "output",
  "raw",
  "events",
  "set",
  "env",
  "no-shell-expr",
  "tag",
  "label",
] as const;

/** `zr watch`, given the options of `zr run`. */
export function watchCommand(
  run: Readonly<Record<(typeof SHARED)[number], OptionDefinition>>,
): CommandDefinition {
  return {
    name: "watch",
    summary: "Run tasks, and again what changes of files affect",
    usage: "TASK… [ARGS…] [-- EXTRA…]",
    section: "run",
    get options(): OptionDefinitions {
      return {
        ...Object.fromEntries(SHARED.map((name) => [name, run[name]])),
        all: { type: "boolean", alias: "a", description: "Also what [watch.rules] name" },
        poll: {
          type: "string",
          valueHint: "INTERVAL",
          description: "Look at the files, every second or so often, instead of being told",
          format: "duration",
          bare: "1s",
        },
      };
    },
    words: "tasks",
    complete: "task",
    examples: [
      "zr watch test",
      "zr watch server test --output prefixed",
      "zr watch --all",
      "zr watch test --poll=500ms",
    ],
    load: async () => (await import("./watch")).body,
  };
}
