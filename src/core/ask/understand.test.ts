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

  test("the logs of a task are those of its newest run, without one those of the last run", () => {
    expect(commands("why did the deploy fail?")).toEqual(["logs deploy"]);
    expect(commands("show the log")).toEqual(["logs last"]);
  });

  test("how often is said in digits or in words", () => {
    expect(commands("run the tests three times")).toEqual(["run test --repeat 3"]);
    expect(commands("run the tests twice")).toEqual(["run test --repeat 2"]);
    expect(commands("테스트를 다섯 번 돌려줘")).toEqual(["run test --repeat 5"]);
  });

  test("what has changed since something is compared with that", () => {
    expect(commands("what changed since main")).toEqual(["affected --list --base main"]);
    expect(commands("which packages changed since develop")).toEqual(["affected --list --base develop"]);
  });

  test("the cache of one task is cleaned alone, and that of a package is not taken for all of it", () => {
    expect(commands("clear the cache")).toEqual(["cache clean --all"]);
    expect(commands("clear the cache for deploy")).toEqual(["cache clean --task deploy"]);
    expect(commands("remove the cache of web")).toBeUndefined();
  });

  test("the object of a task is not taken for a part of another task's name", () => {
    const tasks = [
      ...names.tasks,
      task("seed"),
      task("db:reset", { name: "db:reset", package: "", isHere: true }),
    ];
    const found = ask("seed the database", { names: { ...names, tasks } });
    expect(found?.commands.flatMap(({ words }) => words) ?? []).not.toContain("db:reset");
    expect(ask("reset the db", { names: { ...names, tasks } })?.commands[0]?.words).toEqual([
      "run",
      "db:reset",
    ]);
  });

  test("a task is meant in the packages beside it, not in those of another task", () => {
    const tasks = ["api", "web"].flatMap((pkg) => [task(`${pkg}:build`), task(`${pkg}:test`)]);
    const said = (sentence: string) => ask(sentence, { names: { ...names, tasks } });
    const words = (sentence: string) => said(sentence)?.commands.map((one) => one.words.join(" "));
    const pairs = ["run api:build web:test"];
    expect(words("build api and test web")).toEqual(pairs);
    expect(words("build api, test web")).toEqual(pairs);
    expect(words("api 빌드하고 web 테스트해")).toEqual(pairs);
    const all = ["run api:build web:build api:test web:test"];
    expect(words("build and test api and web")).toEqual(all);
    expect(words("api랑 web 빌드하고 테스트해줘")).toEqual(all);
    const unclear = said("build api and test web and build");
    expect(unclear === undefined || !isBeyondDoubt(unclear)).toBe(true);
  });

  test("so many last runs are that many", () => {
    expect(commands("show the last 3 runs")).toEqual(["history --limit 3"]);
    expect(commands("show the last run")).toEqual(["history last"]);
  });

  test("'all but' is no 'all'", () => {
    expect(ask("web 말고 다 테스트해줘")).toBeUndefined();
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
