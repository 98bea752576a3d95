import type { Diagnostic } from "#base/diagnostic";
import { err, ok, type Result } from "#base/result";
import { suggest } from "#base/suggest";
import type { CommandDefinition, OptionDefinition, OptionDefinitions, ParsedCommand } from "./command";
import { choicesOf, isCounted, valueProblem } from "./option-format";

/** A command line, taken apart. */
export interface ParsedArguments {
  /** The command that the first word names; undefined where it names none, so may be a task, or where there is none. */
  readonly command: CommandDefinition | undefined;
  /** The first word, as given. */
  readonly name: string | undefined;
  /** Where `command` is undefined, everything as `run` reads it, the first word among the words. */
  readonly parsed: ParsedCommand;
}

/**
 * Takes a command line apart. The definitions are those of citty, and so is the meaning of what both can express
 * (`tests/property/args.test.ts`); on top come repeatable options, counted flags, formats, task words and diagnostics.
 *
 * Values: text for options with a value, `true` or `false` for flags (`--no-x`), the number of times as text for a
 * counted flag (`-vv` is `"2"`), a list for a repeatable option. An option not given is absent; of one given twice the
 * last counts.
 *
 * @param argv the words after the program's name.
 * @returns all problems of the command line together, E180 to E186; with `--help` among the options, none.
 */
export function parseArguments(
  argv: readonly string[],
  table: readonly CommandDefinition[],
  globals: OptionDefinitions,
): Result<ParsedArguments, readonly Diagnostic[]> {
  const run = findCommand(table, "run");
  const at = commandIndex(argv, globals, run?.options ?? {});
  const name = argv[at];
  const command = name === undefined ? undefined : findCommand(table, name);
  const definition = command ?? run;
  const reader = new Reader(argv, definition, globals);
  const parsed = reader.read(command === undefined ? -1 : at);
  if (parsed.options["help"] === true) return ok({ command, name, parsed });
  if (command?.later !== undefined) return err([notYet(`zr ${command.name}`, command.later)]);
  return reader.problems.length > 0 ? err(reader.problems) : ok({ command, name, parsed });
}

/** The command with this name or alias. */
export function findCommand(
  table: readonly CommandDefinition[],
  name: string,
): CommandDefinition | undefined {
  for (const command of table) {
    if (command.name === name || command.aliases?.includes(name) === true) return command;
  }
  return undefined;
}

/** An option by its long name; a command's own wins over a global one. */
export function findOption(
  name: string,
  own: OptionDefinitions,
  globals: OptionDefinitions,
): OptionDefinition | undefined {
  if (Object.hasOwn(own, name)) return own[name];
  return Object.hasOwn(globals, name) ? globals[name] : undefined;
}

/** The long name of a one-letter option. */
export function longName(
  letter: string,
  own: OptionDefinitions,
  globals: OptionDefinitions,
): string | undefined {
  return nameOfLetter(letter, own) ?? nameOfLetter(letter, globals);
}

function nameOfLetter(letter: string, definitions: OptionDefinitions): string | undefined {
  for (const name in definitions) {
    const definition = definitions[name];
    const alias = definition !== undefined && "alias" in definition ? definition.alias : undefined;
    if (alias === letter || (typeof alias === "object" && alias.includes(letter))) return name;
  }
  return undefined;
}

/** Whether an option is followed by a value. */
export const takesValue = (definition: OptionDefinition): boolean => definition.type !== "boolean";

/** `--no-x` of an option with a value that has a word for it. */
const NEGATED: Readonly<Record<string, string>> = { color: "never" };

const looksLikeOption = (word: string): boolean => word.length > 1 && word.startsWith("-");

/**
 * Where the first word stands that is neither an option nor an option's value; the length of `argv` where there is
 * none. What comes before it can only be global or, since `zr NAME` is `zr run NAME`, an option of `run`.
 */
export function commandIndex(
  argv: readonly string[],
  globals: OptionDefinitions,
  run: OptionDefinitions,
): number {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word === "--") return argv.length;
    if (!looksLikeOption(word)) return at;
    if (isFollowedByValue(word, run, globals)) at += 1;
  }
  return argv.length;
}

/** Whether the next word is the value of this one. */
export function isFollowedByValue(word: string, own: OptionDefinitions, globals: OptionDefinitions): boolean {
  if (word.startsWith("--")) {
    const definition = word.includes("=") ? undefined : findOption(word.slice(2), own, globals);
    return definition !== undefined && takesValue(definition) && definition.bare === undefined;
  }
  for (let at = 1; at < word.length; at += 1) {
    const name = longName(word[at] ?? "", own, globals);
    const definition = name === undefined ? undefined : findOption(name, own, globals);
    if (definition === undefined) return false;
    if (takesValue(definition)) return at === word.length - 1;
  }
  return false;
}

function notYet(what: string, feature: string): Diagnostic {
  return { code: "E186", severity: "error", data: { what, feature } };
}

type MutableOptions = Record<string, string | boolean | string[]>;

/** One pass over a command line whose command is known. */
class Reader {
  readonly problems: Diagnostic[] = [];
  readonly #argv: readonly string[];
  readonly #own: OptionDefinitions;
  readonly #globals: OptionDefinitions;
  readonly #command: CommandDefinition | undefined;
  readonly #options: MutableOptions = {};
  readonly #words: string[] = [];
  #at = 0;

  constructor(argv: readonly string[], command: CommandDefinition | undefined, globals: OptionDefinitions) {
    this.#argv = argv;
    this.#command = command;
    this.#own = command?.options ?? {};
    this.#globals = globals;
  }

