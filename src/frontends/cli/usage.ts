import type { Theme } from "#frontends/output/theme";
import type { CommandDefinition, OptionDefinition, OptionDefinitions } from "./command";
import { optionVariable } from "./environment-options";
import { choicesOf } from "./option-format";
import { layRows, PAGE_WIDTH, type Row, wrap } from "./wrap";

/** The parts of the overview, in their order. */
export const SECTION_TITLES: readonly (readonly [CommandDefinition["section"], string])[] = [
  ["run", "Run"],
  ["look", "Look around"],
  ["configure", "Set up"],
  ["help", "Help"],
];

const MORE =
  "`zr help <command>` says more about a command, `zr help <task>` about a task, and `zr help <code>` about an error such as E130.";

/** The page of `zr help`: what there is, by section, and the options that every command takes. */
export function renderOverview(
  table: readonly CommandDefinition[],
  globals: OptionDefinitions,
  theme: Theme,
): string {
  const lines = [
    "Usage: zr <command> [options] [args]",
    "       zr <task> [options] [args]      the same as zr run <task>",
    "",
  ];
  for (const [section, title] of SECTION_TITLES) {
    const commands = table.filter((command) => command.section === section && isListed(command));
    if (commands.length === 0) continue;
    const rows = commands.map((command) => ({
      term: [command.name, ...(command.aliases ?? [])].join(", "),
      text: command.summary,
    }));
    lines.push(theme.strong(`${title}:`), ...layRows(rows, theme.strong), "");
  }
  lines.push(...globalLines(globals, theme));
  const later = table
    .filter((command) => command.later !== undefined && !isHidden(command))
    .map((command) => command.name);
  if (later.length > 0)
    lines.push("", ...wrap(`Not available in this version: ${later.join(", ")}`, PAGE_WIDTH));
  lines.push("", ...wrap(MORE, PAGE_WIDTH));
  return `${lines.join("\n")}\n`;
}

/** The page of one command. */
export function renderUsage(command: CommandDefinition, globals: OptionDefinitions, theme: Theme): string {
  const lines = [...usageLines(command, theme), ""];
  lines.push(...wrap(sentence(command.summary), PAGE_WIDTH));
  if (command.later !== undefined)
    lines.push("", ...wrap(`Not available in this version (${command.later}).`, PAGE_WIDTH));
  if (command.aliases !== undefined && command.aliases.length > 0)
    lines.push("", `Other names: ${command.aliases.join(", ")}`);
  const own = Object.entries(command.options).map(([name, definition]) => optionRow(name, definition));
  if (own.length > 0) lines.push("", theme.strong("Options:"), ...layRows(own, theme.strong));
  if (command.examples.length > 0) {
    lines.push("", theme.strong("Examples:"), ...command.examples.map((example) => `  ${example}`));
  }
  const others = Object.fromEntries(
    Object.entries(globals).filter(([name]) => !Object.hasOwn(command.options, name)),
  );
  lines.push("", ...globalLines(others, theme));
  return `${lines.join("\n")}\n`;
}

/** `Usage: zr cache [status | ls]`; where it is too long for a line, each alternative keeps together. */
function usageLines({ name, usage }: CommandDefinition, theme: Theme): string[] {
  const head = `Usage: zr ${name} `;
  const lines: string[] = [];
  for (const part of usage.split(/(?<= \|) /)) {
    const last = lines.at(-1);
    if (last !== undefined && head.length + last.length + 1 + part.length <= PAGE_WIDTH)
      lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(part);
  }
  const [first = "", ...rest] = lines;
  return [
    `Usage: ${theme.strong(`zr ${name}`)} ${first}`.trimEnd(),
    ...rest.map((line) => " ".repeat(head.length) + line),
  ];
}

/** Commands of later versions are named at the end, and those that only scripts call nowhere. */
const isListed = (command: CommandDefinition): boolean => command.later === undefined && !isHidden(command);

/** Whether the command is meant for scripts only. */
export const isHidden = (command: CommandDefinition): boolean => command.summary === "";

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function globalLines(globals: OptionDefinitions, theme: Theme): string[] {
  const rows = Object.entries(globals).map(([name, definition]) => {
    const variable = optionVariable(name);
    const row = optionRow(name, definition);
    return variable === undefined ? row : { ...row, text: `${row.text} [${variable}]` };
  });
  return [theme.strong("Global options:"), ...layRows(rows, theme.strong)];
}

const MAX_CHOICES = 24;

/** `-j, --jobs N|P%` and what it does, with its choices where they don't fit in front, and its default. */
function optionRow(name: string, definition: OptionDefinition): Row {
  const choices = choicesOf(definition);
  const notes = [
    ...(choices.length > 0 && hintOf(name, definition) !== choices.join("|")
      ? [`one of ${choices.join(", ")}`]
      : []),
    ...(definition.repeatable === true ? ["may be given several times"] : []),
    ...(definition.default === undefined ? [] : [`default: ${definition.default}`]),
    ...(definition.later === undefined ? [] : [`not in this version: ${definition.later}`]),
  ];
  const text = definition.description ?? "";
  return {
    term: optionTerm(name, definition),
    text: notes.length === 0 ? text : `${text} (${notes.join("; ")})`,
  };
}

/** How an option is written, its letter first: `-j, --jobs N|P%`, and `    --config PATH` where it has none. */
export function optionTerm(name: string, definition: OptionDefinition): string {
  const letter = lettersOf(definition)[0];
  const start = letter === undefined ? "    " : `-${letter}, `;
  if (definition.type === "boolean") return `${start}--${name}`;
  const hint = hintOf(name, definition);
  return `${start}--${name}${definition.bare === undefined ? ` ${hint}` : `[=${hint}]`}`;
}

/** The one-letter names of an option. */
export function lettersOf(definition: OptionDefinition): readonly string[] {
  const alias = "alias" in definition ? definition.alias : undefined;
  return (typeof alias === "string" ? [alias] : (alias ?? [])).filter((one) => one.length === 1);
}

function hintOf(name: string, definition: OptionDefinition): string {
  if (definition.valueHint !== undefined) return definition.valueHint;
  const choices = choicesOf(definition).join("|");
  return choices !== "" && choices.length <= MAX_CHOICES ? choices : name.toUpperCase().replaceAll("-", "_");
}
