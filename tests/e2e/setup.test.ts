import { describe, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { setUp, statesOf } from "#tests/support/setup-answer";
import { asRoot, testUnless } from "#tests/support/left-out";

describe("the checklist", () => {
  test("says of each step what became of it, and what to do next; the second time there is nothing to do", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.dev]
        cmd = "true"
        [setup]
        steps = ["deps", "env", "migrate"]
        next = ["ask for access to the wiki"]
        [setup.deps]
        "." = { cmd = "echo installed", inputs = ["packages.txt"] }
        [setup.migrate]
        cmd = "echo moved >> moves"
        inputs = ["*.sql"]
      `,
      "packages.txt": "one\n",
      ".env.example": "PORT=3000\nKEY=\n",
      "1.sql": "create\n",
    });
    const first = await project.zr("setup").expect({ stdout: anything });
    expect(
      first.stdout
        .replaceAll(/ {2}\d\S*$/gm, "")
        .split("\n")
        .filter((line) => /deps|env|migrate/.test(line))
        .toSorted(),
    ).toEqual(
      [
        "  → fill in KEY in .env",
        "✓ deps         done        echo installed",
        "✓ env          done        .env from .env.example",
        "✓ migrate      done        echo moved >> moves",
      ].toSorted(),
    );
    expect(first.stdout).toMatch(
      /\nset up in \S+\nNext:\n  → fill in KEY in .env\n  → ask for access to the wiki\n  → zr run dev\n$/,
    );
    const second = await project.zr("setup").expect({ stdout: anything });
    expect(second.stdout).toContain("✓ migrate      up to date  nothing has changed\n");
    expect(second.stdout).toMatch(/\neverything is set up \(\S+\)\n/);
    expect(project.read("moves")).toBe("moved\n");
  });

  test("on a terminal shows what is under way, with its time, and leaves the checklist", async () => {
    await using project = await makeProject({
      "zr.toml": `[setup]\nsteps = [{ cmd = "${cmd("seed")}", name = "seed" }]\n`,
    });
    await using terminal = await project.terminal({ cols: 60 }, "setup");
    const seed = await project.command("seed").started();
    await terminal.waitForScreen(/▶ seed +running +scripted seed +\d/);
    await seed.exit(0);
    const screen = await terminal.waitForScreen(/set up in/);
    expect(screen.join("\n")).toContain("✓ seed         done        scripted seed");
    expect(screen.join("\n")).not.toContain("running");
  });

  test("ends with a task to try, and with the list of tasks where nothing else is known", async () => {
    await using project = await makeProject({ "zr.toml": "[setup]\nsteps = []\n" });
    expect((await setUp(project)).next).toEqual(["zr list: what there is to run"]);
    project.write("zr.toml", '[setup]\nsteps = []\nnext = ["read on"]\n');
    expect((await setUp(project)).next).toEqual(["read on"]);
    project.write("zr.toml", '[tasks.test]\ncmd = "true"\n[setup]\nsteps = []\nnext = ["read on"]\n');
    expect((await setUp(project)).next).toEqual(["read on", "zr run test"]);
  });

  test("shows how the shell gets the tools too, where it has not got them", async () => {
    await using project = await makeProject(
      { "zr.toml": '[tools]\nnode = "system"\n[setup]\nsteps = []\n' },
      { env: { SHELL: "/usr/bin/zsh" } },
    );
    expect((await setUp(project)).next[0]).toBe(
      'eval "$(zr hook zsh)" in ~/.zshrc: the tools in your own shell too',
    );
  });

  test("-q says only what went wrong", async () => {
    await using project = await makeProject({
      "zr.toml":
        '[setup]\nsteps = [{ cmd = "true", name = "a" }, { cmd = "echo why; exit 3", name = "b" }]\n',
    });
    await project
      .zr("setup", "-q")
      .expect({ code: 1, stdout: "✗ b            failed      echo why; exit 3: exit 3  <time>\n  │ why\n" });
  });
});

describe("steps", () => {
  test("without [setup] everything that can be found is done, and nothing where there is nothing", async () => {
    await using project = await makeProject({ "zr.toml": '[tasks.migrate]\ncmd = "echo > migrated"\n' });
    const answer = await setUp(project);
    expect(answer.code).toBe(0);
    expect(statesOf(answer)).toEqual({
      tools: "skipped",
      deps: "skipped",
      env: "skipped",
      services: "skipped",
      migrate: "done",
      validate: "up-to-date",
    });
    expect(project.exists("migrated")).toBe(true);
  });

  test("that do not need each other run at once; what follows waits", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [setup]
        steps = ["deps", "services", { cmd = "${cmd("after")}", name = "after" }]
        [setup.deps]
        a = "${cmd("a")}"
        b = "${cmd("b")}"
        [setup.services]
        cmd = "${cmd("up")}"
      `,
      "a/x": "",
      "b/x": "",
    });
    const run = project.zr("setup");
    const [a, b, up] = await Promise.all(["a", "b", "up"].map((name) => project.command(name).started()));
    expect(project.command("after").count).toBe(0);
    await a?.exit(0);
    await b?.exit(0);
    await run.waitForOutput(/deps b +done/);
    expect(project.command("after").count).toBe(0);
    await up?.exit(0);
    await (await project.command("after").started()).exit(0);
    await run.expect({ stdout: anything });
  });

  test("a failure holds up only what needs it, shows the end of its output, and is tried again the next time", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [setup]
        steps = ["deps", "env", "migrate"]
        [setup.deps]
        good = { cmd = "echo >> ../good.log", inputs = ["x"] }
        bad = { cmd = "echo reason; test -f ../mended", inputs = ["x"] }
        [setup.migrate]
        cmd = "true"
      `,
      "good/x": "",
      "bad/x": "",
      ".env.example": "A=1\n",
    });
    const failed = await setUp(project);
    expect(failed.code).toBe(1);
    expect(failed.ok).toBe(false);
    expect(statesOf(failed)).toEqual({
      "deps bad": "failed",
      "deps good": "done",
      env: "done",
      migrate: "blocked",
    });
    expect(failed.steps.find(({ id }) => id === "deps bad")?.log).toBe("reason\n");
    expect(failed.next).toEqual(["mend what failed, and run zr setup again: it goes on where it was"]);
    project.write("mended", "");
    const again = await setUp(project);
    expect(again.code).toBe(0);
    expect(statesOf(again)).toEqual({
      "deps bad": "done",
      "deps good": "up-to-date",
      env: "up-to-date",
      migrate: "done",
    });
    expect(project.read("good.log")).toBe("\n");
  });

  test("an optional step may fail, one whose condition is false is left out, one that takes too long is ended", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [setup]
        steps = [
          { cmd = "exit 4", name = "may", optional = true },
          { cmd = "touch ran", name = "not", condition = "file.exists('nowhere')" },
          { cmd = "${cmd("long")}", name = "long", optional = true, timeout = "200ms" },
        ]
      `,
    });
    const answer = await setUp(project);
    expect(answer.code).toBe(0);
    expect(statesOf(answer)).toEqual({ may: "warning", not: "skipped", long: "warning" });
    expect(answer.steps[2]?.detail).toContain("it took longer than 0.2 s");
    expect(project.exists("ran")).toBe(false);
    expect(project.processes()).toEqual([]);
  });

  test("a task is run as zr runs it, with the profile of the command", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.prepare]
        cmd = "echo $MODE > made"
        [profiles.ci]
        env = { MODE = "ci" }
        [setup]
        steps = [{ run = "prepare" }]
      `,
    });
    await project.zr("setup", "--profile", "ci").expect({ stdout: anything });
    expect(project.read("made")).toBe("ci\n");
    await project.zr("history").expect({ stdout: /prepare/ });
  });

  test("given by name only those are done, and an unknown name is refused with the nearest", async () => {
    await using project = await makeProject({
      "zr.toml": '[setup]\nsteps = ["env", { cmd = "touch seeded", name = "seed" }]\n',
      ".env.example": "A=1\n",
    });
    expect(statesOf(await setUp(project, "env"))).toEqual({ env: "done" });
    expect(project.exists("seeded")).toBe(false);
    await project
      .zr("setup", "sed")
      .expect({ code: 2, stderr: /^error\[E626\]: there is no step of the setup 'sed'[^]*seed/ });
  });

  test("--check does nothing and says by its exit code whether something is to be done; --dry-run only says it", async () => {
    await using project = await makeProject({
      "zr.toml": '[setup]\nsteps = ["env"]\n',
      ".env.example": "A=1\n",
    });
    await project
      .zr("setup", "--check")
      .expect({ code: 1, stdout: "· env          to do       .env from .env.example\n\n1 to do\n" });
    await project.zr("setup", "--dry-run").expect({ stdout: anything });
    expect(project.exists(".env")).toBe(false);
    expect(project.exists(".zr")).toBe(false);
    await project.zr("setup").expect({ stdout: anything });
    await project.zr("setup", "--check").expect({ stdout: anything });
  });

  test("--force does again what was done", async () => {
    await using project = await makeProject({
      "zr.toml":
        '[setup]\nsteps = ["deps"]\n[setup.deps]\n"." = { cmd = "echo >> times", inputs = ["zr.toml"] }\n',
    });
    for (const words of [[], [], ["--force"]]) await setUp(project, ...words);
    expect(project.read("times")).toBe("\n\n");
  });

  test("Ctrl-C ends what runs, with exit code 130, and the next setup goes on", async () => {
    await using project = await makeProject({
      "zr.toml": `[setup]\nsteps = ["env", { cmd = "${cmd("slow")}", name = "slow" }]\n`,
      ".env.example": "A=1\n",
    });
    const run = project.zr("setup");
    await project.command("slow").started();
    run.kill("SIGINT");
    await run.expect({ code: 130, stdout: /slow +interrupted/ });
    expect(project.processes()).toEqual([]);
    const again = project.zr("setup");
    await (await project.command("slow").started()).exit(0);
    await again.expect({ stdout: /env +up to date/ });
  });

  test("--timeout ends what runs, and is a failure", async () => {
    await using project = await makeProject({
      "zr.toml": '[setup]\nsteps = [{ cmd = "sleep 1000", name = "long" }]\n',
    });
    await project.zr("setup", "--timeout", "200ms").expect({ code: 1, stdout: /long +interrupted/ });
    expect(project.processes()).toEqual([]);
  });

  test("nothing outlives a setup that is killed", async () => {
    await using project = await makeProject({ "zr.toml": `[setup]\nsteps = [{ cmd = "${cmd("slow")}" }]\n` });
    const run = project.zr("setup");
    const slow = await project.command("slow").started();
    run.kill("SIGKILL");
    await slow.closed;
  });

  test("two at once: the second waits, and finds everything done", async () => {
    await using project = await makeProject({
      "zr.toml": `[setup]\nsteps = ["deps"]\n[setup.deps]\n"." = { cmd = "${cmd("install")}", inputs = ["zr.toml"] }\n`,
    });
    const first = project.zr("setup");
    const install = await project.command("install").started();
    const second = project.zr("setup");
    await second.waitForOutput("waits for another zr setup\n");
    const third = project.zr("setup");
    await third.waitForOutput("waits for another zr setup\n");
    third.kill("SIGINT");
    await third.expect({ code: 130, stderr: anything });
    await install.exit(0);
    await first.expect({ stdout: /deps +done/ });
    await second.expect({ stdout: /deps +up to date/, stderr: anything });
    expect(project.command("install").count).toBe(1);
  });
});

describe("bad input", () => {
  test("[setup] in the file of a member is refused", async () => {
    await using project = await makeProject({
      "zr.toml": '[workspace]\nmembers = ["a"]\n',
      "a/zr.toml": '[setup]\nsteps = ["env"]\n',
    });
    for (const command of ["validate", "setup"])
      await project.zr(command).expect({
        code: 3,
        stderr: /error\[E620\]: \[setup\] belongs in the zr.toml of the workspace root[^]*a\/zr.toml:1:1/,
      });
  });

  test.each([
    ['[setup.hooks]\npre-comit = "x"\n', /E621[^]*pre-commit/],
    ['[setup.deps]\nnowhere = "x"\n', /E622/],
    ['[setup.deps]\n"../x" = "y"\n', /E622/],
    ['[setup.services]\nwait = ["db"]\n', /E623/],
    ["[doctor.checks.db]\nhint = 'x'\n", /E624/],
    ["[doctor.checks.db]\ntcp = 'a:1'\ncmd = 'b'\n", /E624/],
    ['[setup]\nsteps = [{ name = "x" }]\n', /E625/],
    ['[setup]\nsteps = [{ run = "nope" }]\n', /E628/],
    ['[setup.hooks]\npre-commit = { run = "nope" }\n', /E628/],
    ['[setup]\nsteps = ["toolz"]\n', /E11\d/],
    ['[setup.env]\ncondition = "nope("\n', /E\d+/],
    ["[setup]\nunknown = 1\n", /E110/],
  ])("%j is refused at its place", async (text, code) => {
    await using project = await makeProject({ "zr.toml": text });
    await project.zr("setup").expect({ code: 3, stderr: code });
    await project.zr("validate").expect({ code: 3, stderr: code });
  });

  test("a state that is not as it was written counts as none", async () => {
    await using project = await makeProject({
      "zr.toml": '[setup]\nsteps = ["deps"]\n[setup.deps]\n"." = { cmd = "true", inputs = ["zr.toml"] }\n',
    });
    for (const text of [
      "",
      "{",
      '{"format":1,"units":{"deps":{"digest":1,"made":[]}}}',
      '{"format":2}',
      "[]",
    ]) {
      project.write(".zr/setup/done.json", text);
      expect(statesOf(await setUp(project))).toEqual({ deps: "done" });
    }
  });

  testUnless(asRoot())("a working copy that can't be written to is said to be so", async () => {
    await using project = await makeProject({ "zr.toml": "" });
    chmodSync(project.root, 0o500);
    await project.zr("setup").expect({ code: 1, stderr: /E627/ });
    chmodSync(project.root, 0o700);
  });

  test("a state folder that is no folder is said to be so", async () => {
    await using project = await makeProject({ "zr.toml": "", ".zr": "x" });
    await project
      .zr("setup")
      .expect({ code: 1, stderr: /^error\[E627\]: can't keep what has been set up in <root>\/.zr/ });
  });
});
