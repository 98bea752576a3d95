import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";

/** Options of `zr run` that mean the same for the run of a workflow. */
const SHARED = [
  "format",
  "keep-going",
  "kill-on-fail",
  "output",
  "raw",
  "events",
  "set",
  "env",
  "no-shell-expr",
  "show-env",
  "monitor",
  "trace",
  "summary",
  "junit",
  "label",
] as const;

/** The commands about workflows. */
export function workflowCommands(
  runOptions: Readonly<Record<(typeof SHARED)[number], OptionDefinitions[string]>>,
): readonly CommandDefinition[] {
  return [
    {
      name: "workflow",
      aliases: ["wf"],
      summary: "Run a workflow",
      usage: "NAME [INPUTS…]",
      section: "run",
      get options(): OptionDefinitions {
        return {
          from: {
            type: "string",
            valueHint: "STAGE",
            description: "Begin with this stage; what comes before it counts as done",
          },
          only: {
            type: "string",
            valueHint: "STAGE",
            description: "Run this stage alone",
            repeatable: true,
          },
          resume: {
            type: "string",
            valueHint: "RUN",
            description: "Go on with a run that did not come to its end, by its id or 'last'",
          },
          approve: {
            type: "string",
            valueHint: "STAGE",
            description: "Agree to this stage beforehand",
            repeatable: true,
          },
          input: {
            type: "string",
            valueHint: "NAME=VAL",
            description: "Value of an input",
            repeatable: true,
            format: "key=value",
          },
          ...Object.fromEntries(SHARED.map((name) => [name, runOptions[name]])),
        };
      },
      words: "words",
      extraApart: true,
      complete: "workflow",
      examples: [
        "zr workflow release",
        "zr workflow release --input version=1.2.0",
        "zr workflow release --dry-run",
        "zr workflow release --from deploy --approve deploy",
        "zr workflow release --resume last",
      ],
      load: async () => (await import("./workflow")).body,
    },
  ];
}