  /** @param commandAt where the command's own name stands, which is no word of it. */
  read(commandAt: number): ParsedCommand {
    let extra: readonly string[] = [];
    for (; this.#at < this.#argv.length; this.#at += 1) {
      const word = this.#argv[this.#at] ?? "";
      if (word === "--") {
        extra = this.#argv.slice(this.#at + 1);
        break;
      }
      if (this.#at === commandAt) continue;
      const isNumber = this.#command?.numberWords === true && /^-\d+$/.test(word);
      if (isNumber || !looksLikeOption(word)) this.#words.push(word);
      else if (word.startsWith("--")) this.#readLong(word);
      else this.#readShort(word);
    }
    if (this.#command?.words === "none") {
      for (const value of [...this.#words, ...extra])
        this.#problem("E185", { command: `zr ${this.#command.name}`, value });
    }
    const { words = "tasks", extraApart = false } = this.#command ?? {};
    return words === "words" && !extraApart
      ? { options: this.#options, words: [...this.#words, ...extra], extra: [] }
      : { options: this.#options, words: this.#words, extra };
  }

  #readLong(word: string): void {
    const equals = word.indexOf("=");
    const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
    const inline = equals === -1 ? undefined : word.slice(equals + 1);
    const definition = findOption(name, this.#own, this.#globals);
    if (definition !== undefined) this.#take(name, definition, { shown: `--${name}`, inline });
    else if (inline !== undefined || !this.#negate(name)) this.#unknown(word, `--${name}`);
  }

  #negate(name: string): boolean {
    const positive = name.startsWith("no-") ? name.slice(3) : "";
    const definition = findOption(positive, this.#own, this.#globals);
    if (definition === undefined) return false;
    const negated = takesValue(definition) ? NEGATED[positive] : false;
    if (negated === undefined) return false;
    this.#options[positive] = negated;
    return true;
  }

  /** `-qyj4`: flags, and at the end maybe an option with its value. */
  #readShort(word: string): void {
    const names: string[] = [];
    for (let at = 1; at < word.length; at += 1) {
      const name = longName(word[at] ?? "", this.#own, this.#globals);
      const definition = name === undefined ? undefined : findOption(name, this.#own, this.#globals);
      if (name === undefined || definition === undefined) {
        this.#unknown(word, `-${word[at]}`);
        return;
      }
      names.push(name);
      if (takesValue(definition)) break;
    }
    for (const [index, name] of names.entries()) {
      const definition = findOption(name, this.#own, this.#globals);
      const rest = word.slice(index + 2);
      const inline =
        rest === "" || definition === undefined || !takesValue(definition)
          ? undefined
          : rest.replace(/^=/, "");
      if (definition !== undefined) this.#take(name, definition, { shown: `-${word[index + 1]}`, inline });
    }
  }

  #take(
    name: string,
    definition: OptionDefinition,
    given: { readonly shown: string; readonly inline: string | undefined },
  ): void {
    const { shown } = given;
    if (definition.later !== undefined) this.problems.push(notYet(shown, definition.later));
    if (!takesValue(definition)) {
      this.#setFlag(name, definition, given);
      return;
    }
    const value = given.inline ?? definition.bare ?? this.#nextValue();
    if (value === undefined) {
      this.#problem("E182", { name: shown });
      return;
    }
    const expected = valueProblem(definition, value);
    if (expected !== undefined)
      this.#problem("E183", { name: shown, expected, found: value }, suggest(value, choicesOf(definition)));
    if (definition.repeatable !== true) this.#options[name] = value;
    else this.#options[name] = [...listOf(this.#options[name]), value];
  }

  #nextValue(): string | undefined {
    const next = this.#argv[this.#at + 1];
    if (next === undefined || looksLikeOption(next)) return undefined;
    this.#at += 1;
    return next;
  }

  #setFlag(
    name: string,
    definition: OptionDefinition,
    { shown, inline }: { readonly shown: string; readonly inline: string | undefined },
  ): void {
    if (inline !== undefined && inline !== "true" && inline !== "false") {
      this.#problem("E183", { name: shown, expected: "true or false", found: inline });
    }
    const isOn = inline !== "false";
    const before = this.#options[name];
    if (isOn && isCounted(definition))
      this.#options[name] = `${(typeof before === "string" ? Number(before) : 0) + 1}`;
    else this.#options[name] = isOn;
  }

  /** Behind a task's name, an option that zr does not know is one of the task's parameters. */
  #unknown(word: string, shown: string): void {
    if (this.#command?.words === "tasks" && this.#words.length > 0) {
      this.#words.push(word);
      return;
    }
    if (this.#command?.later !== undefined) return;
    const names = shown.startsWith("--")
      ? suggest(shown.slice(2), optionNames(this.#own, this.#globals))
      : [];
    const where = this.#command === undefined ? "" : ` of 'zr ${this.#command.name}'`;
    this.#problem(
      "E180",
      { name: shown, where },
      names.map((name) => `--${name}`),
    );
  }

  #problem(code: string, data: Diagnostic["data"], suggestions: readonly string[] = []): void {
    this.problems.push({ code, severity: "error", data, ...(suggestions.length > 0 ? { suggestions } : {}) });
  }
}

const listOf = (value: string | boolean | string[] | undefined): readonly string[] =>
  typeof value === "object" ? value : [];

const optionNames = (own: OptionDefinitions, globals: OptionDefinitions): readonly string[] => [
  ...Object.keys(own),
  ...Object.keys(globals),
];
