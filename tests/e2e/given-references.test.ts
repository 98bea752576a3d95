import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { startsOf } from "./events";

const lines = (stdout: string): readonly string[] => stdout.trimEnd().split("\n").toSorted();

for (const key of ["deps", "deps_serial", "pipeline", "cmds"]) {
  test(`references in what ${key} gives are those of the task that writes them, and each value has its instance`, async () => {
    await using project = await makeProject({
      "zr.toml": `
        [vars]
        who = "me"
        [tasks.ship]
        ${key} = [
          { task = "d", args = { region = "\${matrix.region}" }, env = { BY = "\${task.name} for \${vars.who} in \${matrix.region}" } },
        ]
        matrix = { region = ["eu", "us"] }
        [tasks.d]
        cmd = 'echo "\${args.region} on \${matrix.os}: $BY"'
        matrix = { os = ["linux"] }
        args = [{ name = "region" }]
      `,
    });
    const { stdout } = await project
      .zr("run", "ship", "--raw")
      .expect({ stdout: anything, stderr: anything });
    expect(lines(stdout)).toEqual(["eu on linux: ship for me in eu", "us on linux: ship for me in us"]);
  });
}

test("arguments, pattern matches, package and workspace are the caller's too", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [workspace]
      members = ["app", "lib"]
    `,
    "lib/zr.toml": `
      [tasks.show]
      cmd = 'printf "%s|" "$ZR_ARG_a" "$ZR_ARG_b" "$P" "$HERE"'
      args = [{ name = "a" }, { name = "b" }]
    `,
    "app/zr.toml": `
      [tasks."go:*"]
      deps = [{ task = "lib:show", args = ["\${match.0}", "\${args.to}"], env = { P = "\${package.name} \${package.path}", HERE = "\${workspace.root}" } }]
      args = [{ name = "to", default = "home" }]
    `,
  });
  const { stdout } = await project
    .zr("run", "app:go:far", "--raw")
    .expect({ stdout: anything, stderr: anything });
  expect(project.normalize(stdout)).toBe("far|home|app app|<root>|");
});

test("callers that give equal values share an instance, however they write them", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      deps = [{ task = "d", args = ["\${matrix.n}"], env = { X = "x\${matrix.n} \${run.id}" } }]
      matrix = { n = ["1", "2"] }
      [tasks.b]
      deps = [{ task = "d", args = { n = 1 }, env = { X = "x1 \${run.id}" } }]
      [tasks.c]
      deps = [{ task = "d", args = { n = 1 }, env = { X = "x1 $\${run.id}" } }]
      [tasks.d]
      cmd = "true"
      args = [{ name = "n" }]
    `,
  });
  const { stdout } = await project
    .zr("run", "a", "b", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(stdout).toSorted()).toEqual(["d", "d#2"]);
  // What only looks like a reference is another value.
  const { stdout: others } = await project
    .zr("run", "b", "c", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(others).toSorted()).toEqual(["d", "d#2"]);
});

test("what only a run knows is that of the task that gets the variable", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.caller]
      deps = [{ task = "d", env = { X = "\${env.OWN} \${output.version} \${vars.v}" } }]
      env = { OWN = "the caller's" }
      [vars]
      v = "$OWN"
      [tasks.d]
      cmd = 'echo "$X"'
      env = { OWN = "its own" }
      deps = ["version"]
      [tasks.version]
      cmd = "echo 1.2"
      share_output = true
      silent = true
    `,
  });
  await project.zr("run", "caller", "--raw").expect({ stdout: "its own 1.2 $OWN\n", stderr: anything });
});

test("an argument that only a run knows is refused where it stands, before anything runs", async () => {
  for (const reference of ["output.d", "git.sha", "run.id", "env.HOME"]) {
    await using project = await makeProject({
      "zr.toml": `
        [tasks]
        a = { deps = [{ task = "d", args = ["x\${${reference}}"] }] }
        d = { cmd = "touch ran", args = [{ name = "x" }] }
      `,
    });
    const refused = { code: 3, stderr: new RegExp(`E178[^]*${reference}[^]*zr\\.toml:2:39`) };
    await project.zr("run", "a").expect(refused);
    await project.zr("validate").expect(refused);
    expect(project.exists("ran")).toBe(false);
  }
});

test("an unknown key in what a task gives is refused once, where it stands, with what was meant", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [vars]
      where = "x"
      [tasks.a]
      deps = [{ task = "d", args = { x = "\${matrix.regoin}" }, env = { A = { value = "\${vars.whree}" } } }]
      matrix = { region = ["eu", "us"] }
      [tasks.d]
      cmd = "true"
      args = [{ name = "x" }]
      matrix = { regoin = ["only the callee has this"] }
    `,
  });
  for (const words of [["run", "a"], ["validate"]]) {
    const { stdout, stderr } = await project
      .zr(...words)
      .expect({ code: 3, stdout: anything, stderr: /E172[^]*zr\.toml:4:37[^]*matrix\.region}/ });
    expect(stderr).toMatch(/zr\.toml:4:81[^]*vars\.where}/);
    expect(`${stdout}${stderr}`.match(/E172/g)).toHaveLength(2);
  }
});

