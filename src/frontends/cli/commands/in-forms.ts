import type { OptionDefinition } from "#frontends/cli/command";

/** `--format` of a command that has its output in these forms. */
export const inForms = (...options: string[]): OptionDefinition => ({
  type: "enum",
  options,
  description: "Form of the output",
});
