import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const FILES = {
  "zr.toml": `
    [workspace]
    members = ["app", "lib"]
    [vars]
    tier = "gold"
    [tasks]
    build = "true"
    test = { cmd = "true", tags = ["slow"] }
  `,
  "app/zr.toml": `[package]\ntags = ["web"]\n[vars]\nport = 80\n[tasks]\nserve = "true"\nbuild = { cmd = "true", tags = ["slow"] }\n`,
  "lib/zr.toml": `[tasks]\nbuild = "true"\n`,
  "lib/marker": "",
};

async function names(where: string, env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  await using project = await makeProject(FILES, { env });
  const { stdout } = await project.zr("list", "--json", "--where", where).expect({ stdout: anything });
  return JSON.parse(stdout).tasks.map((task: { readonly name: string }) => task.name);
}

test.each([
  ["'slow' in task.tags", ["test", "app:build"]],
  ["task.name == 'build' && package.name != 'app'", ["build", "lib:build"]],
  ["'web' in package.tags", ["app:serve", "app:build"]],
  ["vars.port == 80", ["app:serve", "app:build"]],
  ["vars.tier == 'gold' && package.path == 'lib'", ["lib:build"]],
  ["file.exists('marker')", ["lib:build"]],
  ["shell('test -e marker')", ["lib:build"]],
  ["platform == 'linux' ? task.name =~ '^s' : task.name =~ '^s'", ["app:serve"]],
  ["env.PICK == task.name", ["app:serve"]],
  ["ci", []],
])("--where %p keeps the tasks for which it holds", async (where, expected) => {
  expect(await names(where, { PICK: "serve" })).toEqual(expected);
});

test("--where and the other filters add up", async () => {
  await using project = await makeProject(FILES);
  const { stdout } = await project
    .zr("list", "b*", "--json", "--where", "'slow' in task.tags")
    .expect({ stdout: anything });
  expect(JSON.parse(stdout).tasks).toHaveLength(1);
});

test("a wrong expression is shown with a mark under the wrong part, whatever the tasks are", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "true"\n` });
  await project.zr("list", "--where", "ci && task.tag == 1").expect({
    code: 2,
    stderr: `
      error[E212]: \`task\` has no \`tag\`
        ┌─ --where:1:12
       1│ ci && task.tag == 1
        │            ^^^ unknown; did you mean 'tags'?
    `,
  });
  await project
    .zr("list", "--where", "args.x == 1")
    .expect({ code: 2, stderr: /^error\[E215\][^]*--where:1:1/ });
  await project.zr("list", "--where", "(").expect({ code: 2, stderr: /^error\[E2\d\d\][^]*--where:1:2/ });
});

test("shell() in --where is refused where it is switched off", async () => {
  await using project = await makeProject(FILES);
  const words = ["list", "--where", "shell('touch ran')"] as const;
  await project.zr(...words, "--no-shell-expr").expect({ code: 2, stderr: /^error\[E236\]/ });
  await project
    .zrWith({ env: { ZR_NO_SHELL_EXPR: "1" } }, ...words)
    .expect({ code: 2, stderr: /^error\[E236\]/ });
  expect(project.exists("ran")).toBe(false);
});
