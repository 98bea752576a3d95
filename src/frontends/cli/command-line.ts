import { plainProblems, usageProblem } from "#app/problems";
import { commands, laterCommand, reservedNames } from "./commands";
import type { CommandLine, OptionDefinitions, ParsedCommand } from "./command";
import { withEnvironment } from "./environment-options";
import { globalOptions } from "./global-options";
import { parseArguments } from "./parse-args";
import { refuse } from "./refuse";
import { openSession } from "./session";
import { thisHost } from "#system/host";

const line: CommandLine = { reservedNames, run: runCommandLine };

/** Runs one command line and gives its exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const read = parseArguments(argv, commands, globalOptions);
  if (!read.ok) return refuse(openSession({}), plainProblems(...read.error));
  const { command, name } = read.value;
  const options = withEnvironment(read.value.parsed.options, thisHost().env, globalOptions);
  if (!options.ok) return refuse(openSession({}), plainProblems(...options.error));
  const parsed: ParsedCommand = { ...read.value.parsed, options: options.value };
  if (parsed.options["version"] === true) return (await import("./commands/version")).body.run(parsed, line);
  if (parsed.options["help"] === true) return showHelp({ ...parsed, words: name === undefined ? [] : [name] });
  const session = openSession(parsed.options);
  if (name === undefined) return (await import("./commands/list")).body.run(parsed, line);
  const { later } = command ?? {};
  if (later !== undefined) return refuse(session, usageProblem("E186", { what: name, feature: later }));
  const refused = laterOption(parsed, (command ?? commandNamed("run")).options);
  if (refused !== undefined) return refuse(session, usageProblem("E186", refused));
  if (command !== undefined) return (await command.load()).run(parsed, line);
  // A task may have the name of a command that is still to come.
  return (await import("./commands/run")).runNamed(parsed, line, laterCommand(name));
}

async function showHelp(parsed: ParsedCommand): Promise<number> {
  return (await commandNamed("help").load()).run(parsed, line);
}

function commandNamed(name: string): (typeof commands)[number] {
  const found = commands.find((command) => command.name === name);
  if (found === undefined) throw new Error(`the command table has no ${name}`);
  return found;
}

/** The first option given that this version can't do yet. */
function laterOption(parsed: ParsedCommand, definitions: OptionDefinitions): { readonly what: string; readonly feature: string } | undefined {
  for (const name of Object.keys(parsed.options)) {
    const feature = Object.hasOwn(definitions, name) ? definitions[name]?.later : undefined;
    if (feature !== undefined) return { what: `--${name}`, feature };
  }
  return undefined;
}
