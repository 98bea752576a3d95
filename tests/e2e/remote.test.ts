import { afterAll, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { anything } from "#tests/support/run";
import { startSshServer } from "#tests/support/ssh-server";
import { outcomesOf, startsOf } from "./events";
import { makeRemoteProject } from "./remote-project";
import { absenceOf, describeUnless } from "#tests/support/left-out";

const server = await startSshServer();
afterAll(async () => {
  if (!("unavailable" in server)) await server.stop();
});

/** What a process was started with, from its `/proc`. */
const commandLines = (): string =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "latin1");
      } catch {
        return "";
      }
    })
    .join("\n");

const parentOf = (pid: number): number =>
  Number(
    readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ")[1],
  );

describeUnless(absenceOf(server))("a task with a remote host, over sshd on loopback", () => {
  test("runs there with its arguments, its variables and nothing else of the local environment", async () => {
    const { project, there, cmd } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `
      [env]
      SHARED = "stays too"
      [tasks.a]
      cmd = '${cmd("a")} "$@"'
      args = [{ name = "region" }]
      env = { OWN = "it's \\"own\\" $$(touch pwned)\\nline" }
      remote = { host = "box", cwd = "${there}", env = { EXTRA = "extra" } }
    `,
    );
    const run = project.zr(
      "run",
      "a",
      "--region=eu 'west'",
      "--raw",
      "--",
      "two words",
      "$(touch pwned)",
      "",
      "l\nf",
    );
    const a = await project.command("a").started();
    expect(a.cwd).toBe(there);
    expect(a.args).toEqual(["two words", "$(touch pwned)", "", "l\nf"]);
    expect(a.env).toMatchObject({
      OWN: `it's "own" $(touch pwned)\nline`,
      EXTRA: "extra",
      ZR_ARG_region: "eu 'west'",
      ZR_TASK: "a",
    });
    for (const name of ["LOCAL_ONLY", "SHARED", "ZR_RIG_MARKER", "ZR_INSTANCE_KEY"])
      expect(a.env).not.toHaveProperty(name);
    await a.print("to stdout\n");
    await a.print("to stderr\n", "stderr");
    a.exit(7);
    await run.expect({ code: 7, stdout: "to stdout\n", stderr: /^to stderr\n/ });
    expect(project.exists("pwned") || existsSync(join(there, "pwned"))).toBe(false);
    expect(project.processes()).toEqual([]);
  });

  test("runs argv arrays, scripts and the commands of cmds there, and asks status there", async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    const remote = `remote = { host = "box", cwd = "${there}" }`;
    project.write(
      "zr.toml",
      `
      [tasks.argv]
      cmd = ["printf", "%s|", "a b", "$OWN", "\${HOME}", "\${NONE:-no $OWN}", "$$x", "'"]
      env = { OWN = "my own" }
      ${remote}
      [tasks.script]
      script = '''
      #!/usr/bin/env -S sh -e
      printf '%s|' "$0" "$@" | sed 's,/.*zr-[^|]*,file,'
      false
      echo not reached
      '''
      ${remote}
      [tasks.plain]
      script = '''
      for word; do echo "<$word>"; done
      '''
      ${remote}
      [tasks.steps]
      cmds = ["touch made", { cmd = "exit 4", allow_failure = true }, "ls"]
      status = "test -e made"
      ${remote}
    `,
    );
    const folder = "unavailable" in server ? "" : server.folder;
    const home = join(folder, "home");
    await project.zr("run", "argv", "--raw").expect({ stdout: `a b|my own|${home}|no my own|$x|'|` });
    await project
      .zr("run", "script", "--raw", "--", "x y")
      .expect({ code: 1, stdout: /^file\|x y\|\n?$/, stderr: anything });
    await project.zr("run", "plain", "--raw", "--", "x y", "").expect({ stdout: "<x y>\n<>\n" });
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
    await project.zr("run", "steps", "--raw").expect({ stdout: "made\n" });
    const { stdout } = await project.zr("run", "steps", "--events", "-").result();
    expect(outcomesOf(stdout)["steps"]).toMatchObject({ state: "cached" });
  });

  test('runs here by run_on = "host", and there by run_on = "remote"', async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `
      [tasks.here]
      cmd = "pwd"
      run_on = "host"
      remote = { host = "box", cwd = "${there}" }
      [tasks.there]
      extends = "here"
      run_on = "remote"
    `,
    );
    await project.zr("run", "here", "--raw").expect({ stdout: "<root>\n" });
    const { stdout } = await project.zr("run", "there", "--raw").expect({ stdout: anything });
    expect(stdout).toBe(`${there}\n`);
  });

  test("says which folder is missing there, and tells its own exit code 255 from that of ssh", async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `
      [tasks.lost]
      cmd = "touch ran"
      remote = { host = "box", cwd = "${there}/missing" }
      [tasks.own]
      cmd = "exit 255"
      remote = "box"
    `,
    );
    const { stderr } = await project.zr("run", "lost").expect({ code: 1, stderr: anything });
    expect(stderr).toContain(`lost failed: working folder box:${there}/missing does not exist`);
    expect(project.exists("ran")).toBe(false);
    await project
      .zr("run", "own")
      .expect({ code: 255, stderr: /own failed: exit code 255/, stdout: anything });
  });

  test("is tried again when the host could not be reached", async () => {
    const { project } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "flaky",
      `#!/bin/sh\nif mkdir ${project.root}/once 2>/dev/null; then echo "ssh: no route" >&2; exit 255; fi\nexec ${"unavailable" in server ? "" : server.ssh} "$@"\n`,
    );
    Bun.spawnSync(["chmod", "+x", project.path("flaky")]);
    project.write(
      "zr.toml",
      `[tasks.a]\ncmd = "echo there"\nremote = "box"\nretry = { max = 1, on_exit = [255] }`,
    );
    const env = { ZR_SSH: project.path("flaky") };
    await project
      .zrWith({ env }, "run", "a")
      .expect({ stdout: /there/, stderr: /could not reach box: no route/ });
    project.remove("once");
    const { stdout } = await project
      .zrWith({ env }, "run", "a", "--events", "-")
      .expect({ stdout: anything });
    expect(startsOf(stdout)).toEqual(["a", "a"]);
  });

  test("fails as unreachable when the connection breaks while it runs, and leaves nothing there", async () => {
    const { project, cmd } = await makeRemoteProject(server);
    await using _ = project;
    project.write("zr.toml", `[tasks.a]\ncmd = "${cmd("a")}"\nremote = "box"`);
    const run = project.zr("run", "a");
    const a = await project.command("a").started();
    // The shell that watches over the command is a child of the server's end of the connection.
    process.kill(parentOf(parentOf(a.pid)), "SIGKILL");
    await a.closed;
    await run.expect({ code: 1, stderr: /could not reach box: the connection broke/, stdout: anything });
    expect(project.processes()).toEqual([]);
  });

  test("has its secrets masked, and on no command line", async () => {
    const { project, cmd } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `[tasks.a]\ncmd = "${cmd("a")}"\nenv = { TOKEN = { value = "s3cr3t-va'lue", secret = true } }\nremote = "box"`,
    );
    const run = project.zr("run", "a", "--raw");
    const a = await project.command("a").started();
    expect(a.env["TOKEN"]).toBe("s3cr3t-va'lue");
    expect(commandLines()).not.toContain("s3cr3t");
    await a.print("it is s3cr3t-va'lue\n", "stderr");
    a.exit();
    const { stderr } = await run.expect({ stdout: "", stderr: anything });
    expect(stderr).toMatch(/it is \*+\n/);
  });

  test("gets its stop signal there, then, after the grace period, is killed with all it has started", async () => {
    const { project, cmd } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `
      [tasks]
      polite = { cmd = "${cmd("polite")}", stop_signal = "INT", remote = "box", grace_period = "1h" }
      stubborn = { cmd = "${cmd("stubborn")}", remote = "box", grace_period = "50ms" }
    `,
    );
    const run = project.zr("run", "polite", "stubborn");
    const [polite, stubborn] = await Promise.all([
      project.command("polite").started(),
      project.command("stubborn").started(),
    ]);
    await stubborn.trap("SIGTERM");
    const away = await stubborn.fork({ detached: true, holdsOutput: false, survives: ["SIGTERM", "SIGHUP"] });
    run.kill("SIGINT");
    await polite.signalled("SIGINT");
    await stubborn.signalled("SIGTERM");
    await Promise.all([polite.closed, stubborn.closed, away.closed]);
    await run.expect({ code: 130, stdout: anything, stderr: /interrupted by SIGINT/ });
    expect(project.processes()).toEqual([]);
  });

  test("is stopped there by its timeout, by a second Ctrl-C, and by the death of zr", async () => {
    const { project, cmd } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `
      [tasks.slow]
      cmd = "${cmd("slow")}"
      timeout = "3s"
      grace_period = "10ms"
      remote = "box"
      [tasks.a]
      cmd = "${cmd("a")}"
      grace_period = "1h"
      remote = "box"
    `,
    );
    const timed = project.zr("run", "slow");
    const slow = await project.command("slow").started();
    await slow.trap("SIGTERM");
    await slow.closed;
    await timed.expect({ code: 124, stdout: anything, stderr: /slow timed out/ });

    const twice = project.zr("run", "a");
    const first = await project.command("a").started();
    await first.trap("SIGTERM");
    twice.kill("SIGINT");
    await first.signalled("SIGTERM");
    twice.kill("SIGINT");
    await first.closed;
    await twice.expect({ code: 130, stdout: anything, stderr: anything });

    const killed = project.zr("run", "a");
    const second = await project.command("a").started();
    await second.trap("SIGTERM", "SIGHUP", "SIGPIPE");
    const away = await second.fork({ detached: true, holdsOutput: false, survives: ["SIGTERM", "SIGHUP"] });
    killed.kill("SIGKILL");
    await Promise.all([second.closed, away.closed]);
    await killed.exited;
  });

  test("has the terminal there when it is interactive", async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `
      [tasks.ask]
      cmd = '''test -t 0 && test -t 1 && printf 'name? ' && read -r name && echo "<$name> $OWN $1" && pwd && exit 9'''
      env = { OWN = "it's own" }
      interactive = true
      remote = { host = "box", cwd = "${there}" }
    `,
    );
    const terminal = await project.terminal({}, "run", "ask", "--", "last");
    await terminal.waitForScreen("name?");
    terminal.type("zoe\r");
    expect(await terminal.exited).toMatchObject({ code: 9 });
    expect(terminal.scrollback()).toContain("<zoe> it's own last");
    expect(terminal.scrollback()).toContain(there);
  });

  test("leaves nothing in the background there when it ends by itself", async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `[tasks.a]\ncmd = "(exec env -u ZR_RUN_ID sleep 1000) & echo started; ls"\nremote = { host = "box", cwd = "${there}" }`,
    );
    await project.zr("run", "a", "--raw").expect({ stdout: "started\n" });
    expect(project.processes()).toEqual([]);
  });
});
