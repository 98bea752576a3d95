import { Database } from "bun:sqlite";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

const FILES = {
  "zr.toml": `
    [tasks.good]
    cmd = "echo fine"

    [tasks.bad]
    cmd = "echo wrong; exit 3"
    deps = ["good"]

    [tasks.last]
    cmd = "true"
    deps = ["bad"]
  `,
};

interface ListedRun {
  readonly run: string;
  readonly status: string;
  readonly exitCode: number;
  readonly durationMs: number;
  readonly interrupted?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly invocation: { readonly words: readonly string[] };
  readonly git?: { readonly commit: string; readonly dirty: boolean | null };
  readonly instances: readonly {
    readonly id: string;
    readonly state: string;
    readonly exitCode: number | null;
  }[];
}

async function listed(project: Project, ...args: readonly string[]): Promise<readonly ListedRun[]> {
  const { stdout } = await project
    .zr("history", "--json", ...args)
    .expect({ stdout: anything, stderr: anything });
  return (JSON.parse(stdout) as { readonly runs: readonly ListedRun[] }).runs;
}

const words = (runs: readonly ListedRun[]): readonly string[] =>
  runs.map(({ invocation }) => invocation.words.join(" "));

/** Everything below `.zr`, as text. */
function stateOf(project: Project): string {
  const folder = project.path(".zr");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, bytes: readFileSync(path) }))
    .map(({ path, bytes }) => (path.endsWith(".zst") ? Bun.zstdDecompressSync(bytes) : bytes))
    .map((bytes) => Buffer.from(bytes).toString("latin1"))
    .join("\n");
}

const QUIET = { code: 3, stdout: anything, stderr: anything } as const;

