import { affectedOptions } from "#frontends/cli/affected-options";
import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";

/** `zr affected`, given the options of `zr run`. */
export function affectedCommands(
  run: Readonly<Record<"affected" | "watch", OptionDefinitions[string]>> & OptionDefinitions,
): readonly CommandDefinition[] {
  return [
    {
      name: "affected",
      summary: "Run tasks in the packages that a change affects",
      usage: "[TASK… [ARGS…] [-- EXTRA…]]",
      section: "run",
      get options(): OptionDefinitions {
        const { affected: _affected, watch: _watch, ...shared } = run;
        return {
          list: {
            type: "boolean",
            alias: "l",
            description: "Only list them: packages, or the tasks where some are named",
          },
          explain: {
            type: "boolean",
            description: "Say of each package which file or which dependency is the cause",
          },
          ...affectedOptions,
          ...shared,
        };
      },
      words: "tasks",
      complete: "task",
      examples: [
        "zr affected test",
        "zr affected build test --base origin/main --explain",
        "zr affected --list",
        "git diff --name-only HEAD~3 | zr affected test --files - --list",
      ],
      load: async () => (await import("./affected")).body,
    },
  ];
}
