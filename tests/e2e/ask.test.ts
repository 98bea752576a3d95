import { existsSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { makeProject, type Project } from "#tests/support/project";
import { anything } from "#tests/support/run";

const askingProject = (): Promise<Project> =>
  makeProject({
    "zr.toml": `
      [workspace]
      members = ["api"]
      [tasks.build]
      description = "Build it"
      cmd = "touch built"
      [tasks.deploy]
      cmd = "touch deployed"
      args = [{ name = "target", choices = ["prod", "staging"] }]
    `,
    "api/zr.toml": '[tasks.test]\ncmd = "touch tested"\n',
  });

describe("zr ai", () => {
  test("runs what was understood beyond doubt, and says which command that was", async () => {
    await using project = await askingProject();
    await project
      .zr("ai", "please build the project")
      .expect({ stdout: anything, stderr: /^zr run build {3}\(100 % sure\)\n/ });
    expect(existsSync(project.path("built"))).toBe(true);
  });

  test("takes the words without quotation marks too, and Korean", async () => {
    await using project = await askingProject();
    await project.zr("ai", "api", "테스트", "돌려줘").expect({ stderr: /^zr run api:test {3}/ });
    expect(existsSync(project.path("api/tested"))).toBe(true);
  });

  test("what changes something is not done where nobody can be asked", async () => {
    await using project = await askingProject();
    await project.zr("ai", "deploy to production").expect({
      code: 2,
      stderr: /^zr run deploy prod {3}\(97 % sure\)\nerror\[E681\]: 'zr run deploy prod' is not run without/,
    });
    expect(existsSync(project.path("deployed"))).toBe(false);
  });

  test("it is done with --yes", async () => {
    await using project = await askingProject();
    await project.zr("ai", "deploy to staging", "--yes").expect({ stderr: /^zr run deploy staging {3}/ });
    expect(existsSync(project.path("deployed"))).toBe(true);
  });

  test("on a terminal it is asked about: y does it, anything else does not", async () => {
    await using project = await askingProject();
    for (const [answer, code] of [
      ["n", 1],
      ["y", 0],
    ] as const) {
      const terminal = await project.terminal({}, "ai", "deploy to prod");
      await terminal.waitForScreen(/zr run deploy prod[^]*Run it\? \[y\/N\]/);
      terminal.type(`${answer}\r`);
      expect((await terminal.exited).code).toBe(code);
      expect(existsSync(project.path("deployed"))).toBe(code === 0);
    }
  });

  test("a failure of one deed keeps the next from being done", async () => {
    await using project = await makeProject({
      "zr.toml": '[tasks.lint]\ncmd = "exit 3"\n[tasks.test]\ncmd = "touch tested"\n',
    });
    await project.zr("ai", "lint, then test").expect({ code: 3, stderr: /^zr run lint && zr run test {3}/ });
    expect(existsSync(project.path("tested"))).toBe(false);
  });

  test("--print prints the command and does nothing", async () => {
    await using project = await askingProject();
    await project
      .zr("ai", "--print", "build then deploy to prod")
      .expect({ stdout: "zr run build && zr run deploy prod\n", stderr: "(100 % sure)\n" });
    await project.zr("ai", "-n", "build").expect({ stdout: "zr run build\n", stderr: anything });
    expect(existsSync(project.path("built"))).toBe(false);
  });

  test("--json says what was understood and whether it would ask", async () => {
    await using project = await askingProject();
    const { stdout } = await project.zr("ai", "--json", "deploy to prod").expect({ stdout: anything });
    expect(JSON.parse(stdout)).toEqual({
      v: 1,
      sentence: "deploy to prod",
      language: "en",
      confidence: 1,
      asks: true,
      commands: [{ argv: ["zr", "run", "deploy", "prod"], effect: "changes", confidence: 1 }],
      unused: [],
    });
  });

  test("what says nothing that zr could do is a usage error", async () => {
    await using project = await askingProject();
    await project
      .zr("ai", "make me a coffee")
      .expect({ code: 2, stderr: /^error\[E680\]: can't make a command of 'make me a coffee'/ });
    await project.zr("ai", "don't build").expect({ code: 2, stderr: /E680/ });
    await project.zr("ai").expect({ code: 2, stderr: /E184.*'zr ai' needs a sentence/ });
    expect(existsSync(project.path("built"))).toBe(false);
  });

  test("global options hold for the command", async () => {
    await using project = await askingProject();
    await project
      .zr("ai", "-C", "api", "list all tasks")
      .expect({ stdout: /^ {2}api:test\b/, stderr: anything });
    await project
      .zr("ai", "-q", "--config", "api/zr.toml", "list tasks as json")
      .expect({ stdout: /"name": "test"/ });
  });

  test("with a broken configuration it still knows zr's own commands, and else says what is broken", async () => {
    await using project = await makeProject({ "zr.toml": "[tasks.build]\ncmd = 3\n" });
    await project.zr("ai", "check my config").expect({ code: 3, stderr: /^zr validate {3}[^]*E112/ });
    await project.zr("ai", "frobnicate").expect({ code: 3, stderr: /^error\[E112\]/ });
  });
});
