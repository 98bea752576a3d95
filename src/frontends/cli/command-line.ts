import { plainProblems, usageProblem } from "#app/problems";
import { commands, laterCommand } from "./commands";
import type { OptionDefinitions, ParsedCommand } from "./command";
import { withEnvironment } from "./environment-options";
import { globalOptions } from "./global-options";
import { parseArguments } from "./parse-args";
import { openSession, refuse } from "./session";
import { thisHost } from "#system/host";

/** Runs one command line and gives its exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const read = parseArguments(argv, commands, globalOptions);
  if (!read.ok) return refuse(openSession({}), plainProblems(...read.error));
  const { command, name } = read.value;
  const options = withEnvironment(read.value.parsed.options, thisHost().env, globalOptions);
  if (!options.ok) return refuse(openSession({}), plainProblems(...options.error));
  const parsed: ParsedCommand = { ...read.value.parsed, options: options.value };
  if (parsed.options["version"] === true) return (await import("./commands/version")).body.run(parsed);
  if (parsed.options["help"] === true) return showHelp({ ...parsed, words: name === undefined ? [] : [name] });
  const session = openSession(parsed.options);
  if (command === undefined) {
    if (name === undefined) return (await import("./commands/list")).body.run(parsed);
    const feature = laterCommand(name);
    // A task may have the name of a command that is still to come.
    if (feature !== undefined) return (await import("./commands/run")).runNamed(parsed, { later: feature });
    return (await import("./commands/run")).runNamed(parsed, {});
  }
  const { later } = command;
  if (later !== undefined) return refuse(session, usageProblem("E186", { what: command.name, feature: later }));
  const refused = laterOption(parsed, command.options);
  if (refused !== undefined) return refuse(session, usageProblem("E186", refused));
  return (await command.load()).run(parsed);
}

async function showHelp(parsed: ParsedCommand): Promise<number> {
  const help = commands.find((command) => command.name === "help");
  if (help === undefined) throw new Error("the command table has no help");
  return (await help.load()).run(parsed);
}

/** The first option given that this version can't do yet. */
export function laterOption(parsed: ParsedCommand, definitions: OptionDefinitions): { readonly what: string; readonly feature: string } | undefined {
  for (const name of Object.keys(parsed.options)) {
    const feature = Object.hasOwn(definitions, name) ? definitions[name]?.later : undefined;
    if (feature !== undefined) return { what: `--${name}`, feature };
  }
  return undefined;
}
