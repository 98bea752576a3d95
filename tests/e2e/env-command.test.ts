import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const CONFIG = `
  [global]
  dotenv = true

  [env]
  PORT = "8080"
  URL = "http://localhost:$PORT"
  API_TOKEN = "s3cr3t-value"
  HEADER = "token $API_TOKEN"

  [templates.web]
  env = { MODE = "web" }

  [tasks.serve]
  extends = "web"
  cmd = "true"
  env = { PORT = "9090" }

  [tasks.each]
  cmd = "true"
  matrix = { os = ["linux", "darwin"] }

  [profiles.base.env]
  PORT = "1"
  STAGE = "base"

  [profiles.prod]
  extends = "base"
  env = { PORT = "2" }
`;
const FILES = { "zr.toml": CONFIG, ".env": "# comment\nPORT=7070\n" };

test("without a task the environment is the package's: what its layers set, secrets as comments", async () => {
  await using project = await makeProject(FILES);
  await project.zr("env").expect({
    stdout:
      "# API_TOKEN=**** (masked)\n# HEADER=token **** (masked)\n" +
      "export PORT=8080\nexport URL=http://localhost:8080\n",
  });
});

test("with a task it is the task's, and -e is its highest layer", async () => {
  await using project = await makeProject(FILES);
  const { stdout } = await project.zr("env", "serve", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout)).toEqual({
    API_TOKEN: "****",
    HEADER: "token ****",
    MODE: "web",
    PORT: "9090",
    URL: "http://localhost:9090",
  });
  const flagged = await project.zr("env", "-e", "PORT=1", "serve", "--json").expect({ stdout: anything });
  expect(JSON.parse(flagged.stdout)).toMatchObject({ PORT: "1", URL: "http://localhost:1" });
});

test("--all has also what comes from the system, --show-secrets the secrets", async () => {
  await using project = await makeProject(FILES, { env: { FROM_SYSTEM: "1", SYSTEM_TOKEN: "abcdef" } });
  const { stdout } = await project.zr("env", "--all", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout)).toMatchObject({ FROM_SYSTEM: "1", SYSTEM_TOKEN: "****", HOME: project.home });
  const open = await project.zr("env", "--show-secrets", "--json").expect({ stdout: anything });
  expect(JSON.parse(open.stdout)).toMatchObject({ API_TOKEN: "s3cr3t-value", HEADER: "token s3cr3t-value" });
});

const AWKWARD = {
  QUOTES: `a 'b' "c"`,
  LINES: "one\ntwo $HOME\nEOF\n",
  DOLLAR: "5 $HOME `x` \\n",
  HASH: "#no comment",
  EMPTY: "",
};
const awkwardToml = Object.entries(AWKWARD)
  .map(([name, value]) => `${name} = ${JSON.stringify(value.replaceAll("$", "$$$$"))}`)
  .join("\n");

test("a shell that evaluates the output has the values as they are", async () => {
  await using project = await makeProject({ "zr.toml": `[env]\n${awkwardToml}\nGONE = false\n` });
  const { stdout } = await project.zrWith({ env: { GONE: "x" } }, "env").expect({ stdout: anything });
  const names = Object.keys(AWKWARD);
  const script = `${stdout}\nprintf '%s|' ${names.map((name) => `"$${name}"`).join(" ")} "\${GONE-unset}"`;
  const shell = Bun.spawnSync(["sh", "-c", script], { env: { GONE: "x" } });
  expect(shell.stdout.toString()).toBe([...Object.values(AWKWARD), "unset", ""].join("|"));
});

test("a dotenv file written by it means the values as they are", async () => {
  await using project = await makeProject({ "zr.toml": `[env]\n${awkwardToml}\n` });
  const { stdout } = await project.zr("env", "--format", "dotenv").expect({ stdout: anything });
  await using other = await makeProject({ "zr.toml": "[global]\ndotenv = true\n" });
  await Bun.write(other.path(".env"), stdout);
  const read = await other.zr("env", "--json").expect({ stdout: anything });
  expect(JSON.parse(read.stdout)).toEqual(AWKWARD);
});

test("the github format has one block for each variable, ends none early, and leaves secrets out", async () => {
  await using project = await makeProject({
    "zr.toml": `[env]\nLINES = "a\\nEOF\\nb"\nPORT = "1"\nAPI_KEY = "abcdef"\n`,
  });
  await project.zr("env", "--format", "github").expect({
    stdout: "LINES<<EOF_1\na\nEOF\nb\nEOF_1\nPORT<<EOF\n1\nEOF\n",
    stderr: "zr: left out, since secret: API_KEY; --show-secrets writes them too\n",
  });
});

