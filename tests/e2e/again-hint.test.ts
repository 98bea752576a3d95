import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const again = (text: string): string[] =>
  [...text.matchAll(/^ {2}again +(.*)$/gm)].map((match) => match[1] ?? "");
const unquoted = (word: string): string => word.replace(/^'(.*)'$/, "$1");

test("the command that runs a failed task again repeats how its configuration was chosen, and works", async () => {
  await using project = await makeProject({
    "sub/other.toml": `[profiles.dev.env]\nCODE = "4"\n[tasks.fail]\ncmd = "exit $CODE"`,
  });
  const first = await project.zr("run", "-C", "sub", "--config", "other.toml", "-p", "dev", "fail").result();
  expect(first.code).toBe(4);
  const [hint = ""] = again(first.stderr);
  expect(hint).toBe("zr run --chdir=sub --config=other.toml --profile=dev fail --only");
  const second = await project.zr(...hint.split(" ").slice(1)).result();
  expect(second.code).toBe(4);
});

test("a handler that failed is asked for by its task, and what a step called with arguments is not hinted at", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.main]
      cmds = ["true", { task = "called", args = ["x"] }]
      on_failure = "handler"
      [tasks.called]
      cmd = "exit 3"
      args = [{ name = "a" }]
      [tasks.handler]
      cmd = "exit 5"
    `,
  });
  const { stderr } = await project.zr("run", "main", "--jobs", "1").result();
  expect(again(stderr)).toContain("zr run handler --only");
  expect(again(stderr).some((hint) => hint.includes("called"))).toBe(false);
});

test("the command that runs a failed task again gives it the same values, variables and arguments", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [vars]
      word = "none"
      [tasks.deploy]
      cmd = 'echo "$WHO \${vars.word} \${args.target} \${args.size}"; exit "$ZR_ARG_code"'
      args = [
        { name = "target", required = true },
        { name = "size", default = "small" },
        { name = "code", type = "number", default = 1 },
      ]
      [tasks.tail]
      cmd = ["sh", "-c", 'echo "$@"; exit 7', "tail"]
      [tasks.list]
      cmd = 'echo "\${args.files}"; exit 8'
      args = [{ name = "kind", default = "x" }, { name = "files", variadic = true }]
    `,
  });
  const shown: readonly (readonly [readonly string[], string, string])[] = [
    [
      ["deploy", "the cloud", "--code=4", "--set", "word=hello", "-e", "WHO=me"],
      "zr run --set=word=hello --env=WHO=me deploy 'the cloud' --code=4 --only",
      "me hello the cloud small\n",
    ],
    [["deploy", "--target=-x"], "zr run deploy --target=-x --only", " none -x small\n"],
    [["tail", "--", "a b", "--only"], "zr run tail --only -- 'a b' --only", "a b --only\n"],
    [["list", "x", "one", "two"], "zr run list x one two --only", "one two\n"],
  ];
  for (const [words, hint, output] of shown) {
    const first = await project.zr("run", ...words).result();
    expect(again(first.stderr)).toEqual([hint]);
    const second = await project.zr(...(hint.match(/'[^']*'|\S+/g) ?? []).slice(1).map(unquoted)).result();
    expect(second.stdout).toBe(output);
    expect({ code: second.code, again: again(second.stderr) }).toEqual({ code: first.code, again: [hint] });
  }
});

test("a task that nobody could be asked about is run again with consent, and no value that is secret is repeated", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.drop]
      cmd = "true"
      confirm = "Drop it?"
      [tasks.login]
      cmd = "exit 3"
      args = [{ name = "token" }]
      [tasks.fail]
      cmd = "exit 3"
    `,
  });
  const asked = await project.zr("run", "drop").result();
  expect(again(asked.stderr)).toEqual(["zr run drop --only --yes"]);
  expect((await project.zr("run", "drop", "--only", "--yes").result()).code).toBe(0);
  const login = await project.zr("run", "login", "hunter2hunter2").result();
  expect(login.stderr).not.toContain("hunter2");
  expect(again(login.stderr)).toEqual([]);
  const named = await project.zr("run", "fail", "-e", "API_TOKEN=hunter2hunter2").result();
  expect(named.stderr).not.toContain("hunter2");
});
