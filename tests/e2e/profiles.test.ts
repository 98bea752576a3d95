import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILE = `
[vars]
where = "base"
[tasks.t]
cmd = "echo \${vars.where} $MODE $LEVEL"
env = { MODE = "default", LEVEL = "0" }
[profiles.dev.tasks.t]
env = { MODE = "dev" }
[profiles.prod]
extends = "dev"
[profiles.prod.tasks.t]
env = { LEVEL = "9" }
[profiles.quiet.tasks.t]
cmd = "echo silence"
`;

test.each([
  [[], {}, "base default 0\n"],
  [["--profile", "dev"], {}, "base dev 0\n"],
  [["-p", "prod"], {}, "base dev 9\n"],
  [["-p", "quiet"], {}, "silence\n"],
  [[], { ZR_PROFILE: "dev" }, "base dev 0\n"],
  [["-p", "prod"], { ZR_PROFILE: "quiet" }, "base dev 9\n"],
] as const)(
  "with %p and %p a task is what the profile and those it extends make of it",
  async (words, env, stdout) => {
    await using project = await makeProject({ "zr.toml": FILE });
    await project
      .zrWith({ env }, "run", "t", "--output=interleaved", ...words)
      .expect({ stdout, stderr: anything });
  },
);

test("a profile's own variables reach tasks, and its settings win over [global]", async () => {
  await using project = await makeProject({
    "zr.toml":
      '[global]\noutput = "prefixed"\n[env]\nA = "1"\n[profiles.p]\nglobal = { output = "interleaved" }\n[profiles.p.env]\nA = "2"\n[tasks.t]\ncmd = "echo $A"\n',
  });
  await project.zr("run", "t", "-p", "p").expect({ stdout: "2\n", stderr: anything });
});

test("a profile that does not exist is a usage error with a suggestion, and a configuration error where a file names it", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  const { stderr } = await project.zr("run", "t", "-p", "pord").expect({ code: 2, stderr: anything });
  expect(stderr).toBe("error[E140]: profile 'pord' does not exist\n  = did you mean 'prod'?\n");
  project.write("zr.toml", `${FILE}[profiles.late]\nextends = "pord"\n`);
  await project.zr("run", "t").expect({ code: 3, stderr: /^error\[E140\]: profile 'pord'/ });
});

test("a profile may change tasks of any package from the root, its own elsewhere, and what a user has for other projects", async () => {
  await using project = await makeProject({
    "zr.toml": `
      include = [{ path = "more.toml", namespace = "more" }]
      [workspace]
      members = ["app"]
      [profiles.ci.tasks.start]
      env = { A = "root" }
    `,
    "more.toml": `
      [tasks]
      own = "true"
      [profiles.ci.tasks.own]
      timeout = "5m"
    `,
    "app/zr.toml": `
      [tasks]
      start = 'echo "$A $B"'
      [profiles.ci.tasks.start]
      env = { B = "app" }
    `,
    "app/package.json": '{ "name": "app", "scripts": { "inferred": "true" } }',
    "../home/.config/zr/config.toml": '[profiles.ci.tasks.elsewhere]\ntimeout = "5m"\n',
  });
  await project.zr("validate", "--profile", "ci").expect({ stdout: /no problems/ });
  await project.zr("run", "app:start", "--profile", "ci", "--raw").expect({ stdout: "root app\n" });
  project.write("app/zr.toml", '[tasks]\nstart = "true"\n[profiles.ci.tasks.own]\ntimeout = "5m"\n');
  await project.zr("validate").expect({
    code: 3,
    stdout: "",
    stderr: /^error\[E159\]: profile 'ci' changes task 'own', which does not exist\n\s+┌─ app\/zr\.toml:3:20/,
  });
});

test("a profile that only one package has is chosen from everywhere, and its mistakes are told everywhere", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["a", "b"]\n',
    "a/zr.toml": '[profiles.ci.env]\nMODE = "ci"\n\n[tasks.t]\ncmd = "echo $MODE"\n',
    "b/zr.toml": '[tasks.t]\ncmd = "true"\n',
  });
  await project.zr("run", "a:t", "--profile", "ci").expect({ stdout: "ci\n" });
  await project.zr("-C", "b", "run", "a:t", "--profile", "ci").expect({ stdout: "ci\n" });
  await project.zr("run", "a:t", "--profile", "cii").expect({ code: 2, stderr: /did you mean 'ci'/ });
  project.write("a/zr.toml", '[profiles.ci]\nextends = "nope"\n\n[tasks.t]\ncmd = "true"\n');
  await project.zr("validate").expect({ code: 3, stderr: /^error\[E140\]: profile 'nope'[^]*a\/zr\.toml:2/ });
});