describe("zr history", () => {
  test("lists runs, newest first, with how they and their tasks ended", async () => {
    await using project = await makeProject(FILES);
    await project.zr("good").expect({ stdout: anything, stderr: anything });
    await project.zr("run", "last", "--keep-going").expect({ code: 1, stdout: anything, stderr: anything });
    const [second, first, ...others] = await listed(project);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      status: "success",
      exitCode: 0,
      invocation: { command: "run", words: ["good"], options: [], extra: [], cwd: project.root },
      instances: [{ id: "good", state: "success", exitCode: 0, attempts: 1, cacheKey: null }],
    });
    expect(second).toMatchObject({
      status: "failed",
      exitCode: 1,
      invocation: { words: ["last"], options: ["--keep-going"] },
      instances: [
        { id: "good", state: "success", command: "echo fine" },
        { id: "bad", state: "failed", exitCode: 3, failure: { kind: "exit", code: 3 } },
        { id: "last", state: "blocked", exitCode: null },
      ],
    });
    await project.zr("history", "--limit", "1").expect({
      stdout:
        /^run +started +time +result +what\n\d{8}-\d{6}-\w{4} .* failed \(3 tasks, 1 failed, 1 blocked\) +run last --keep-going\n$/,
    });
  });

  test("a listing fits into the terminal, and groups are not counted", async () => {
    await using project = await makeProject({
      "zr.toml": `${FILES["zr.toml"]}\n[tasks.all]\ndeps = ["good", "last"]\n`,
    });
    await project.zr("run", "all", "--keep-going").expect({ code: 1, stdout: anything, stderr: anything });
    const wide = await project.zr("history").expect({ stdout: anything });
    expect(wide.stdout).toContain(" failed (3 tasks, 1 failed, 1 blocked) ");
    const one = await project.zr("history", "last").expect({ stdout: anything });
    expect(one.stdout).toContain(" failed (3 tasks, 1 failed, 1 blocked)\n");
    await using terminal = await project.terminal({ cols: 80 }, "history");
    await terminal.exited;
    expect(terminal.screen().filter((line) => line !== "")).toEqual([
      expect.stringMatching(/^run +started +time +result +what$/),
      expect.stringMatching(/ failed +run all --keep-going$/),
    ]);
  });

  test("a group that ended well is not counted either, as in the summary of its run", async () => {
    await using project = await makeProject({
      "zr.toml": '[tasks]\na = "true"\nb = "true"\nall = { deps = ["a", "b"] }\n',
    });
    const { stderr } = await project.zr("run", "all").expect({ stdout: anything, stderr: anything });
    expect(stderr).toStartWith("2 tasks: 2 ok");
    const listing = await project.zr("history").expect({ stdout: anything });
    expect(listing.stdout).toContain(" ok (2 tasks) ");
    const one = await project.zr("history", "last").expect({ stdout: anything });
    expect(one.stdout).toContain(" ok (2 tasks)\n");
  });

  test("of a run it shows every task", async () => {
    await using project = await makeProject(FILES);
    await project.zr("run", "bad", "--label", "why=test").expect(QUIET);
    const { stdout } = await project.zr("history", "last").expect({ stdout: anything });
    expect(stdout).toContain("failed (2 tasks, 1 failed)");
    expect(stdout).toContain("[why=test]");
    expect(stdout).toMatch(/\nbad +<?\S+ +6 B +failed: exit code 3\n/);
  });

  test("chooses by task, result, label, time and number", async () => {
    await using project = await makeProject(FILES);
    await project.zr("run", "good", "--label", "a=1", "--label", "b=2").expect({ stdout: anything });
    await project.zr("run", "bad", "--label", "a=2").expect(QUIET);
    await project.zr("run", "good").expect({ stdout: anything });
    expect(words(await listed(project, "--status", "failed"))).toEqual(["bad"]);
    expect(words(await listed(project, "--task", "bad"))).toEqual(["bad"]);
    expect(words(await listed(project, "--task", "good"))).toEqual(["good", "bad", "good"]);
    expect(words(await listed(project, "--task", "good", "--status", "failed"))).toEqual([]);
    expect(words(await listed(project, "--label", "a"))).toEqual(["bad", "good"]);
    expect(words(await listed(project, "--label", "a=1", "--label", "b"))).toEqual(["good"]);
    expect(words(await listed(project, "--limit", "2"))).toEqual(["good", "bad"]);
    expect(words(await listed(project, "--since", "1h"))).toHaveLength(3);
    expect(words(await listed(project, "--since", "0s"))).toEqual([]);
    expect(words(await listed(project, "--since", "2001-01-01"))).toHaveLength(3);
    expect(words(await listed(project, "--since", "2999-01-01T12:30"))).toEqual([]);
  });

  test("says what is wrong with what it is asked", async () => {
    await using project = await makeProject(FILES);
    await project.zr("history").expect({ stdout: "no runs\n" });
    await project
      .zr("history", "last")
      .expect({ code: 2, stderr: /^error\[E400\]: 'last' is no run .*: it is empty\n/ });
    await project.zr("good").expect({ stdout: anything });
    await project.zr("good").expect({ stdout: anything });
    const [newest] = await listed(project);
    const id = newest?.run ?? "";
    const other = `${id.slice(0, -1)}${id.endsWith("a") ? "b" : "a"}`;
    await project
      .zr("history", other)
      .expect({ code: 2, stderr: new RegExp(`E400[^]*did you mean '${id}'`) });
    await project.zr("history", id.slice(0, 8)).expect({ code: 2, stderr: new RegExp(`E401[^]*${id}`) });
    await project.zr("history", "-9").expect({ code: 2, stderr: /E400/ });
    await project.zr("history", id).expect({ stdout: /good/ });
    await project.zr("history", "--since", "soon").expect({ code: 2, stderr: /E183.*--since.*2d/ });
    await project.zr("history", "--since", "2026-02-31").expect({ code: 2, stderr: /E183/ });
    await project
      .zr("history", "--status", "fialed")
      .expect({ code: 2, stderr: /E183[^]*did you mean 'failed'/ });
    await project.zr("history", "last", "last").expect({ code: 2, stderr: /E185/ });
  });

  test("knows the commit of a run, in a repository, a worktree of one, and not outside", async () => {
    await using project = await makeProject(FILES, { git: true });
    const commit = project.git("rev-parse", "HEAD").trim();
    await project.zr("good").expect({ stdout: anything });
    project.git("worktree", "add", "--quiet", "../tree", "HEAD");
    await project.zrWith({ cwd: "../tree" }, "good").expect({ stdout: anything });
    const inTree = await project.zrWith({ cwd: "../tree" }, "history", "--json").expect({ stdout: anything });
    expect((await listed(project))[0]?.git?.commit).toBe(commit);
    expect(inTree.stdout).toContain(`"commit": "${commit}"`);
    await using plain = await makeProject(FILES);
    await plain.zr("good").expect({ stdout: anything });
    expect((await listed(plain))[0]?.git).toBeUndefined();
  });

  test("zr show tells of the last runs of a task, all its combinations", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.t]
        cmd = "test \${matrix.n} = 1"
        matrix = { n = ["1", "2"] }
        [tasks.tt]
        cmd = "true"
      `,
    });
    expect((await project.zr("show", "t").expect({ stdout: anything })).stdout).not.toContain("last runs");
    await project
      .zr("run", "t", "tt", "--keep-going")
      .expect({ code: 1, stdout: anything, stderr: anything });
    await project.zr("show", "t").expect({
      stdout: /\nlast runs\n  [-\d]+ [:\d]+  t\[n=1\]  ok .*\n  .*  t\[n=2\]  failed .*\n$/,
    });
    const { stdout } = await project.zr("show", "tt", "--json").expect({ stdout: anything });
    expect(JSON.parse(stdout)).toMatchObject({
      tasks: [{ name: "tt", lastRuns: [{ id: "tt", state: "success" }] }],
    });
  });

  test("an interrupted run is recorded as one", async () => {
    await using project = await makeProject({ "zr.toml": `[tasks]\nslow = "${cmd("slow")}"\n` });
    const run = project.zr("slow");
    await project.command("slow").started();
    run.kill("SIGINT");
    await run.expect({ code: 130, stdout: anything, stderr: anything });
    expect((await listed(project, "--status", "interrupted"))[0]?.interrupted).toBe("SIGINT");
  });

  test("nothing is kept of a dry run, nor where the history is switched off", async () => {
    await using project = await makeProject(FILES);
    await project.zr("run", "bad", "--dry-run").expect({ stdout: anything });
    expect(project.exists(".zr/history")).toBe(false);
    project.write("zr.local.toml", "[history]\nenabled = false\n");
    await project.zr("good").expect({ stdout: anything });
    expect(project.exists(".zr/history")).toBe(false);
  });
});

describe("flaky tasks", () => {
  test("are those that succeed only after a retry", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.flaky]
        cmd = "test -f there || { touch there; exit 1; }"
        retry = 1
        [tasks.solid]
        cmd = "true"
      `,
    });
    await project.zr("run", "flaky", "solid").expect({ stdout: anything, stderr: anything });
    const { stdout } = await project.zr("history", "--flaky", "--json").expect({ stdout: anything });
    expect(JSON.parse(stdout)).toMatchObject({ tasks: [{ id: "flaky", runs: 1, retried: 1, mixed: 0 }] });
    await project.zr("history", "--flaky").expect({ stdout: /^task[^\n]*\nflaky +1 +0 +1 +0 / });
  });

  test("are those that end well and badly in the same unchanged checkout", async () => {
    await using project = await makeProject(
      { "zr.toml": `[tasks]\nt = "${cmd("t")}"\n`, ".gitignore": ".zr\n" },
      { git: true },
    );
    const git = project.tool("git");
    const once = async (code: number, changes: string): Promise<void> => {
      const run = project.zr("t");
      const child = await project.command("t").started();
      const asked = await git.started();
      void asked.print(changes);
      await asked.exit();
      void child.exit(code);
      await run.expect({ code, stdout: anything, stderr: anything });
    };
    const flaky = async (): Promise<unknown> =>
      JSON.parse((await project.zr("history", "--flaky", "--json").expect({ stdout: anything })).stdout);
    await once(0, "");
    await once(1, " M zr.toml\n");
    expect(await flaky()).toMatchObject({ tasks: [] });
    await once(1, "");
    expect(await flaky()).toMatchObject({ tasks: [{ id: "t", runs: 3, failures: 2, mixed: 1 }] });
  });
});

