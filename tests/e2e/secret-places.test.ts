import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const SECRET = "hunter2-walrus";

test("--show-env shows no secret inside of another variable's value", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [env]
        DSN = "db://app:$API_TOKEN@host"
        BASIC = { value = "$(printf %s $API_TOKEN | base64)" }
        [tasks.t]
        cmd = "true"
      `,
    },
    { env: { API_TOKEN: SECRET } },
  );
  const text = await project.zr("run", "t", "--show-env").result();
  expect(text.stdout.split("\n").filter((line) => /^(API|DSN|BASIC)/.test(line))).toEqual([
    "API_TOKEN=****",
    "BASIC=****",
    'DSN="db://app:****@host"',
  ]);
  const json = await project.zr("run", "t", "--show-env", "--json").result();
  expect(JSON.parse(json.stdout).instances[0].env).toMatchObject({
    DSN: "db://app:****@host",
    BASIC: "****",
  });
  expect(`${text.stdout}${json.stdout}`).not.toContain(SECRET);
});

test("a command line that a secret was given on is not repeated where its task fails", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [tasks.t]
        cmd = "exit 3"
        args = [{ name = "who", default = "me" }]
        [tasks.declared]
        cmd = "exit 3"
        args = [{ name = "who" }]
        secrets = ["LOGIN"]
      `,
    },
    { env: { API_TOKEN: SECRET, LOGIN: "marmot-99" } },
  );
  for (const words of [
    ["t", SECRET],
    ["t", "-e", `WHO=x:${SECRET}`],
    ["t", "--", `--with=${SECRET}`],
    ["declared", "marmot-99"],
  ]) {
    const { stderr } = await project.zr("run", ...words).result();
    expect(stderr).toContain("failed: exit code 3");
    expect(stderr).not.toContain("again ");
    expect(stderr).not.toMatch(/walrus|marmot/);
  }
  const { stderr } = await project.zr("run", "t", "you").result();
  expect(stderr).toContain("zr run t you --only");
});

test("a command that got a secret by --set is told without it", async () => {
  await using project = await makeProject(
    { "zr.toml": '[vars]\nwho = "me"\n[tasks.t]\ncmd = "echo ${vars.who} > it; exit 3"' },
    { env: { API_TOKEN: SECRET } },
  );
  for (const more of [[], ["--json"]]) {
    const { stdout, stderr } = await project.zr("run", "t", `--set=who=${SECRET}`, ...more).result();
    expect(`${stdout}${stderr}`).toContain("echo **** > it; exit 3");
    expect(`${stdout}${stderr}`).not.toContain(SECRET);
    expect(project.read("it")).toBe(`${SECRET}\n`);
    const dry = await project.zr("run", "t", `--set=who=${SECRET}`, "--dry-run", ...more).result();
    expect(dry.stdout).toContain("echo **** > it; exit 3");
    expect(dry.stdout).not.toContain(SECRET);
  }
});

test("what a failed command of [env] says shows no secret", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [env]
        LOGIN = "$(echo refused: $API_TOKEN >&2; exit 3)"
        [tasks.t]
        cmd = "true"
      `,
    },
    { env: { API_TOKEN: SECRET } },
  );
  for (const words of [["run", "t"], ["env"], ["exec", "--", "true"]]) {
    const { code, stderr } = await project.zr(...words).result();
    expect(code).not.toBe(0);
    expect(stderr).toContain("the command for 'LOGIN' failed: exit 3: refused: ****\n");
    expect(stderr).not.toContain(SECRET);
  }
});

test("a program that is not found is told without the secret in its name, in output, events and history", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [tasks.t]
        cmd = ["no-\${env.API_TOKEN}"]
      `,
    },
    { env: { API_TOKEN: SECRET } },
  );
  for (const words of [["t"], ["t", "--json"]]) {
    const { code, stdout, stderr } = await project.zr("run", ...words).result();
    expect(code).toBe(127);
    expect(`${stdout}${stderr}`).toContain("no-****");
    expect(`${stdout}${stderr}`).not.toContain(SECRET);
  }
  const { stdout } = await project.zr("history", "--json").result();
  expect(stdout).toContain("no-****");
  expect(stdout).not.toContain(SECRET);
});
