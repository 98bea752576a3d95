import { describe, expect, test } from "bun:test";
import { defineCommand, parseArgs, renderUsage } from "citty";
import { RUN_OPTIONS } from "#core/plan/parameter-word";
import type { CommandDefinition, OptionDefinitions } from "./command";
import { commands } from "./commands";
import { globalOptions } from "./global-options";
import { choicesOf } from "./option-format";
import { parseArguments } from "./parse-args";
import { isHidden, lettersOf } from "./usage";

const options = (command: CommandDefinition): OptionDefinitions => ({ ...globalOptions, ...command.options });

test("names and other names of commands are given once", () => {
  const names = commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test("the planner knows the options of zr run, which parameters can't be given by", () => {
  const run = commands.find(({ name }) => name === "run");
  const names = Object.keys(run === undefined ? {} : options(run)).toSorted();
  expect([...RUN_OPTIONS]).toEqual(names);
});

describe.each(commands.map((command) => [command.name, command] as const))("zr %s", (_name, command) => {
  test("no letter stands for two options", () => {
    const letters = Object.values(options(command)).flatMap(lettersOf);
    expect(letters.filter((letter, at) => letters.indexOf(letter) !== at)).toEqual([]);
  });

  test("every option says what it does, and a default is one of its choices", () => {
    for (const [name, definition] of Object.entries(command.options)) {
      expect(`${name}: ${definition.description ?? ""}`).toMatch(/: [A-Z]/);
      const choices = choicesOf(definition);
      if (choices.length > 0 && definition.default !== undefined)
        expect(choices).toContain(String(definition.default));
    }
  });

  test("its examples are command lines that can be read", () => {
    for (const example of command.examples) {
      const words = [...example.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(
        (match) => match[1] ?? match[2] ?? match[3] ?? "",
      );
      if (words[0] !== "zr" || words.includes("|")) continue;
      const result = parseArguments(words.slice(1), commands, globalOptions);
      expect(result).toMatchObject({ ok: true, value: { command: { name: command.name } } });
    }
  });

  test("citty takes the definitions as they are", async () => {
    const args = options(command);
    expect(parseArgs(["--quiet", "word"], args)).toMatchObject({ quiet: true, _: ["word"] });
    const usage = await renderUsage(
      defineCommand({ meta: { name: command.name, description: command.summary }, args }),
    );
    for (const name of Object.keys(command.options)) expect(usage).toContain(`--${name}`);
  });

  test("it has a summary without a full stop, unless only scripts call it", () => {
    if (!isHidden(command)) expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
  });
});