describe("the history bears", () => {
  test("twenty runs at once", async () => {
    await using project = await makeProject(FILES);
    const runs = Array.from({ length: 20 }, (_, index) => project.zr("run", "good", "--label", `n=${index}`));
    const lists = [project.zr("history"), project.zr("history"), project.zr("history")];
    for (const run of [...runs, ...lists]) await run.expect({ stdout: anything });
    const found = await listed(project, "--limit", "100");
    expect(found.map(({ labels }) => Number(labels["n"])).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
    expect(readdirSync(project.path(".zr/history/inbox"))).toEqual([]);
  });

  test("a database that is none: it is moved aside, and no run notices", async () => {
    await using project = await makeProject(FILES);
    await project.zr("good").expect({ stdout: anything });
    await project.zr("history").expect({ stdout: anything });
    project.write(".zr/history.db", "garbage\n".repeat(2000));
    await project.zr("good").expect({ stdout: "fine\n" });
    await project.zr("history", "--json").expect({
      stdout: /"words": \[\s*"good"/,
      stderr: /^zr: the history was damaged .* the old one is .*history\.db\.corrupt-\d+\n$/,
    });
    await project.zr("history").expect({ stdout: /run good\n$/ });
  });

  test("a database in which pages are broken", async () => {
    await using project = await makeProject(FILES);
    for (let count = 0; count < 3; count += 1) await project.zr("good").expect({ stdout: anything });
    await project.zr("history").expect({ stdout: anything });
    const bytes = readFileSync(project.path(".zr/history.db"));
    bytes.fill(0x5a, 4096);
    writeFileSync(project.path(".zr/history.db"), bytes);
    await project.zr("history").expect({ stdout: "no runs\n", stderr: /^zr: the history was damaged/ });
    await project.zr("good").expect({ stdout: anything });
    await project.zr("history").expect({ stdout: /run good\n$/ });
  });

  test("a place that can't be written to", async () => {
    await using project = await makeProject(FILES);
    mkdirSync(project.path(".zr"));
    project.write(".zr/history", "a file\n");
    await project.zr("good").expect({ stdout: "fine\n" });
    await project
      .zr("history")
      .expect({ stdout: "no runs\n", stderr: /^zr: the history can't be written: .*\n$/ });
    await project.zr("logs").expect({ code: 2, stderr: /E400/ });
  });

  test("a database that somebody else is writing to", async () => {
    await using project = await makeProject(FILES);
    await project.zr("good").expect({ stdout: anything });
    await project.zr("history").expect({ stdout: anything });
    const other = new Database(project.path(".zr/history.db"));
    other.run("BEGIN IMMEDIATE");
    await project.zr("run", "good", "--label", "late=1").expect({ stdout: "fine\n" });
    await project.zr("history").expect({
      stdout: /run good\n$/,
      stderr: "zr: the history is being written by another program; the newest runs may be missing here\n",
    });
    other.run("COMMIT");
    other.close();
    expect(await listed(project)).toHaveLength(2);
  });

  test("zr being killed in the middle of a run, of which nothing is left after a while", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks]
        good = "echo fine"
        slow = "${cmd("slow")}"
      `,
    });
    const run = project.zr("slow");
    const slow = await project.command("slow").started();
    // The second piece is taken when the first has found its place on the disk.
    for (const piece of ["x", "y"]) {
      void slow.print(piece.repeat(200_000));
      await run.waitForOutput(piece.repeat(200_000));
    }
    run.kill("SIGKILL");
    await run.expect({ signal: "SIGKILL", stdout: anything, stderr: anything });
    const [left = ""] = readdirSync(project.path(".zr/history/logs"));
    const past = new Date(Date.now() - 7_200_000);
    utimesSync(project.path(`.zr/history/logs/${left}`), past, past);
    await project.zr("good").expect({ stdout: anything });
    expect(words(await listed(project))).toEqual(["good"]);
    expect(readdirSync(project.path(".zr/history/logs"))).not.toContain(left);
  });

  test("files in its folders that are no records", async () => {
    await using project = await makeProject(FILES);
    await project.zr("good").expect({ stdout: anything });
    const [name = ""] = readdirSync(project.path(".zr/history/inbox"));
    const record = readFileSync(project.path(`.zr/history/inbox/${name}`));
    writeFileSync(project.path(".zr/history/inbox/half.run"), record.subarray(0, record.length - 9));
    project.write(".zr/history/inbox/empty.run", "");
    project.write(
      ".zr/history/inbox/evil.run",
      `${JSON.stringify({ packBytes: 0, run: { v: 1, run: "../../x" } })}\n\n#end\n`,
    );
    mkdirSync(project.path(".zr/history/inbox/folder.run"));
    project.write(".zr/history/durations.json", '{"v":1,"durations":{"good":["slow"],"bad":7}}');
    expect(words(await listed(project))).toEqual(["good"]);
    expect(readdirSync(project.path(".zr/history/inbox"))).not.toContain(name);
  });
});

describe("the history forgets", () => {
  test("all but the newest runs, their logs too", async () => {
    await using project = await makeProject({ "zr.toml": `${FILES["zr.toml"]}\n[history]\nkeep = 2\n` });
    for (let count = 0; count < 4; count += 1)
      await project.zr("run", "good", "--label", `n=${count}`).expect({ stdout: anything });
    const kept = await listed(project);
    expect(kept.map(({ labels }) => labels["n"])).toEqual(["3", "2"]);
    expect(readdirSync(project.path(".zr/history/logs")).sort()).toEqual(kept.map(({ run }) => run).sort());
  });

  test("runs over the age limit", async () => {
    await using project = await makeProject({
      "zr.toml": `${FILES["zr.toml"]}\n[history]\nmax_age = "0s"\n`,
    });
    await project.zr("good").expect({ stdout: anything });
    expect(await listed(project)).toEqual([]);
  });

  test("the oldest logs where all together are too large, but not the runs", async () => {
    await using project = await makeProject({
      "zr.toml": `${FILES["zr.toml"]}\n[history]\nmax_size = "1B"\n`,
    });
    await project.zr("good").expect({ stdout: anything });
    expect(await listed(project)).toHaveLength(1);
    expect(readdirSync(project.path(".zr/history/logs"))).toEqual([]);
    await project
      .zr("logs")
      .expect({ code: 2, stderr: /^error\[E402\]: no log of 'good' .*not kept any more\n/ });
  });
});

describe("secrets", () => {
  test("stand nowhere in records, logs and the database", async () => {
    const secret = "hunter2-very-secret";
    await using project = await makeProject(
      { "zr.toml": `[tasks.t]\ncmd = "echo $MY_TOKEN $OTHER_KEY"\nargs = [{ name = "value" }]\n` },
      { env: { MY_TOKEN: secret } },
    );
    await project
      .zr(
        "run",
        "-e",
        "OTHER_KEY=another-secret-9",
        "-e",
        "PLAIN=fine",
        "t",
        `--value=${secret}`,
        "--",
        secret,
      )
      .expect({ stdout: anything, stderr: anything });
    for (let round = 0; round < 2; round += 1) {
      const state = stateOf(project);
      expect(state).toContain("****");
      expect(state).toContain("PLAIN=fine");
      expect(state).not.toContain(secret);
      expect(state).not.toContain("another-secret-9");
      const { stdout } = await project.zr("history", "--json").expect({ stdout: anything });
      expect(stdout).not.toContain("secret-9");
    }
    await project.zr("logs").expect({ stdout: /\*\*\*\*/ });
    await project.zr("rerun").expect({ code: 2, stderr: /^error\[E403\].*held a secret\n/ });
  });

  test("of runs in which nothing was started neither", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [global]
        secret_names = ["PIN"]

        [tasks.cached]
        cmd = "echo made > out"
        outputs = ["out"]
        cache = true

        [tasks.skipped]
        cmd = "echo never"
        condition = "false"
        secrets = ["DECLARED"]
      `,
    });
    const options = ["API_TOKEN=hidden-one", "PIN=hidden-two", "PLAIN=fine"].flatMap((given) => [
      "-e",
      given,
    ]);
    for (const task of ["cached", "cached"])
      await project.zr("run", task, ...options).expect({ stderr: anything });
    await project
      .zr("run", "skipped", ...options, "-e", "DECLARED=hidden-three")
      .expect({ stderr: anything });
    await project.zr("history").expect({ stdout: anything });
    const state = stateOf(project);
    expect(state).toContain("PLAIN=fine");
    expect(state.match(/hidden-\w+/g) ?? []).toEqual([]);
  });
});

test("a command line is shown with its name first, and tasks that nothing called for are not counted", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      a = { cmds = ["echo a", { task = "called", if = "false" }], on_failure = "undo" }
      called = "echo called"
      b = "echo b"
      undo = "echo undo"
      [workflows.ship]
      on_failure = "undo"
      steps = [{ run = "a" }, { run = "b", condition = "false" }]
    `,
  });
  const shown = { stdout: anything, stderr: anything } as const;
  await project.zr("workflow", "--from", "a", "-k", "ship").expect(shown);
  const { stdout } = await project.zr("history").expect(shown);
  expect(stdout).toContain("  ok (1 task)  workflow ship --from=a --keep-going\n");
  const one = await project.zr("history", "last").expect(shown);
  expect(one.stdout).toContain("  ok (1 task)\n  workflow ship --from=a --keep-going\n");
});
