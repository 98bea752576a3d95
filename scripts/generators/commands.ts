import type { CommandDefinition, OptionDefinition, OptionDefinitions } from "#frontends/cli/command";
import { commands } from "#frontends/cli/commands";
import { optionVariable } from "#frontends/cli/environment-options";
import { globalOptions } from "#frontends/cli/global-options";
import { choicesOf } from "#frontends/cli/option-format";
import { isHidden, optionTerm, SECTION_TITLES } from "#frontends/cli/usage";
import type { GeneratedFile } from "./generated-file";

/** docs/commands.md, from the command table. */
export function commandsPage(): GeneratedFile {
  const lines = [
    "# Commands",
    "",
    "`zr <command> [options] [args]`. `zr NAME` runs the task NAME where it is no command.",
    "",
    "## Global options",
    "",
    "Every command takes them, before or after its name. Each can be set by its variable; the command line wins.",
    "",
    ...optionRows(globalOptions, true),
  ];
  for (const [section, title] of SECTION_TITLES) {
    lines.push("", `## ${title}`);
    for (const command of commands) {
      if (command.section === section && !isHidden(command)) lines.push("", ...commandLines(command));
    }
  }
  return { path: "docs/commands.md", text: `${lines.join("\n")}\n` };
}

function commandLines(command: CommandDefinition): string[] {
  const lines = [
    `### zr ${command.name}`,
    "",
    `${command.summary}.${command.later === undefined ? "" : ` *Later: ${command.later}.*`}`,
  ];
  lines.push("", "```console", `zr ${command.name} ${command.usage}`.trimEnd(), "```");
  const { aliases = [] } = command;
  if (aliases.length > 0) lines.push("", `Other names: ${aliases.map((name) => `\`${name}\``).join(", ")}.`);
  if (Object.keys(command.options).length > 0) lines.push("", ...optionRows(command.options, false));
  if (command.examples.length > 0)
    lines.push("", "```console", ...command.examples.map((example) => `$ ${example}`), "```");
  return lines;
}

function optionRows(options: OptionDefinitions, areGlobal: boolean): string[] {
  const head = areGlobal
    ? ["| option | variable | meaning |", "| --- | --- | --- |"]
    : ["| option | meaning |", "| --- | --- |"];
  const rows = Object.entries(options).map(([name, definition]) => {
    const variable = areGlobal ? optionVariable(name) : undefined;
    const cells = [
      `\`${optionTerm(name, definition).trim()}\``,
      ...(areGlobal ? [variable === undefined ? "" : `\`${variable}\``] : []),
      meaning(definition),
    ];
    return `| ${cells.map((text) => text.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
  });
  return [...head, ...rows];
}

function meaning(definition: OptionDefinition): string {
  const choices = choicesOf(definition);
  const notes = [
    `${definition.description ?? ""}.`,
    ...(choices.length > 0 ? [`One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.`] : []),
    ...(definition.repeatable === true ? ["May be given several times."] : []),
    ...(definition.default === undefined ? [] : [`Default: \`${definition.default}\`.`]),
    ...(definition.later === undefined ? [] : [`*Later: ${definition.later}.*`]),
  ];
  return notes.join(" ");
}
