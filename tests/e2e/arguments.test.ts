import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

/** What would do harm if it were pasted into a shell text. */
const HOSTILE: readonly string[] = [
  `'; touch pwned; '`,
  `"; touch pwned; "`,
  "$(touch pwned)",
  "`touch pwned`",
  "a\nb; touch pwned",
  "$HOME ${HOME} \\ * ~",
  "&& touch pwned #",
  `'"'"'`,
  "-n",
  "",
  "한국어 \u{1F980}",
];

/** Every way of quoting in which a parameter may be named. */
const CONTEXTS: readonly (readonly [name: string, command: string])[] = [
  ["plain", "printf '%s' ${args.x}"],
  ["double quotes", `printf '%s' "\${args.x}"`],
  ["inside double quotes", `printf '%s' "<\${args.x}>"`],
  ["single quotes", "printf '%s' '${args.x}'"],
  ["inside single quotes", "printf '%s' '<${args.x}>'"],
  ["a command substitution", `printf '%s' "$(printf '%s.' "\${args.x}")"`],
  ["an assignment", `y=\${args.x}; printf '%s' "$y"`],
  ["a heredoc", "cat <<END\n${args.x}\nEND"],
];

for (const [name, command] of CONTEXTS) {
  test(`\${args.x} in ${name} is handed over as a variable, never pasted`, async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.a]\ncmd = '''\n${command}\n'''\nargs = [{ name = "x" }]`,
    });
    for (const value of HOSTILE) {
      const { stdout } = await project
        .zr("run", "a", `--x=${value}`, "--raw")
        .expect({ stdout: anything, stderr: anything });
      const shown = stdout.replace(/^<([^]*)>$/, "$1");
      if (name === "a command substitution") expect(stdout).toBe(`${value}.`);
      else if (name === "a heredoc") expect(stdout).toBe(`${value}\n`);
      else expect(shown).toBe(value);
    }
    expect(project.exists("pwned")).toBe(false);
  });
}

test("a parameter in argv, in env and in cwd is one word, as it is", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = ["printf", "%s|", "\${args.x}", "x=\${args.x}"]
      args = [{ name = "x" }]
      [tasks.b]
      cmd = 'printf "%s" "$Y"'
      env = { Y = "\${args.x}" }
      args = [{ name = "x" }]
    `,
  });
  for (const value of HOSTILE.filter((text) => text !== "")) {
    expect((await project.zr("run", "a", `--x=${value}`).expect({ stdout: anything })).stdout).toBe(
      `${value}|x=${value}|`,
    );
    expect((await project.zr("run", "b", `--x=${value}`).expect({ stdout: anything })).stdout).toBe(value);
  }
  expect(project.exists("pwned")).toBe(false);
});

test("$VAR, ${VAR} and $(command) in cmd belong to the shell and are not touched by zr", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = '''x=inner; echo "$x \${x} \${x:-d} \${x%r} $(echo sub) \\$x" '$x' $((1+1)) '$$\{args.x}''''`,
  });
  await project.zr("run", "a").expect({ stdout: "inner inner inner inne sub $x $x 2 ${args.x}\n" });
});

test("arguments after -- are appended to a single simple command that does not mention them, each quoted", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "printf '<%s>'"\nb = { cmd = ["printf", "<%s>"] }\nc = "echo hi"`,
  });
  const words = ["a b", "$(touch pwned)", "it's", "", "*"];
  for (const task of ["a", "b"])
    await project
      .zr("run", task, "--", ...words)
      .expect({ stdout: words.map((word) => `<${word}>`).join("") });
  await project.zr("run", "c", "--", "there").expect({ stdout: "hi there\n" });
  expect(project.exists("pwned")).toBe(false);
});

test(`"$@" in a command receives the arguments after --, in scripts too`, async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = 'for x in "$@"; do echo "<$x>"; done'
      b = 'echo "first $1"; echo end'
      c = { cmds = ["echo one", 'echo "$#"'] }
      d = { script = 'echo "$2"' }
    `,
  });
  await project.zr("run", "a", "--", "x y", "z").expect({ stdout: "<x y>\n<z>\n" });
  await project.zr("run", "b", "--", "x").expect({ stdout: "first x\nend\n" });
  await project.zr("run", "c", "--", "x", "y").expect({ stdout: "one\n2\n" });
  await project.zr("run", "d", "--", "x", "y").expect({ stdout: "y\n" });
});

