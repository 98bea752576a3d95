import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";

/** Options of `zr run` that hold for every run of the screen. */
const SHARED = ["keep-going", "set", "env", "no-shell-expr", "force", "no-cache", "cache"] as const;

/** Commands that take over the whole terminal. */
export function tuiCommands(
  runOptions: Readonly<Record<(typeof SHARED)[number], OptionDefinitions[string]>>,
): readonly CommandDefinition[] {
  const options = (): OptionDefinitions => Object.fromEntries(SHARED.map((name) => [name, runOptions[name]]));
  return [
    {
      name: "tui",
      aliases: ["interactive"],
      summary: "All tasks on one screen: run, follow, stop, retry",
      usage: "[FILTER]",
      section: "run",
      get options(): OptionDefinitions {
        return options();
      },
      words: "words",
      examples: ["zr tui", "zr tui test", "zr tui --keep-going"],
      load: async () => (await import("./tui")).tuiBody,
    },
    {
      name: "live",
      summary: "Run a task with its log on the whole screen",
      usage: "TASK [ARGS…]",
      section: "run",
      get options(): OptionDefinitions {
        return options();
      },
      words: "tasks",
      complete: "task",
      examples: ["zr live test", "zr live deploy prod"],
      load: async () => (await import("./tui")).liveBody,
    },
  ];
}
