import { describe, expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { expectRefused, projectWith, RAW_CONTROLS, RUNS } from "./refused";

describe("names that mean something to JavaScript", () => {
  const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

  test.each(NAMES)("%s is a task name like any other", async (name) => {
    await using project = await projectWith(`[tasks.${name}]\ncmd = "touch ran"\n[alias]\nb = "list"\n`);
    await project.zr(name).expect({ stderr: anything });
    expect(project.exists("ran")).toBe(true);
    await project.zr("list", "--all").expect({ stdout: new RegExp(name) });
    await project.zr("show", name).expect({ stdout: new RegExp(name) });
  });

  test.each(NAMES)("%s is no task where nobody defines it", async (name) => {
    await using project = await projectWith(
      `${RUNS}[alias]\nb = "list"\n[profiles.p]\nextends = "q"\n[profiles.q]\n`,
    );
    await project.zr(name).expect({ code: 2, stderr: /^error\[E181\]/ });
    await project.zr("run", name).expect({ code: 2, stderr: /^error\[E160\]/ });
    await project.zr("list", "--profile", name).expect({ code: 2, stderr: /^error\[E140\]/ });
    await project.zr("run", "build", `--${name}=1`).expect({ code: 2, stderr: /^error\[E180\]/ });
    await project.zr("help", name).expect({ code: 2, stderr: /^error\[E181\]/ });
  });

  test.each(NAMES)(
    "%s names a variable, a parameter, a matrix key, a template, a profile and a package",
    async (name) => {
      await using project = await projectWith(
        `
[vars]
${name} = "of vars"
[env]
${name} = "of env"
[templates.${name}]
silent = true
[profiles.${name}.vars]
[tasks.build]
extends = "${name}"
args = [{ name = "${name}", default = "of args" }]
matrix = { ${name} = ["of matrix"] }
cmd = "echo \${vars.${name}}, \${args.${name}}, \${matrix.${name}}, \${env.${name}} > ran"
`.replace(/\[profiles.*\n/, `[profiles.${name}]\n`),
      );
      await project.zr("run", "build", "--profile", name).expect({ stderr: anything });
      expect(project.read("ran")).toBe("of vars, of args, of matrix, of env\n");
    },
  );

  test.each(NAMES)("%s as an unknown key is refused", async (name) => {
    await using project = await projectWith(
      `${name} = 1\n[tasks.build]\ncmd = "touch ran"\n${name} = 2\n[global]\n${name} = 3\n`,
    );
    await expectRefused(project, ["E111", "E110", "E110"]);
  });
});

describe("control characters never reach the terminal raw", () => {
  const ESCAPE = "\\u001b[31m";

  test.each([
    ["a task name", `${RUNS}[tasks."a${ESCAPE}"]\ncmd = "x"\n`],
    ["an unknown key", `${RUNS}"${ESCAPE}" = 1\n`],
    ["an unknown section", `[global]\n"a${ESCAPE}\\u0007" = 1\n${RUNS}`],
    ["a value", `${RUNS}timeout = "${ESCAPE}"\n`],
    ["a name that leads nowhere", `${RUNS}extends = "b${ESCAPE}\\u202e"\n`],
    ["a package", `[workspace.dependencies]\n"${ESCAPE}" = ["\\u009b1m"]\n${RUNS}`],
    ["a file", `include = ["${ESCAPE}.toml"]\n${RUNS}`],
    ["a profile", `[profiles.a]\nextends = "${ESCAPE}"\n${RUNS}`],
    ["a variable", `[env]\n"A${ESCAPE}" = "1"\n${RUNS}`],
    ["a combination", `${RUNS}[tasks.m]\ncmd="x"\nmatrix = { "${ESCAPE}" = 3 }\n`],
  ])("from %s", async (_, text) => {
    await using project = await projectWith(text);
    const { stderr } = await project.zr("run", "build").expect({ code: 3, stderr: anything });
    expect(stderr).not.toMatch(RAW_CONTROLS);
    const { stdout } = await project.zr("list", "--json").expect({ code: 3, stdout: anything });
    expect(stdout).not.toMatch(RAW_CONTROLS);
  });

  test("from the words of the command line", async () => {
    await using project = await projectWith(RUNS);
    for (const words of [
      ["\u001b[31mx"],
      ["run", "\u0007"],
      ["run", "build", "--\u001bx"],
      ["--config", "\u001b", "list"],
      ["list", "--profile=\u009b"],
      ["help", "\u001b[2J"],
      ["show", "\u001b"],
      ["run", "build[\u001b=1]"],
      ["run", "-j", "\u001b"],
    ]) {
      const { stderr, stdout, code } = await project.zr(...words).result();
      expect(code).toBeGreaterThan(1);
      expect(stdout + stderr).not.toMatch(RAW_CONTROLS);
    }
  });

  test("from descriptions, groups, tags and commands in listings", async () => {
    await using project = await projectWith(
      `[tasks.build]\ncmd = "echo ${ESCAPE}"\ndescription = "a${ESCAPE}b\\u202e\\nc"\ngroup = "g${ESCAPE}"\ntags = ["t${ESCAPE}"]\nargs = [{ name = "x", description = "${ESCAPE}", choices = ["${ESCAPE}"] }]\n`,
    );
    for (const words of [
      ["list"],
      ["list", "--tags"],
      ["list", "--tree"],
      ["show", "build"],
      ["explain", "build"],
      ["graph"],
      ["graph", "--format=dot"],
      ["graph", "--format=mermaid"],
      ["run", "build", "--dry-run"],
      ["list", "--json"],
      ["show", "build", "--json"],
    ]) {
      const { stdout, stderr } = await project.zr(...words).result();
      // JSON leaves some as they are: it is read by programs.
      const raw = words.includes("--json") ? /\u001b/ : RAW_CONTROLS;
      expect({ words, found: raw.exec(stdout + stderr) }).toEqual({ words, found: null });
    }
  });
});

test("where no name is alike, the tasks that there are are told", async () => {
  await using project = await projectWith(RUNS);
  const [, tasks = ""] = /^ +(\S+)/.exec((await project.zr("list").result()).stdout) ?? [];
  const here = new RegExp(`^  = tasks here: .*${tasks}`, "m");
  for (const words of [
    ["run"],
    ["run", "qqqqqqqq"],
    ["qqqqqqqq"],
    ["show", "qqqqqqqq"],
    ["help", "qqqqqqqq"],
  ])
    await project.zr(...words).expect({ code: 2, stderr: here });
  const many = Array.from({ length: 13 }, (_, index) => `t${index} = "true"\n`).join("");
  await using large = await projectWith(`[tasks]\n${many}`);
  await large.zr("run").expect({ code: 2, stderr: /^ {2}= `zr list` shows the tasks$/m });
  await large.zr("help", "t20").expect({ code: 2, stderr: /did you mean 't\d+'/ });
});

describe("command lines that make no sense are usage errors", () => {
  test.each([
    [["run"], "E184"],
    [["run", "--nope"], "E180"],
    [["run", "build", "-j", "0"], "E183"],
    [["run", "build", "-j", "-1"], "E182"],
    [["run", "build", "-j", "1e9"], "E183"],
    [["run", "build", "-j", "150%"], "E183"],
    [["run", "build", "--timeout", "soon"], "E183"],
    [["run", "build", "--output", "loud"], "E183"],
    [["run", "build", "--color=sometimes"], "E183"],
    [["run", ""], "E160"],
    [["run", " "], "E160"],
    [["run", "*"], "E160"],
    [["run", "build[", "build[]"], "E160"],
    [["run", "nowhere:build"], "E160"],
    [["run", "^"], "E160"],
    [["run", "tag:x#"], "E160"],
    [["show"], "E184"],
    [["which"], "E184"],
    [["show", "nobody"], "E160"],
    [["explain", "nobody"], "E160"],
    [["graph", "nobody"], "E160"],
    [["which", "nobody"], "E160"],
    [["graph", "--format=png"], "E183"],
    [["graph", "--critical"], "E184"],
    [["exec"], "E184"],
  ] as const)("zr %p", async (words, code) => {
    await using project = await projectWith(RUNS);
    const { stderr } = await project.zr(...words).expect({ code: 2, stderr: anything });
    expect(stderr.match(/(?<=^error\[)E\d+/gm)?.[0]).toBe(code);
    expect(project.exists("ran")).toBe(false);
  });

  test("a folder to go to that is not there, or is a file", async () => {
    await using project = await projectWith(RUNS);
    for (const folder of ["nowhere", "zr.toml"]) {
      await project
        .zr("-C", folder, "run", "build")
        .expect({ code: 2, stderr: `error[E183]: option '--chdir' must be a folder, not '${folder}'\n` });
    }
    expect(project.exists("ran")).toBe(false);
  });

  test("variables that stand for options are held to the same", async () => {
    await using project = await projectWith(RUNS);
    await project
      .zrWith({ env: { ZR_JOBS: "many" } }, "run", "build")
      .expect({ code: 2, stderr: /^error\[E183\]: [^\n]*ZR_JOBS/ });
    await project
      .zrWith({ env: { ZR_PROFILE: "nope" } }, "run", "build")
      .expect({ code: 2, stderr: /^error\[E140\]/ });
    await project
      .zrWith({ env: { ZR_CONFIG: "nope.toml" } }, "run", "build")
      .expect({ code: 3, stderr: /^error\[E155\]/ });
    expect(project.exists("ran")).toBe(false);
  });
});