test("a value that is not allowed is refused by validate, one that nobody has given yet is not", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      deps = [{ task = "d", args = ["\${args.region}"] }]
      args = [{ name = "region", required = true }]
      [tasks.d]
      cmd = "echo \${args.region}"
      args = [{ name = "region", choices = ["eu", "us"] }]
    `,
  });
  await project.zr("validate").expect({ stdout: anything, stderr: anything });
  await project.zr("run", "a", "us", "--raw").expect({ stdout: "us\n", stderr: anything });
  await project.zr("run", "a", "ap").expect({ code: 3, stderr: /E162[^]*zr\.toml:2/ });
  const { stderr } = await project.zr("run", "a").expect({ code: 2, stderr: /E161/ });
  expect(stderr).not.toContain("E162");
  project.write(
    "zr.toml",
    `[tasks]\na = { deps = [{ task = "d", args = ["\${matrix.r}"] }], matrix = { r = ["ap"] } }\nd = { cmd = "true", args = [{ name = "r", choices = ["eu"] }] }`,
  );
  await project.zr("validate").expect({ code: 3, stderr: /E162[^]*zr\.toml:2/ });
});

test("a value in env is never read as a command, a variable or the rest of a variable's name", async () => {
  const values = ["; touch pwned", "$(touch pwned)", "`touch pwned`", "it's $HOME \"\\", "_2", "plain"];
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = 'printf "%s\\n" "$A" "$B" "$C" "$D" "$E"'
      args = [{ name = "p" }]
      [tasks.a.env]
      A = "$(printf %s \${args.p})"
      B = "$(printf %s \\"\${args.p}\\")"
      C = "$(printf %s '\${args.p}')"
      D = "$NAME\${args.p}"
      E = "\${UNSET:-\${args.p}}"
    `,
  });
  for (const value of values) {
    const { stdout } = await project
      .zrWith({ env: { NAME: "n", NAME_2: "wrong" } }, "run", "a", `--p=${value}`, "--raw")
      .expect({ stdout: anything });
    expect(stdout).toBe([value, value, value, `n${value}`, value, ""].join("\n"));
  }
  expect(project.exists("pwned")).toBe(false);
});

test("a value that can't be written safely into a command or a default of env is refused", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = 'echo "$A"'
      args = [{ name = "p" }]
      env = { A = "$(echo \\"$(echo \${args.p})\\")" }
      [tasks.b]
      cmd = 'echo "$A"'
      args = [{ name = "p" }]
      env = { A = "\${UNSET:-\${args.p}}" }
    `,
  });
  await project.zr("run", "a", "--p=safe").expect({ stdout: "safe\n" });
  await project.zr("run", "a", "--p=$(touch pwned)").expect({ code: 3, stderr: /E189[^]*a command/ });
  await project.zr("run", "b", "--p=a}b").expect({ code: 3, stderr: /E189[^]*default/ });
  expect(project.exists("pwned")).toBe(false);
});

test("the picks of a stage's tasks are filled with inputs, variables and the value that the stage is run for", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [vars]
      first = "linux"
      [tasks.t]
      cmd = "echo \${matrix.os}"
      matrix = { os = ["linux", "mac", "win"] }
      [workflows.w]
      inputs = [{ name = "os", default = "mac" }]
      stages = [
        { name = "a", tasks = ["t[os=\${vars.first}]", "t[os=\${args.os}]"] },
        { name = "b", for_each = ["win"], tasks = ["t[os=\${matrix.item}]"] },
      ]
    `,
  });
  const { stdout } = await project.zr("workflow", "w", "--raw", "--quiet").expect({
    stdout: anything,
    stderr: anything,
  });
  expect(lines(stdout)).toEqual(["linux", "mac", "win"]);
  await project.zr("workflow", "w", "--input", "os=bsd").expect({
    code: 3,
    stderr: /E169[^]*no combination of task 't' has os=bsd/,
  });
});
