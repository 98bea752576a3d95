import { isRunOption } from "#core/plan/parameter-word";
import type { CommandDefinition, OptionDefinition, OptionDefinitions } from "#frontends/cli/command";
import { choicesOf } from "#frontends/cli/option-format";
import {
  commandIndex,
  findCommand,
  findOption,
  isFollowedByValue,
  longName,
  takesValue,
} from "#frontends/cli/parse-args";
import { isHidden } from "#frontends/cli/usage";
import { SHELLS } from "./first-words";
import type {
  Candidate,
  Completion,
  CompletionSource,
  KnownNames,
  KnownParameter,
} from "./completion-source";
import { kindOfOption, nextWord } from "./word-kinds";
import type { WordKind } from "./word-kinds";

function namesOf(kind: "profile" | "package" | "tag", names: KnownNames | undefined): readonly string[] {
  if (names === undefined) return [];
  return kind === "profile" ? names.profiles() : kind === "package" ? names.packages() : names.tags();
}

const NOTHING: Completion = { candidates: [] };
const plain = (values: readonly string[]): Candidate[] => values.map((value) => ({ value, description: "" }));

/**
 * What may stand in place of the last word. Nothing is left out because it does not start like that word, since shells
 * have matching of their own.
 *
 * @param words the words after the program's name up to the cursor; the last one, maybe empty, is being written.
 * @param aliases those of the user that have been replaced by what they stand for.
 */
export async function complete(
  words: readonly string[],
  source: CompletionSource,
  aliases: readonly string[] = [],
): Promise<Completion> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  if (before.includes("--")) return { candidates: [], paths: "file" };
  const run = source.table.find((command) => command.name === "run");
  const at = commandIndex(before, source.globals, run?.options ?? {});
  const name = before[at];
  const command = name === undefined ? undefined : findCommand(source.table, name);
  if (name !== undefined && command === undefined) {
    const known = aliases.includes(name) ? undefined : await source.names();
    const meant = known?.aliased(name);
    if (meant !== undefined)
      return complete([...before.slice(0, at), ...meant, ...words.slice(at + 1)], source, [...aliases, name]);
  }
  const line = new Line(before, current, {
    command: command ?? run,
    commandAt: command === undefined ? -1 : at,
    source,
  });
  return line.complete(name === undefined);
}

interface LineSetting {
  /** The command that reads the line; `run` where the first word names none. */
  readonly command: CommandDefinition | undefined;
  /** Where the command's own name stands; -1 where it does not. */
  readonly commandAt: number;
  readonly source: CompletionSource;
}

class Line {
  readonly #before: readonly string[];
  readonly #current: string;
  readonly #setting: LineSetting;
  readonly #own: OptionDefinitions;
  readonly #words: string[] = [];
  /** The name of the unknown option that stands right before a word, by the word's place among the words. */
  readonly #namedBefore = new Map<number, string>();
  readonly #given = new Set<string>();
  /** The option whose value is being written. */
  #open: OptionDefinition | undefined;

  constructor(before: readonly string[], current: string, setting: LineSetting) {
    this.#before = before;
    this.#current = current;
    this.#setting = setting;
    this.#own = setting.command?.options ?? {};
    this.#read();
  }

