import { describe, expect, test } from "bun:test";
import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";
import { globalOptions } from "#frontends/cli/global-options";
import { complete } from "./candidates";
import type { Candidate, KnownNames } from "./completion-source";

const command = (
  name: string,
  words: CommandDefinition["words"],
  rest: Partial<CommandDefinition> = {},
): CommandDefinition => ({
  name,
  summary: `About ${name}`,
  usage: "",
  section: "run",
  options: {},
  words,
  examples: [],
  load: () => Promise.reject(new Error("completion loads no command")),
  ...rest,
});

const runOptions: OptionDefinitions = {
  filter: { type: "string", complete: "package", repeatable: true, description: "Only these" },
  output: { type: "enum", options: ["grouped", "prefixed"], description: "Form" },
  junit: { type: "string", complete: "file", later: "history" },
};

const table: readonly CommandDefinition[] = [
  command("run", "tasks", { complete: "task", options: runOptions, aliases: ["r"] }),
  command("list", "words"),
  command("version", "none"),
  command("fmt", "words", { complete: "file" }),
  command("help", "words", { complete: "command" }),
  command("alias", "words"),
  command("completion", "words"),
  ...["history", "logs", "rerun", "artifacts", "tools", "template", "cache", "ci"].map((name) =>
    command(name, "words", { summary: "" }),
  ),
  command("workflow", "tasks", {
    summary: "",
    complete: "workflow",
    options: {
      resume: { type: "string", valueHint: "RUN" },
      from: { type: "string", valueHint: "STAGE" },
    },
  }),
  command("complete", "words", { summary: "" }),
  command("serve", "words", { later: "the server" }),
];

const deploy = [
  { name: "target", description: "Where to", choices: ["prod", "staging"], isFlag: false, isVariadic: false },
  { name: "region", description: "", choices: ["eu", "us"], isFlag: false, isVariadic: false },
];
const pick = [{ name: "cases", description: "", choices: ["fast", "slow"], isFlag: false, isVariadic: true }];
const clean = [
  { name: "output", description: "", choices: ["all", "none"], isFlag: false, isVariadic: false },
];

const names: KnownNames = {
  tasks: () => [
    { value: "build", description: "Build it" },
    { value: "deploy", description: "" },
    { value: "list", description: "a task with the name of a command" },
  ],
  workflows: () => [{ value: "release", description: "Ship it" }],
  hiddenTasks: () => [{ value: "_secret", description: "" }],
  parameters: (task) => ({ deploy, pick, clean })[task] ?? [],
  profiles: () => ["ci", "prod"],
  packages: () => ["api", "web"],
  tags: () => ["slow"],
  aliases: () => [{ value: "b", description: "zr run build" }],
  aliased: (name) =>
    ({
      b: ["run", "build"],
      d: ["-v", "deploy"],
      l: ["list"],
      circle: ["circle"],
      e: ["run", "build", "--"],
    })[name],
  tools: () => ["node", "go"],
  stages: (workflow) => (workflow === "release" ? ["check", "ship"] : []),
  runs: () => Promise.resolve([{ value: "20261121-093000-ab12", description: "zr run build" }]),
};

let asked = 0;
const ask = (known: KnownNames | undefined, ...words: string[]) =>
  complete(words, {
    table,
    globals: globalOptions,
    codes: () => Promise.resolve([{ value: "E130", description: "a code" }]),
    templates: () => Promise.resolve([{ value: "deploy", description: "" }]),
    names: () => {
      asked += 1;
      return Promise.resolve(known);
    },
  });
const values = async (...words: string[]) =>
  (await ask(names, ...words)).candidates.map(({ value }) => value);

describe("the first word", () => {
  test("it is a command, a task or an alias, with what it does; a command hides a task of its name", async () => {
    const { candidates } = await ask(names, "");
    expect(candidates.map(({ value }) => value)).toEqual([
      "run",
      "list",
      "version",
      "fmt",
      "help",
      "alias",
      "completion",
      "build",
      "deploy",
      "b",
    ]);
    expect(candidates).toContainEqual({ value: "build", description: "Build it" });
    expect(candidates).toContainEqual({ value: "run", description: "About run" });
  });

  test("hidden tasks show up only once their underscore has been written", async () => {
    expect(await values("_")).toContain("_secret");
  });

  test("without a workspace there are the commands", async () => {
    expect((await ask(undefined, "")).candidates.map(({ value }: Candidate) => value)).toEqual([
      "run",
      "list",
      "version",
      "fmt",
      "help",
      "alias",
      "completion",
    ]);
  });

  test("it may stand behind global options", async () => {
    expect(await values("-q", "--profile", "ci", "")).toContain("run");
  });
});

describe("an alias", () => {
  test("is completed as the words that it stands for, options in front of it kept", async () => {
    expect(await values("-q", "d", "")).toEqual(["prod", "staging"]);
    expect(await values("l", "--")).not.toContain("--filter");
    expect((await ask(names, "e", "")).paths).toBe("file");
  });

  test("that stands for itself ends nowhere", async () => {
    expect(await values("circle", "")).toEqual(["build", "deploy", "list"]);
  });
});

