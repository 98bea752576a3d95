import type { ArgsDef } from "citty";

/** One option or positional of a command, in the form of the definition library: data, never a function. */
export type OptionDefinition = ArgsDef[string] & {
  /** May be given several times; the values are a list. */
  readonly repeatable?: boolean;
  /** What a value looks like, checked by the parser. */
  readonly format?:
    "jobs" | "duration" | "key=value" | "regex" | "shard" | "count" | "positive" | "cache-use";
  /** The value where none is given by `=`: such an option never takes the next word. */
  readonly bare?: string;
  /** Where completion takes values from. */
  readonly complete?: "task" | "profile" | "package" | "file" | "folder" | "tag";
  /** Set where this version knows the option but can't do it yet; using it is refused. */
  readonly later?: string;
};

export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

/** Parsed values by the option's long name; a repeatable one is a list, one not given is absent. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** A command line after parsing. */
export interface ParsedCommand {
  readonly options: OptionValues;
  /** Words that are no options, in order; for commands with `tail`, also what follows the first of them. */
  readonly words: readonly string[];
  /** Everything after `--`; nothing where the command has it among its words. */
  readonly extra: readonly string[];
}

/** The command line as commands may use it. Handed to them, since the table that they stand in imports them. */
export interface CommandLine {
  /** Names that an alias may not take. */
  readonly reservedNames: () => readonly string[];
  /** Names of commands that can be run. */
  readonly commandNames: () => readonly string[];
  /** Names of the options of `zr run`, global ones included. */
  readonly runOptions: () => readonly string[];
  /** Names of the user's shortcuts that have led to this command line, first to last. */
  readonly shortcuts: readonly string[];
  /** Runs the command line that a shortcut stands for, and gives its exit code. */
  readonly run: (argv: readonly string[], shortcut: string) => Promise<number>;
  /** Options as they were given, without those that variables set. */
  readonly given: OptionValues;
  /** The run in the history of which only what went wrong is to be run again. */
  readonly failedOf?: string;
  /** Runs the command line of a former run; with `failedOf` only what went wrong in that run. */
  readonly repeat: (argv: readonly string[], failedOf?: string) => Promise<number>;
}

/** What `load` gives: the body of a command. The result is the exit code. */
export interface CommandBody {
  readonly run: (parsed: ParsedCommand, line: CommandLine) => Promise<number>;
}

/** One entry of the command table. Everything here is static, so that listing and help load no command. */
export interface CommandDefinition {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Text after the name in the usage line. */
  readonly usage: string;
  readonly section: "run" | "look" | "configure" | "help";
  /** Where it shares some with `run`, put together when it is looked at: most starts look at one command only. */
  readonly options: OptionDefinitions;
  /**
   * How words are read. `none`: no word is allowed. `words`: any. `tasks`: the first word is a task, and options that
   * are not the command's own are kept among the words in their place, for the task's declared parameters.
   */
  readonly words: "none" | "words" | "tasks";
  /** What stands behind `--` is not one more word; the command says what it is. */
  readonly extraApart?: true;
  /** `-3` is a word, the third last run. */
  readonly numberWords?: true;
  readonly complete?: OptionDefinition["complete"] | "command" | "shell" | "code" | "workflow";
  readonly examples: readonly string[];
  /** Set where this version knows the command but can't do it yet; it says so and exits with 2. */
  readonly later?: string;
  readonly load: () => Promise<CommandBody>;
}