test("a name that a format can't hold never gets into it", async () => {
  await using project = await makeProject({ "zr.toml": "[global]\ndotenv = true\n", ".env": "c.d=2\n" });
  const env = ["env", "-e", "A\nB=1"] as const;
  await project
    .zr(...env)
    .expect({ stdout: "# A\\x0aB is no name for a shell\n# c.d is no name for a shell\n" });
  await project
    .zr(...env, "--format", "dotenv")
    .expect({ stdout: "# A\\x0aB is no name for a dotenv file\nc.d=2\n" });
  await project.zr(...env, "--format", "github").expect({ stdout: "c.d<<EOF\n2\nEOF\n" });
});

test("--resolve shows each layer's value, file and line, and which one won", async () => {
  await using project = await makeProject(FILES, { env: { PORT: "0" } });
  await project.zr("env", "serve", "--resolve", "PORT", "--profile", "prod").expect({
    stdout:
      "PORT=9090\n" +
      "  system                     0\n" +
      "  package .env   .env:2      7070\n" +
      "  package [env]  zr.toml:5   8080\n" +
      "  profile        zr.toml:23  1\n" +
      "  profile        zr.toml:28  2\n" +
      "→ task env       zr.toml:16  9090\n",
  });
  await project
    .zr("env", "serve", "--resolve", "MODE")
    .expect({ stdout: "MODE=web\n→ task env  zr.toml:11  web\n" });
  const { stdout } = await project.zr("env", "--resolve", "API_TOKEN", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout)).toEqual({
    v: 1,
    name: "API_TOKEN",
    value: "****",
    secret: true,
    layers: [{ layer: "package-env", value: "****", file: project.path("zr.toml"), line: 7, wins: true }],
  });
});

test("a variable that no layer knows is told by exit code 1", async () => {
  await using project = await makeProject(FILES);
  await project.zr("env", "--resolve", "NO_SUCH").expect({ code: 1, stdout: "NO_SUCH is not set\n" });
});

test("a command of a layer that lost is shown and not run", async () => {
  await using project = await makeProject({
    "zr.toml": `[env]\nV = "$(touch ran)"\n[tasks.t]\ncmd = "true"\nenv = { V = "1" }\n`,
  });
  await project.zr("env", "t", "--resolve", "V").expect({
    stdout: "V=1\n  package [env]  zr.toml:2  $(touch ran)\n→ task env       zr.toml:5  1\n",
  });
  expect(project.exists("ran")).toBe(false);
});

test("--diff shows what a profile would change", async () => {
  await using project = await makeProject(FILES);
  await project.zr("env", "--diff", "prod").expect({
    stdout: "~ PORT=8080 → 2\n+ STAGE=base\n~ URL=http://localhost:8080 → http://localhost:2\n",
  });
  const { stdout } = await project
    .zr("env", "serve", "--diff", "prod", "--json")
    .expect({ stdout: anything });
  expect(JSON.parse(stdout)).toEqual({
    v: 1,
    changes: [{ name: "STAGE", before: null, after: "base" }],
  });
  await project.zr("env", "--diff", "prdo").expect({ code: 2, stderr: /^error\[E140\][^]*prod/ });
});

test("--package chooses the package", async () => {
  await using project = await makeProject({
    "zr.toml": `[workspace]\nmembers = ["app"]\n[env]\nA = "root"\nB = "root"\n`,
    "app/zr.toml": `[env]\nB = "app"\n`,
  });
  await project.zr("env", "--package", "app").expect({ stdout: "export A=root\nexport B=app\n" });
  await project.zr("env", "--package", "ap").expect({ code: 2, stderr: /^error\[E132\]/ });
});

test("what can't be meant is a usage error", async () => {
  await using project = await makeProject(FILES);
  await project.zr("env", "--format", "yaml").expect({ code: 2, stderr: /^error\[E183\]/ });
  await project.zr("env", "srve").expect({ code: 2, stderr: /^error\[E160\][^]*serve/ });
  await project.zr("env", "each").expect({
    code: 2,
    stderr: "error[E184]: 'zr env' needs one task, such as each[os=linux] or each[os=darwin]\n",
  });
});