describe("options", () => {
  test("a dash offers what the command and every command takes, but nothing used up or of later versions", async () => {
    const found = await values("run", "--output=grouped", "--filter=x", "-q", "-v", "--");
    expect(found).toContain("--filter");
    expect(found).toContain("--verbose");
    expect(found).toContain("--jobs");
    for (const gone of ["--output", "--quiet", "--junit"]) expect(found).not.toContain(gone);
  });

  test("the configuration is not read for them", async () => {
    asked = 0;
    await ask(names, "list", "--");
    expect(asked).toBe(0);
  });

  test("values come from choices, hints, profiles and packages, behind a blank or an equals sign", async () => {
    expect(await values("run", "--output", "")).toEqual(["grouped", "prefixed"]);
    expect(await values("run", "--output=g")).toEqual(["--output=grouped", "--output=prefixed"]);
    expect(await values("--color", "")).toEqual(["auto", "always", "never"]);
    expect(await values("run", "-p", "")).toEqual(["ci", "prod"]);
    expect(await values("run", "build", "--filter", "")).toEqual(["api", "web"]);
    expect(await values("run", "--jobs", "")).toEqual([]);
  });

  test("paths are left to the shell", async () => {
    expect(await ask(names, "--config", "")).toEqual({ candidates: [], paths: "file" });
    expect(await ask(names, "-C", "")).toEqual({ candidates: [], paths: "folder" });
    expect(await ask(names, "fmt", "")).toEqual({ candidates: [], paths: "file" });
    expect(await ask(names, "run", "build", "--", "x")).toEqual({ candidates: [], paths: "file" });
  });
});

describe("tasks and their parameters", () => {
  test("a run takes tasks, also under the alias of the command", async () => {
    expect(await values("run", "")).toEqual(["build", "deploy", "list"]);
    expect(await values("r", "build", "")).toEqual(["build", "deploy", "list"]);
  });

  test("behind a task with parameters come their choices in order, then tasks again", async () => {
    expect(await values("run", "deploy", "")).toEqual(["prod", "staging"]);
    expect(await values("run", "deploy", "prod", "")).toEqual(["eu", "us"]);
    expect(await values("run", "deploy", "prod", "eu", "")).toEqual(["build", "deploy", "list"]);
    expect(await values("deploy", "")).toEqual(["prod", "staging"]);
    expect(await values("run", "deploy", "--target=prod", "")).toEqual(["eu", "us"]);
  });

  test("the value of a parameter may stand behind its name", async () => {
    expect(await values("run", "deploy", "--region", "")).toEqual(["eu", "us"]);
    expect(await values("run", "deploy", "--region", "eu", "")).toEqual(["prod", "staging"]);
  });

  test("a parameter may be given as a word with its name", async () => {
    expect(await values("run", "deploy", "region=")).toEqual(["region=eu", "region=us"]);
    expect(await values("run", "deploy", "target=prod", "")).toEqual(["eu", "us"]);
    expect(await values("run", "deploy", "nothing=")).toEqual(["prod", "staging"]);
  });

  test("a parameter with the name of an option of zr is no option behind its task", async () => {
    expect(await values("run", "clean", "--")).not.toContain("--output=");
    expect(await values("run", "clean", "--")).toContain("--output");
    expect(await values("run", "clean", "output=")).toEqual(["output=all", "output=none"]);
    expect(await values("run", "clean", "--output=raw", "")).toEqual(["all", "none"]);
  });

  test("a variadic parameter takes all further words", async () => {
    expect(await values("run", "pick", "fast", "slow", "")).toEqual(["fast", "slow"]);
  });

  test("parameters are options behind their task, each once", async () => {
    expect(await values("run", "deploy", "--")).toEqual(
      expect.arrayContaining(["--target=", "--region=", "--jobs"]),
    );
    expect(await values("deploy", "--region=eu", "--")).not.toContain("--region=");
    expect(await values("run", "build", "--")).not.toContain("--target=");
    expect(await values("run", "deploy", "--region=")).toEqual(["--region=eu", "--region=us"]);
  });
});

describe("other words", () => {
  test("help takes commands and tasks, and codes once one is begun", async () => {
    expect(await values("help", "")).toEqual(expect.arrayContaining(["run", "build"]));
    expect(await values("help", "")).not.toContain("E130");
    expect(await values("help", "E1")).toContain("E130");
    expect(await values("help", "run", "")).toEqual([]);
  });

  test("alias and completion take their few words", async () => {
    expect(await values("alias", "")).toEqual(["list", "set", "remove"]);
    expect(await values("alias", "remove", "")).toEqual(["b"]);
    expect(await values("alias", "set", "")).toEqual([]);
    expect(await values("completion", "")).toEqual(["bash", "zsh", "fish", "pwsh", "install", "uninstall"]);
    expect(await values("completion", "install", "")).toEqual(["bash", "zsh", "fish", "pwsh"]);
    expect(await values("completion", "bash", "")).toEqual([]);
  });

  test("runs of the history are offered where a run is meant, and tasks behind it", async () => {
    const runs = ["last", "20261121-093000-ab12"];
    expect(await values("history", "")).toEqual(runs);
    expect(await values("logs", "")).toEqual(runs);
    expect(await values("logs", "last", "")).toContain("build");
    expect(await values("rerun", "")).toEqual(runs);
    expect(await values("rerun", "last", "")).toEqual([]);
    expect(await values("artifacts", "get", "")).toEqual(runs);
    expect(await values("workflow", "release", "--resume", "")).toEqual(runs);
    expect((await ask({ ...names, runs: () => Promise.resolve([]) }, "logs", "")).candidates).toEqual([]);
  });

  test("stages are those of the workflow that was written, tools those that are declared", async () => {
    expect(await values("workflow", "release", "--from", "")).toEqual(["check", "ship"]);
    expect(await values("workflow", "nightly", "--from", "")).toEqual([]);
    expect(await values("tools", "install", "node", "")).toEqual(["node", "go"]);
    expect(await values("template", "use", "")).toEqual(["deploy"]);
  });

  test("what stands behind a first word is told by it", async () => {
    expect(await values("cache", "audit", "")).toContain("build");
    expect(await values("cache", "status", "")).toEqual([]);
    expect(await values("ci", "run", "")).toContain("build");
  });

  test("a command without words gets none", async () => {
    expect(await values("version", "")).toEqual([]);
  });
});
