import { describe, expect, test } from "bun:test";
import type { CommandDefinition, OptionDefinitions } from "./command";
import { globalOptions } from "./global-options";
import { parseArguments } from "./parse-args";

const command = (
  name: string,
  words: CommandDefinition["words"],
  options: OptionDefinitions = {},
): CommandDefinition => ({
  name,
  summary: name,
  usage: "",
  section: "run",
  options,
  words,
  examples: [],
  load: () => Promise.reject(new Error("not loaded by parsing")),
});

const table: readonly CommandDefinition[] = [
  {
    ...command("run", "tasks", {
      filter: { type: "string", repeatable: true },
      "keep-going": { type: "boolean", alias: "k" },
      env: { type: "string", alias: "e", repeatable: true, format: "key=value" },
      "no-cache": { type: "boolean" },
      shard: { type: "string", format: "shard" },
      grep: { type: "string", format: "regex" },
      repeat: { type: "string", format: "count" },
      output: { type: "enum", options: ["grouped", "prefixed"] },
      monitor: { type: "boolean", later: "monitoring" },
    }),
    aliases: ["r"],
  },
  command("list", "words", { depth: { type: "string" } }),
  command("version", "none"),
  { ...command("serve", "words"), later: "the server" },
];

const parse = (...argv: string[]) => parseArguments(argv, table, globalOptions);