  #read(): void {
    const { commandAt, source } = this.#setting;
    let unknown: string | undefined;
    for (let at = 0; at < this.#before.length; at += 1) {
      const word = this.#before[at] ?? "";
      if (at === commandAt) continue;
      if (unknown !== undefined) this.#namedBefore.set(this.#words.length, unknown);
      unknown = undefined;
      if (word.length < 2 || !word.startsWith("-")) {
        this.#words.push(word);
        continue;
      }
      if (isUnknown(word, this.#own, source.globals)) unknown = word.slice(2);
      const name = word.startsWith("--")
        ? word.slice(2).split("=", 1)[0]
        : longName(word.at(-1) ?? "", this.#own, source.globals);
      if (name !== undefined) this.#given.add(name);
      if (!isFollowedByValue(word, this.#own, source.globals)) continue;
      at += 1;
      if (at === this.#before.length && name !== undefined)
        this.#open = findOption(name, this.#own, source.globals);
    }
    if (unknown !== undefined) this.#namedBefore.set(this.#words.length, unknown);
  }

  async complete(isFirst: boolean): Promise<Completion> {
    if (this.#open !== undefined) return this.#values(this.#open, "");
    const equals = this.#current.indexOf("=");
    if (this.#current.startsWith("--") && equals !== -1) return this.#inlineValue(equals);
    if (this.#current.startsWith("-"))
      return { candidates: [...this.#options(), ...(await this.#parameterOptions())] };
    const parameter = equals > 0 ? await this.#parameterNamed(this.#current.slice(0, equals)) : undefined;
    if (parameter !== undefined) return choicesBehind(this.#current.slice(0, equals + 1), parameter);
    return isFirst ? this.#firstWord() : this.#nextWord();
  }

  async #inlineValue(equals: number): Promise<Completion> {
    const name = this.#current.slice(2, equals);
    const prefix = this.#current.slice(0, equals + 1);
    const definition = findOption(name, this.#own, this.#setting.source.globals);
    if (definition !== undefined) return takesValue(definition) ? this.#values(definition, prefix) : NOTHING;
    return choicesBehind(prefix, await this.#parameterNamed(name));
  }

  async #parameterNamed(name: string): Promise<KnownParameter | undefined> {
    return (await this.#parameters()).find((one) => one.name === name);
  }

  #options(): Candidate[] {
    const names = new Set([...Object.keys(this.#own), ...Object.keys(this.#setting.source.globals)]);
    const found: Candidate[] = [];
    for (const name of names) {
      const definition = findOption(name, this.#own, this.#setting.source.globals);
      const isUsedUp =
        this.#given.has(name) && definition?.repeatable !== true && definition?.format !== "count";
      if (definition === undefined || definition.later !== undefined || isUsedUp) continue;
      found.push({ value: `--${name}`, description: definition.description ?? "" });
    }
    return found;
  }

  async #parameterOptions(): Promise<Candidate[]> {
    const open = (await this.#parameters()).filter(({ name }) => !this.#given.has(name));
    return open
      .filter(({ name }) => !isRunOption(name))
      .map(({ name, description }) => ({ value: `--${name}=`, description }));
  }

  /** Parameters of the last word that is a task with some; for commands whose words are tasks. */
  async #parameters(): Promise<readonly KnownParameter[]> {
    if (this.#setting.command?.words !== "tasks" || this.#words.length === 0) return [];
    const names = await this.#setting.source.names();
    for (const word of this.#words.toReversed()) {
      const parameters = names?.parameters(word) ?? [];
      if (parameters.length > 0) return parameters;
    }
    return [];
  }

  async #values(definition: OptionDefinition, prefix: string): Promise<Completion> {
    if (definition.complete === "file" || definition.complete === "folder")
      return { candidates: [], paths: definition.complete };
    const choices = choicesOf(definition);
    const hinted = (definition.valueHint ?? "").split("|");
    const fixed =
      choices.length > 0 || hinted.length < 2 || hinted.some((hint) => !/^[a-z-]+$/.test(hint))
        ? choices
        : hinted;
    const candidates = fixed.length > 0 ? plain(fixed) : await this.#named(kindOfOption(definition));
    return {
      candidates: candidates.map(({ value, description }) => ({ value: prefix + value, description })),
    };
  }

  async #named(kind: WordKind | undefined): Promise<readonly Candidate[]> {
    const { source } = this.#setting;
    switch (kind) {
      case "command":
        return commandCandidates(source.table);
      case "shell":
        return plain(SHELLS);
      case "code":
        return source.codes();
      case "task":
        return this.#tasks(await source.names());
      case "profile":
      case "package":
      case "tag":
        return plain(namesOf(kind, await source.names()));
      case "tool":
      case "alias":
      case "run":
      case "stage":
        return this.#recorded(kind, await source.names());
      case "template":
        return source.templates();
      case "workflow":
        return this.#words.length > 0 ? [] : ((await source.names())?.workflows() ?? []);
      case "file":
      case "folder":
      case undefined:
        return [];
    }
  }

  async #recorded(
    kind: "tool" | "alias" | "run" | "stage",
    names: KnownNames | undefined,
  ): Promise<readonly Candidate[]> {
    if (names === undefined) return [];
    if (kind === "tool") return plain(names.tools());
    if (kind === "stage") return plain(names.stages(this.#words[0] ?? ""));
    if (kind === "alias") return names.aliases();
    const runs = await names.runs();
    return runs.length === 0 ? [] : [{ value: "last", description: "The last run" }, ...runs];
  }

  #tasks(names: KnownNames | undefined): readonly Candidate[] {
    const shown = names?.tasks() ?? [];
    return this.#current.startsWith("_") ? [...shown, ...(names?.hiddenTasks() ?? [])] : shown;
  }

  async #firstWord(): Promise<Completion> {
    const { source } = this.#setting;
    const names = await source.names();
    const commands = commandCandidates(source.table);
    const known = new Set(commands.map(({ value }) => value));
    const others = [...this.#tasks(names), ...(names?.aliases() ?? [])].filter(
      ({ value }) => !known.has(value),
    );
    return { candidates: [...commands, ...others] };
  }

  async #nextWord(): Promise<Completion> {
    const { command, source } = this.#setting;
    if (command === undefined || command.words === "none") return NOTHING;
    const next = nextWord(command.name, this.#words);
    if (next !== undefined) return this.#wordOf(next);
    if (command.words === "tasks" && this.#words.length > 0) {
      const choices = await this.#argument();
      if (choices !== undefined) return { candidates: plain(choices) };
    }
    if (command.complete === "file" || command.complete === "folder")
      return { candidates: [], paths: command.complete };
    if (command.complete !== "command") return { candidates: await this.#named(command.complete) };
    if (this.#words.length > 0) return NOTHING;
    const codes = /^[EWew]\d*$/.test(this.#current) ? await source.codes() : [];
    return {
      candidates: [...commandCandidates(source.table), ...this.#tasks(await source.names()), ...codes],
    };
  }

  async #wordOf(next: readonly string[] | WordKind | "nothing"): Promise<Completion> {
    if (typeof next !== "string") return { candidates: plain(next) };
    if (next === "nothing") return NOTHING;
    if (next === "file" || next === "folder") return { candidates: [], paths: next };
    return { candidates: await this.#named(next) };
  }

  /** The choices of the parameter that the current word is for; undefined where a task may follow instead. */
  async #argument(): Promise<readonly string[] | undefined> {
    const names = await this.#setting.source.names();
    let all: readonly KnownParameter[] = [];
    let open: readonly KnownParameter[] = [];
    // The parameter whose value stands behind its name.
    const named = (at: number): KnownParameter | undefined =>
      all.find((one) => one.name === this.#namedBefore.get(at) && !one.isFlag);
    for (const [at, word] of this.#words.entries()) {
      if (named(at) !== undefined) continue;
      const given = all.find(({ name }) => word.startsWith(`${name}=`));
      const [next] = open;
      if (given !== undefined) open = open.filter((one) => one !== given);
      else if (next === undefined) {
        all = names?.parameters(word) ?? [];
        open = all.filter(({ name }) => isRunOption(name) || !this.#given.has(name));
      } else if (!next.isVariadic) open = open.slice(1);
    }
    return (named(this.#words.length) ?? open[0])?.choices;
  }
}

const choicesBehind = (prefix: string, parameter: KnownParameter | undefined): Completion => ({
  candidates: plain((parameter?.choices ?? []).map((choice) => prefix + choice)),
});

/** Whether a word is a long option that zr does not know, with its value in the next word if it has one. */
function isUnknown(word: string, own: OptionDefinitions, globals: OptionDefinitions): boolean {
  return (
    word.startsWith("--") && !word.includes("=") && findOption(word.slice(2), own, globals) === undefined
  );
}

function commandCandidates(table: readonly CommandDefinition[]): Candidate[] {
  const shown = table.filter((command) => command.later === undefined && !isHidden(command));
  return shown.map(({ name, summary }) => ({ value: name, description: summary }));
}
