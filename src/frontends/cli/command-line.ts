import { plainProblems, usageProblem } from "#app/problems";
import { runNamed } from "./commands/run";
import { commandNames, commands, laterCommand, reservedNames } from "./commands";
import type { CommandLine, OptionValues, ParsedCommand } from "./command";
import { withEnvironment } from "./environment-options";
import { globalOptions } from "./global-options";
import { mayMeanTask } from "./may-mean-task";
import { parseArguments } from "./parse-args";
import { refuse } from "./refuse";
import { formatOption, isOn, openSession, textOption } from "./session";
import type { Session } from "./session";
import { isCi } from "./terminal-facts";
import { isFolder } from "#system/fs/is-folder";
import { isTerminal } from "#system/stdio/is-terminal";
import { thisHost } from "#system/host";

const lineBehind = (
  shortcuts: readonly string[],
  given: OptionValues,
  failedOf: string | undefined,
): CommandLine => ({
  reservedNames,
  commandNames,
  runOptions: runOptionNames,
  shortcuts,
  run: (argv, shortcut) => runCommandLine(argv, [...shortcuts, shortcut]),
  given,
  ...(failedOf === undefined ? {} : { failedOf }),
  repeat: (argv, failed) => runCommandLine(argv, [], failed),
});

/**
 * Runs one command line, to which the user's own shortcuts may have led, and gives its exit code. With `failedOf` only
 * what went wrong in that run of the history is run again.
 */
export async function runCommandLine(
  argv: readonly string[],
  shortcuts: readonly string[] = [],
  failedOf?: string,
): Promise<number> {
  const read = parseArguments(argv, commands, globalOptions);
  if (!read.ok) {
    const { suggestOptions } = await import("./suggest-options");
    const { spokenOptions } = await import("./unread-options");
    const session = openSession(spokenOptions(argv, thisHost().env));
    return refuse(session, suggestOptions(plainProblems(...read.error), runOptionNames()));
  }
  const { command, name } = read.value;
  const line = lineBehind(shortcuts, read.value.parsed.options, failedOf);
  const { env } = thisHost();
  const options = withEnvironment(read.value.parsed.options, env, globalOptions);
  if (!options.ok) {
    const { withSpeech } = await import("./unread-options");
    return refuse(openSession(withSpeech(read.value.parsed.options, env)), plainProblems(...options.error));
  }
  const parsed: ParsedCommand = { ...read.value.parsed, options: options.value };
  if (parsed.options["version"] === true) return (await import("./commands/version")).body.run(parsed, line);
  if (parsed.options["help"] === true)
    return showHelp({ ...parsed, words: name === undefined ? [] : [name] }, line);
  const session = openSession(parsed.options);
  const chdir = textOption(parsed.options, "chdir");
  if (chdir !== undefined && !(await isFolder(session.cwd)))
    return refuse(session, usageProblem("E183", { name: "--chdir", expected: "a folder", found: chdir }));
  if (name === undefined) return runAlone(parsed, session, line);
  if (command !== undefined) {
    const code = await (await command.load()).run(parsed, line);
    if (mayMeanTask(name, read.value.parsed))
      await (await import("./note-own-task")).noteOwnTask(name, session);
    return code;
  }
  if (name.startsWith("!")) return (await import("./commands/rerun")).runShorthand(name, parsed, line);
  // A task may have the name of a command that is still to come.
  return runNamed(parsed, line, laterCommand(name));
}

/** What zr does without a word: the task picker where somebody sits at a terminal, else the listing. */
async function runAlone(parsed: ParsedCommand, session: Session, line: CommandLine): Promise<number> {
  const { options, host } = session;
  const isAsked =
    formatOption(options) === undefined && !isOn(options, "no-input") && !isOn(options, "quiet");
  if (isAsked && isTerminal(0) && isTerminal(1) && host.env["TERM"] !== "dumb" && !isCi(host.env))
    return (await import("./commands/pick")).body.run(parsed, line);
  return (await import("./commands/list")).body.run(parsed, line);
}

const runOptionNames = (): readonly string[] => [
  ...Object.keys(commandNamed("run").options),
  ...Object.keys(globalOptions),
];

async function showHelp(parsed: ParsedCommand, line: CommandLine): Promise<number> {
  return (await commandNamed("help").load()).run(parsed, line);
}

function commandNamed(name: string): (typeof commands)[number] {
  const found = commands.find((command) => command.name === name);
  if (found === undefined) throw new Error(`the command table has no ${name}`);
  return found;
}