test(`extra arguments for a compound command that mentions none are a usage error that says where to put "$@"`, async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "touch ran; true"\nb = "true | cat"\nc = { cmds = ["true", "true"] }`,
  });
  for (const task of ["a", "b", "c"])
    await project.zr("run", task, "--", "x").expect({ code: 2, stderr: /E164[^]*"\$@"/ });
  expect(project.exists("ran")).toBe(false);
});

test("declared parameters take words in order, names, variables and defaults, and are checked before anything runs", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.deploy]
      cmd = 'echo "\${args.where} \${args.region} \${args.count}" ; touch ran'
      args = [
        { name = "where", required = true, choices = ["prod", "test"] },
        { name = "region", default = "eu", env = "REGION" },
        { name = "count", type = "number", default = "1" },
      ]
      [tasks.many]
      cmd = 'echo "\${args.files}"'
      args = [{ name = "files", variadic = true }]
    `,
  });
  await project.zr("run", "deploy", "prod").expect({ stdout: "prod eu 1\n" });
  await project.zr("run", "deploy", "prod", "us", "3").expect({ stdout: "prod us 3\n" });
  await project.zr("run", "deploy", "--count=2", "--where", "test").expect({ stdout: "test eu 2\n" });
  await project.zrWith({ env: { REGION: "ap" } }, "run", "deploy", "prod").expect({ stdout: "prod ap 1\n" });
  await project.zr("run", "many", "a", "b").expect({ stdout: "a b\n" });
  project.remove("ran");
  await project.zr("run", "deploy").expect({ code: 2, stderr: /E161/ });
  await project.zr("run", "deploy", "prdo").expect({ code: 2, stderr: /E162[^]*prod/ });
  await project.zr("run", "deploy", "prod", "--count=x").expect({ code: 2, stderr: /E162/ });
  await project.zr("run", "deploy", "prod", "eu", "1", "more").expect({ code: 2, stderr: /no task 'more'/ });
  await project.zr("run", "deploy", "prod", "--regoin=x").expect({ code: 2, stderr: /--region/ });
  expect(project.exists("ran")).toBe(false);
});

test("a parameter can't be put into a script of another language, which is told to use the variable", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\nscript = '''\n#!/usr/bin/env python3\nprint("\${args.x}")\n'''\nargs = [{ name = "x" }]`,
  });
  await project.zr("run", "a", "v").expect({ code: 3, stderr: /E173[^]*ZR_ARG_x/ });
});

test("an unknown key in a known namespace is an error with suggestions", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = "echo \${args.nmae}"\nargs = [{ name = "name" }]`,
  });
  await project.zr("run", "a", "x").expect({ code: 3, stderr: /E172[^]*'args\.name'|E172[^]*name/ });
});

test("extra arguments come before a comment that the command ends with", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = "printf '<%s>' # to $HOME"\nb = "printf '<%s>' \\"#no comment\\" #"`,
  });
  await project.zr("run", "a", "--", "x y", "#z").expect({ stdout: "<x y><#z>" });
  await project.zr("run", "b", "--", "x").expect({ stdout: "<#no comment><x>" });
});

test("extra arguments that no command could get are a usage error, and nothing runs", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      unit = "touch ran"
      group = { deps = ["unit"] }
      calls = { cmds = [{ task = "unit" }] }
    `,
  });
  for (const task of ["group", "calls"])
    await project.zr("run", task, "--", "x").expect({ code: 2, stderr: new RegExp(`E198[^]*'${task}'`) });
  await project.zr("run", "unit", "group", "--", "x").expect({ code: 2, stderr: /E198[^]*'group'/ });
  expect(project.exists("ran")).toBe(false);
  await project.zr("run", "group").expect({ stderr: anything });
});

test("the word after an unknown option of a task is taken for its value unless it is a task", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "true"\nb = "true"` });
  const told = async (...words: string[]) =>
    (await project.zr("run", "a", ...words).expect({ code: 2, stderr: anything })).stderr.match(/E\d+/g);
  expect(await told("--highlite", "3")).toEqual(["E180"]);
  expect(await told("--highlite", "b")).toEqual(["E180"]);
  expect(await told("--highlite", "3", "nope")).toEqual(["E180", "E160"]);
  expect(await told("--highlite=3", "nope")).toEqual(["E180", "E160"]);
});

