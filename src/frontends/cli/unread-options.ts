import { withEnvironment } from "./environment-options";
import { globalOptions } from "./global-options";
import type { OptionDefinitions, OptionValues } from "./command";

type Environment = Readonly<Record<string, string | undefined>>;

/** Options that say how zr is to speak. */
const OF_SPEECH = ["json", "format", "color"] as const;

/** How to speak about a command line that could not be read: as far as it says so itself, else as variables say. */
export function spokenOptions(argv: readonly string[], env: Environment): OptionValues {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const given: Record<string, string | boolean> = {};
  for (const [at, word] of words.entries()) {
    const [, name = "", inline] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const value = inline ?? words[at + 1];
    if (name === "json") given["json"] = inline !== "false";
    else if (name === "no-color") given["color"] = "never";
    else if ((name === "format" || name === "color") && value !== undefined) given[name] = value;
  }
  return withSpeech(given, env);
}

/** The options, and of variables those that say how to speak; what they say wrongly counts as not said. */
export function withSpeech(options: OptionValues, env: Environment): OptionValues {
  let spoken = options;
  for (const name of OF_SPEECH) {
    const definitions: OptionDefinitions = { [name]: globalOptions[name] };
    const read = withEnvironment(spoken, env, definitions);
    if (read.ok) spoken = read.value;
  }
  return spoken;
}
