import { describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

describe("what can't run on another machine", () => {
  test("is refused with its place before anything starts", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [vars]
        bad = "-oProxyCommand=touch pwned"
        [tasks]
        lost = { cmd = "true", run_on = "remote" }
        group = { deps = ["fine"], remote = "box" }
        fine = "true"
        hidden = { cmd = "true", remote = "\${vars.bad}" }
        probed = { cmd = "true", remote = "box", persistent = true, ready = { exec = "true" } }
        reads = { cmd = "true", remote = "box", io = { stdin = "file:x" } }
        quiet = { cmd = "true", remote = "box", io = { stderr = "null" } }
        home = { cmd = "true", inputs = ["a"], remote = { host = "box", sync = true } }
        empty = { cmd = "true", remote = { host = "box", cwd = "x", sync = true } }
        outside = { cmd = "true", remote = { host = "box", cwd = "x", sync = { up = ["../x"] } } }
        service = { cmd = "true", run_on = "service:db" }
        container = { cmd = "true", run_on = "container:alpine" }
      `,
    });
    const cases: readonly (readonly [string, string, string])[] = [
      ["lost", "E170", "'remote' does not name a host"],
      ["group", "E170", "it has no command of its own"],
      ["hidden", "E170", "is not a host for ssh"],
      ["probed", "E170", "'ready.exec' would run here"],
      ["reads", "E170", "its stdin does not go there"],
      ["quiet", "E170", "what ssh says has to be read"],
      ["home", "E170", "'sync' needs a 'cwd' to copy to"],
      ["empty", "E170", "neither inputs nor outputs"],
      ["outside", "E170", "'../x' is outside"],
      ["service", "E166", "services"],
      ["container", "E166", "containers"],
    ];
    for (const [task, code, text] of cases) {
      const { stderr } = await project.zr("run", task).expect({ code: 3, stderr: anything });
      expect(stderr).toStartWith(`error[${code}]: `);
      expect(stderr).toContain(text);
      expect(stderr).toMatch(/zr\.toml:\d+:\d+/);
    }
    expect(project.exists("pwned")).toBe(false);
  });

  test("a host that ssh would take for an option, and a place that does not exist, are errors of the file", async () => {
    for (const [value, expected] of [
      ['remote = "-oProxyCommand=touch pwned"', "a host for ssh"],
      ['remote = { host = "me@-oProxyCommand=x" }', "a host for ssh"],
      ['remote = "a b"', "a host for ssh"],
      ['remote = ""', "a host for ssh"],
      ['remote = "x`touch pwned`"', "a host for ssh"],
      ['run_on = "moon"', '"container:IMAGE"'],
    ] as const) {
      await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "touch ran"\n${value}` });
      const { stderr } = await project.zr("run", "a").expect({ code: 3, stderr: anything });
      expect(stderr).toStartWith("error[E115]: ");
      expect(stderr).toContain(expected);
      expect(project.exists("ran")).toBe(false);
    }
  });

  test("a missing ssh is named", async () => {
    await using project = await makeProject({ "zr.toml": `[tasks.a]\ncmd = "true"\nremote = "box"` });
    await project
      .zrWith({ env: { ZR_SSH: "/nowhere/ssh" } }, "run", "a")
      .expect({ code: 127, stderr: /program '\/nowhere\/ssh' not found/ });
    mkdirSync(project.path("empty"));
    await project
      .zrWith({ env: { PATH: project.path("empty") } }, "run", "a")
      .expect({ code: 127, stderr: /program 'ssh' not found/ });
  });
});