test("a negative number is a value where the task wants one, else an unknown option", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.shift]\ncmd = "echo \${args.by}"\nargs = [{ name = "by", type = "number" }]`,
  });
  await project.zr("run", "shift", "-5").expect({ stdout: "-5\n" });
  await project.zr("run", "shift", "-.5").expect({ stdout: "-.5\n" });
  await project.zr("run", "shift", "1", "-5").expect({ code: 2, stderr: /E180/ });
});

const HIDDEN = `
  [tasks.wipe]
  description = "Take away what was built"
  cmd = "echo force=\${args.force} tag=\${args.tag} jobs=\${args.jobs} what=\${args.what}; exit \${args.jobs}"
  args = [
    { name = "what", default = "all" },
    { name = "force", type = "boolean", description = "Also what is not ours" },
    { name = "tag" },
    { name = "jobs", default = "0" },
  ]
`;

test("a parameter with the name of an option of zr is given by a word with its name", async () => {
  await using project = await makeProject({ "zr.toml": HIDDEN });
  const runs: readonly (readonly [readonly string[], string])[] = [
    [["force=true", "tag=v1"], "force=true tag=v1 jobs=0 what=all"],
    [["dist", "tag=a=b c", "force=true"], "force=true tag=a=b c jobs=0 what=dist"],
    [["--force", "dist"], "force=false tag= jobs=0 what=dist"],
    [["what=x=y"], "force=false tag= jobs=0 what=x=y"],
    [["other=1"], "force=false tag= jobs=0 what=other=1"],
    [["--what=tag=1"], "force=false tag= jobs=0 what=tag=1"],
  ];
  for (const [words, printed] of runs)
    for (const command of [["run", "wipe"], ["wipe"]])
      await project.zr(...command, ...words, "--raw").expect({ stdout: `${printed}\n`, stderr: anything });
  await project.zr("run", "wipe", "force=1").expect({ code: 2, stderr: /E162[^]*true or false/ });
});

test("what a failure and a repetition say gives such a parameter in the way that works", async () => {
  await using project = await makeProject({ "zr.toml": HIDDEN });
  const { stderr } = await project
    .zr("run", "wipe", "--what=tag=1", "force=true", "jobs=3", "--raw")
    .expect({ code: 3, stdout: anything, stderr: anything });
  const again = /again {4}zr (.*)/.exec(stderr)?.[1] ?? "";
  expect(again).toBe("run wipe --what=tag=1 true jobs=3 --only");
  const printed = "force=true tag= jobs=3 what=tag=1\n";
  await project.zr(...again.split(" "), "--raw").expect({ code: 3, stdout: printed, stderr: anything });
  await project.zr("rerun").expect({ code: 3, stdout: printed, stderr: anything });
});

test("validate warns of a parameter with the name of an option, and the pages of the task say how to give it", async () => {
  await using project = await makeProject({ "zr.toml": HIDDEN });
  const { stdout, stderr } = await project.zr("validate").expect({ stdout: anything, stderr: anything });
  expect(`${stdout}${stderr}`).toContain(
    "warning[E144]: parameter 'force' of task 'wipe' has the name of an option of zr",
  );
  expect(`${stdout}${stderr}`.match(/\[E144\]/g)).toHaveLength(3);
  await project.zr("validate", "--strict").expect({ code: 3, stdout: anything, stderr: /E144/ });
  await project.zr("show", "wipe").expect({ stdout: /zr run wipe force=VALUE tag=VALUE jobs=VALUE\n/ });
  for (const help of [
    ["help", "wipe"],
    ["wipe", "--help"],
  ])
    await project
      .zr(...help)
      .expect({ stdout: /--what +\(default all\)\n +force=VALUE +Also what is not ours\n +tag=VALUE\n/ });
});

test("words behind -- are words of a command that has no task to give them to, and never left unread", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmd = "echo a > a.txt", outputs = ["a.txt"] }
      b = { cmd = "echo b > b.txt", outputs = ["b.txt"] }
    `,
  });
  await project.zr("run", "a", "b").expect({ stdout: anything, stderr: anything });
  await project.zr("clean", "--", "a").expect({ stdout: anything, stderr: anything });
  expect([project.exists("a.txt"), project.exists("b.txt")]).toEqual([false, true]);
  await project.zr("history", "--", "nope").expect({ code: 2, stderr: /E400\]: 'nope' is no run/ });
  await project.zr("logs", "last", "--", "nope").expect({ code: 2, stderr: /nope/ });
  await project.zr("ci", "list", "--", "x").expect({ code: 2, stderr: /E185\]/ });
});
