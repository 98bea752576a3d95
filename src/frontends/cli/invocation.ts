import type { Invocation } from "#engine/history/stored-run";
import type { CommandLine, OptionValues, ParsedCommand } from "./command";
import type { Session } from "./session";

/** Options that are kept in another way, or mean something only once. */
const LEFT_OUT: ReadonlySet<string> = new Set(["chdir", "profile", "retry-failed"]);

/** What the history keeps of a command line, so that it can be given again. */
export function invocationOf(
  command: string,
  { words, extra }: Pick<ParsedCommand, "words" | "extra">,
  { line, session }: { readonly line: CommandLine; readonly session: Session },
): Invocation {
  const { profile } = session.load;
  return {
    command,
    options: optionWords(line.given),
    words,
    extra,
    cwd: session.cwd,
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Options in the form of a command line. */
export function optionWords(options: OptionValues): readonly string[] {
  const words: string[] = [];
  for (const name in options) {
    const value = options[name];
    if (LEFT_OUT.has(name) || value === undefined) continue;
    if (typeof value === "object") for (const item of value) words.push(`--${name}=${item}`);
    else if (value === true) words.push(`--${name}`);
    else if (value === false) words.push(`--no-${name}`);
    // The number of times that a flag was given.
    else if (name === "verbose")
      for (let count = Number(value); count > 0; count -= 1) words.push("--verbose");
    else words.push(`--${name}=${value}`);
  }
  return words;
}
