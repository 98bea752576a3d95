import { describe, expect, test } from "bun:test";
import type { AskedNames, AskedTask } from "./known";
import { isBeyondDoubt, MAX_SENTENCE, understand } from "./understand";

const task = (ref: string, rest: Partial<AskedTask> = {}): AskedTask => {
  const [name = "", pkg = ""] = ref.split(":").toReversed();
  return { ref, name, package: pkg, isHere: pkg === "", description: "", tags: [], ...rest };
};

const names: AskedNames = {
  tasks: [task("test"), task("api:test"), task("web:bundle"), task("deploy", { choices: ["prod"] })],
  workflows: ["nightly"],
  packages: ["api", "web"],
  tags: [],
  profiles: [],
};

const ask = (sentence: string, rest: Partial<Parameters<typeof understand>[1]> = {}) =>
  understand(sentence, { names, today: "2026-03-01", ...rest });
const commands = (sentence: string): string[] | undefined =>
  ask(sentence)?.commands.map(({ words }) => words.join(" "));

describe("understanding a sentence", () => {
  test("deeds that come one after the other are commands of their own", () => {
    expect(commands("run the tests, then deploy to production")).toEqual(["run test", "run deploy prod"]);
  });

  test("'it' speaks of the package of the deed before", () => {
    expect(commands("test the api and then test it")).toEqual(["run api:test", "run api:test"]);
  });

  test("a task that only one package has needs no package", () => {
    expect(commands("bundle it")).toEqual(["run web:bundle"]);
  });

  test("yesterday is a day of the calendar, also on the first of a month", () => {
    expect(commands("what failed yesterday")).toEqual(["history --status failed --since 2026-02-28"]);
  });

  test("a word that is nearly a task's name is asked for", () => {
    const found = ask("run the tesst");
    expect(found?.commands[0]?.words).toEqual(["run", "test"]);
    expect(found === undefined || isBeyondDoubt(found)).toBe(false);
  });

  test("a package that lacks the task is asked for, and not another's task run", () => {
    const found = ask("test web");
    expect(found === undefined || !isBeyondDoubt(found)).toBe(true);
  });

  test("a verb that says not to, a question and a condition stop everything", () => {
    for (const sentence of [
      "don't test",
      "should I run the tests?",
      "test the api unless it is red",
      "테스트 돌리지 마",
    ])
      expect(ask(sentence)).toBeUndefined();
  });

  test("a dry run of what asks is done at once, since it changes nothing", () => {
    const found = ask("dry run of deploy to prod");
    expect(found?.commands[0]?.words).toEqual(["run", "deploy", "prod", "--dry-run"]);
    expect(found !== undefined && isBeyondDoubt(found)).toBe(true);
  });

  test("a task whose name says that it is seen by others asks however well it was understood", () => {
    const found = ask("deploy prod");
    expect(found?.confidence).toBe(1);
    expect(found !== undefined && isBeyondDoubt(found)).toBe(false);
  });

  test("a language that is named is the only one", () => {
    expect(ask("lance les test", { language: "fr" })?.language).toBe("fr");
    expect(ask("zeig mir alle aufgaben", { language: "en" })).toBeUndefined();
  });

  test("what is empty or longer than a sentence is not understood", () => {
    for (const sentence of ["", "  ", "?!", `test ${"x".repeat(MAX_SENTENCE)}`])
      expect(ask(sentence)).toBeUndefined();
  });
});

describe("names that stand beside each other", () => {
  const tasks = [
    task("compile", { description: "Compile the sources" }),
    task("docs", { description: "Pages for readers" }),
    task("unit", { description: "Unit tests" }),
    task("bench"),
    task("gen", { description: "Write what is made from the protocol" }),
    task("a:test"),
    task("b:test"),
  ];
  const here = (sentence: string) =>
    understand(sentence, {
      names: { tasks, workflows: [], packages: ["a", "b"], tags: [], profiles: [] },
      today: "2026-03-01",
    });
  const wordsOf = (sentence: string) => here(sentence)?.commands.map(({ words }) => words.join(" "));

  test("the verb of what is made is no task of its own", () => {
    expect(wordsOf("build the docs")).toEqual(["run docs"]);
    expect(wordsOf("build and docs")).toEqual(["run compile docs"]);
    expect(wordsOf("run the unit tests")).toEqual(["run unit"]);
  });

  test("a task that is called like a command of zr is run where nothing else is spoken of", () => {
    expect(wordsOf("run the benchmarks")).toEqual(["run bench"]);
  });

  test("a task that several packages have is meant in all of them, and asked about", () => {
    const found = here("run the tests");
    expect(found?.commands[0]?.words).toEqual(["run", "test", "--all"]);
    expect(found !== undefined && isBeyondDoubt(found)).toBe(false);
  });

  test("a task can be meant by words of its description, and is asked about", () => {
    const found = here("write the protocol");
    expect(found?.commands[0]?.words).toEqual(["run", "gen"]);
    expect(found !== undefined && isBeyondDoubt(found)).toBe(false);
  });
});

test("a sentence that could mean a task or a command of zr is asked about", () => {
  const found = understand("run list", {
    names: { tasks: [task("list")], workflows: [], packages: [], tags: [], profiles: [] },
    today: "2026-03-01",
  });
  expect(found).toBeDefined();
  expect(found !== undefined && isBeyondDoubt(found)).toBe(false);
});
