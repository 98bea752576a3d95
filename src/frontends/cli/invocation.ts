import type { Invocation } from "#engine/history/stored-run";
import type { CommandLine, OptionValues, ParsedCommand } from "./command";
import type { Session } from "./session";

/** What agrees to something: it holds for the run that it was given to. */
const CONSENT = ["yes", "approve"];

/** Options that a run given again does not have from the command line: kept in another way, or good only once. */
const ONCE: ReadonlySet<string> = new Set(["chdir", "profile", "retry-failed", ...CONSENT]);

/** Options of a command that repeats a run which are its own business. */
const OF_REPEATING: ReadonlySet<string> = new Set(["chdir", "profile", "retry-failed", "failed"]);

const NONE: ReadonlySet<string> = new Set();

/** What the history keeps of a command line, so that it can be given again. */
export function invocationOf(
  command: string,
  { words, extra }: Pick<ParsedCommand, "words" | "extra">,
  { line, session }: { readonly line: CommandLine; readonly session: Session },
): Invocation {
  const { profile } = session.load;
  return {
    command,
    options: optionWords(line.given, ONCE),
    words,
    extra,
    cwd: session.cwd,
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Options that were given with the request to repeat a run and hold for that run. */
export const repeatedWith = ({ given }: CommandLine): readonly string[] => optionWords(given, OF_REPEATING);

/** Whether a word of a kept command line agrees to something. */
export const isConsent = (word: string): boolean =>
  CONSENT.some((name) => word === `--${name}` || word.startsWith(`--${name}=`));

/** Options in the form of a command line, but for some by their long names. */
export function optionWords(options: OptionValues, leftOut: ReadonlySet<string> = NONE): readonly string[] {
  const words: string[] = [];
  for (const name in options) {
    const value = options[name];
    if (leftOut.has(name) || value === undefined) continue;
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