function parsed(...argv: string[]) {
  const result = parse(...argv);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function problems(...argv: string[]): Record<string, unknown>[] {
  const result = parse(...argv);
  return result.ok
    ? []
    : result.error.map(({ code, data, suggestions }) => ({
        code,
        ...data,
        ...(suggestions ? { suggestions } : {}),
      }));
}

describe("options", () => {
  test.each([
    [["run", "-j4", "x"], { jobs: "4" }],
    [["run", "-j", "4", "x"], { jobs: "4" }],
    [["run", "-j=4", "x"], { jobs: "4" }],
    [["run", "--jobs=4", "x"], { jobs: "4" }],
    [["run", "--jobs", "50%", "x"], { jobs: "50%" }],
    [["-j", "4", "run", "x"], { jobs: "4" }],
    [["run", "x", "-j4"], { jobs: "4" }],
    [["run", "-qyj4", "x"], { quiet: true, yes: true, jobs: "4" }],
    [["run", "-vv", "x"], { verbose: "2" }],
    [["run", "-v", "x", "--verbose", "-v"], { verbose: "3" }],
    [["run", "--quiet=false", "x"], { quiet: false }],
    [["run", "--no-quiet", "x"], { quiet: false }],
    [["run", "--no-color", "x"], { color: "never" }],
    [["run", "--no-cache", "--no-input", "x"], { "no-cache": true, "no-input": true }],
    [["run", "-e", "A=1", "--env=B=2=3", "x"], { env: ["A=1", "B=2=3"] }],
    [["run", "--jobs=1", "--jobs=2", "x"], { jobs: "2" }],
    [["run", "--filter=", "x"], { filter: [""] }],
    [["run", "--grep=-x", "x"], { grep: "-x" }],
  ])("%j is read as %j", (argv, options) => {
    expect(parsed(...argv)).toMatchObject({
      name: expect.any(String),
      parsed: { options, words: ["x"], extra: [] },
    });
    expect(Object.keys(parsed(...argv).parsed.options)).toEqual(Object.keys(options));
  });

  test("what follows `--` is kept as it is, further dashes included", () => {
    expect(parsed("run", "x", "--", "-j4", "--", "y").parsed).toEqual({
      options: {},
      words: ["x"],
      extra: ["-j4", "--", "y"],
    });
  });

  test("of a command that takes words, what follows `--` is more of them, unless it wants that apart", () => {
    expect(parsed("list", "x", "--", "-y").parsed).toEqual({ options: {}, words: ["x", "-y"], extra: [] });
    const own = [{ ...command("flow", "words", {}), extraApart: true as const }];
    expect(parseArguments(["flow", "x", "--", "-y"], own, globalOptions)).toMatchObject({
      value: { parsed: { words: ["x"], extra: ["-y"] } },
    });
  });

  test("a single dash is a word, and a bang is one too", () => {
    expect(parsed("list", "-").parsed.words).toEqual(["-"]);
    expect(parsed("!-3")).toMatchObject({ command: undefined, name: "!-3" });
  });

  test("an option of the command wins over the global one of the same letter or name", () => {
    const own = [...table, command("graph", "words", { jobs: { type: "boolean", alias: "q" } })];
    const result = parseArguments(["graph", "-q", "--jobs", "x"], own, globalOptions);
    expect(result).toMatchObject({ ok: true, value: { parsed: { options: { jobs: true }, words: ["x"] } } });
  });
});

describe("the command", () => {
  test("it is found by name and by alias, before and behind global options", () => {
    expect(parsed("-q", "list").command?.name).toBe("list");
    expect(parsed("r", "x")).toMatchObject({ name: "r", command: { name: "run" }, parsed: { words: ["x"] } });
    expect(parsed("-C", "list", "run", "x")).toMatchObject({
      command: { name: "run" },
      parsed: { options: { chdir: "list" } },
    });
  });

  test("a first word that is no command is read as the task of `run`", () => {
    expect(parsed("build", "--keep-going", "--region=eu", "--", "y")).toEqual({
      command: undefined,
      name: "build",
      parsed: { options: { "keep-going": true }, words: ["build", "--region=eu"], extra: ["y"] },
    });
    expect(parsed("--filter", "list", "build")).toMatchObject({ command: undefined, name: "build" });
  });

  test("without a word there is no command", () => {
    expect(parsed("--version")).toEqual({
      command: undefined,
      name: undefined,
      parsed: { options: { version: true }, words: [], extra: [] },
    });
    expect(parsed("--", "run").name).toBeUndefined();
  });

  test("behind a task, options that zr does not know stay among the words in their place", () => {
    expect(
      parsed("run", "deploy", "prod", "--region", "eu", "-k", "-z", "--no-wait", "--depth=2").parsed,
    ).toEqual({
      options: { "keep-going": true },
      words: ["deploy", "prod", "--region", "eu", "-z", "--no-wait", "--depth=2"],
      extra: [],
    });
  });
});

describe("problems", () => {
  test.each<[string[], Record<string, unknown>[]]>([
    [
      ["run", "--keep-gonig", "x"],
      [{ code: "E180", name: "--keep-gonig", where: " of 'zr run'", suggestions: ["--keep-going"] }],
    ],
    [["run", "-qz", "x"], [{ code: "E180", name: "-z", where: " of 'zr run'" }]],
    [
      ["list", "x", "--dpeth=2"],
      [{ code: "E180", name: "--dpeth", where: " of 'zr list'", suggestions: ["--depth"] }],
    ],
    [
      ["list", "--no-depth"],
      [{ code: "E180", name: "--no-depth", where: " of 'zr list'", suggestions: ["--depth"] }],
    ],
    [["list", "--constructor"], [{ code: "E180", name: "--constructor", where: " of 'zr list'" }]],
    [["run", "x", "--jobs"], [{ code: "E182", name: "--jobs" }]],
    [["run", "-j", "-q", "x"], [{ code: "E182", name: "-j" }]],
    [
      ["run", "--jobs=0", "x"],
      [{ code: "E183", name: "--jobs", expected: "a number from 1 or a share such as 50%", found: "0" }],
    ],
    [
      ["run", "--timeout=5 min", "x"],
      [{ code: "E183", name: "--timeout", expected: "a duration such as 30s, 5m or 1h30m", found: "5 min" }],
    ],
    [
      ["run", "-e", "=1", "x"],
      [{ code: "E183", name: "-e", expected: "of the form NAME=VALUE", found: "=1" }],
    ],
    [
      ["run", "--shard=6/5", "x"],
      [{ code: "E183", name: "--shard", expected: "a part of a whole such as 2/5", found: "6/5" }],
    ],
    [
      ["run", "--grep=(", "x"],
      [{ code: "E183", name: "--grep", expected: "a regular expression", found: "(" }],
    ],
    [
      ["run", "--repeat=many", "x"],
      [{ code: "E183", name: "--repeat", expected: "a whole number", found: "many" }],
    ],
    [
      ["run", "--quiet=maybe", "x"],
      [{ code: "E183", name: "--quiet", expected: "true or false", found: "maybe" }],
    ],
    [
      ["run", "--output=group", "x"],
      [
        {
          code: "E183",
          name: "--output",
          expected: "one of grouped, prefixed",
          found: "group",
          suggestions: ["grouped"],
        },
      ],
    ],
    [
      ["version", "now", "--", "y"],
      [
        { code: "E185", command: "zr version", value: "now" },
        { code: "E185", command: "zr version", value: "y" },
      ],
    ],
    [["run", "--monitor", "x"], [{ code: "E186", what: "--monitor", feature: "monitoring" }]],
    [["serve", "--port", "80"], [{ code: "E186", what: "zr serve", feature: "the server" }]],
  ])("%j is refused with %j", (argv, expected) => {
    expect(problems(...argv)).toEqual(expected);
  });

  test("all problems are reported together", () => {
    expect(problems("run", "--jobs=x", "--nope", "x", "--timeout=y").map(({ code }) => code)).toEqual([
      "E183",
      "E180",
      "E183",
    ]);
  });

  test("help is given whatever else is wrong, for commands of later versions too", () => {
    expect(parsed("run", "--nope", "--help").parsed.options["help"]).toBe(true);
    expect(parsed("serve", "-h").command?.name).toBe("serve");
  });
});
