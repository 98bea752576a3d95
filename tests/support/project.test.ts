import { expect, test } from "bun:test";
import { isAlive } from "./processes";
import { makeProject } from "./project";
import { anything } from "./run";
import { cmd } from "./scripted-command";

/** A stand-in for zr: the shell runs the file `main.sh` of the project. */
const shell = { program: ["sh", "main.sh"] };

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const failed = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failed instanceof Error)) throw new Error("it should have failed");
  return failed.message;
}

test("a project has its files, dedented, and is removed at the end", async () => {
  let root = "";
  {
    await using project = await makeProject(
      {
        "zr.toml": `
          [tasks.build]
            cmd = "true"
        `,
        "sub/verbatim.txt": "  as it is",
      },
      shell,
    );
    root = project.root;
    expect(project.read("zr.toml")).toBe('[tasks.build]\n  cmd = "true"\n');
    expect(project.read("sub/verbatim.txt")).toBe("  as it is");
    expect(project.exists("sub/none.txt")).toBe(false);
  }
  expect(await Bun.file(`${root}/zr.toml`).exists()).toBe(false);
});

test("what a run leaves behind is listed, and killed at the end", async () => {
  let pid = 0;
  {
    await using project = await makeProject({ "main.sh": "sleep 1000 >/dev/null 2>&1 & echo $!" }, shell);
    const { stdout } = await project.zr().expect({ stdout: /^\d+\n$/ });
    pid = Number(stdout);
    expect(project.processes().map((found) => found.pid)).toEqual([pid]);
  }
  expect(isAlive(pid)).toBe(false);
});

test("a process with an empty environment in a session of its own is killed too", async () => {
  let pid = 0;
  {
    const files = { "main.sh": "env -i setsid tail -f said.txt & echo $!", "said.txt": "by the tail" };
    await using project = await makeProject(files, shell);
    const run = project.zr();
    await run.waitForOutput("by the tail");
    pid = Number(await run.waitForOutput(/\d+(?=\n)/));
    expect(isAlive(pid)).toBe(true);
  }
  expect(isAlive(pid)).toBe(false);
});

test("the environment holds what is listed and nothing else", async () => {
  await using project = await makeProject({}, { program: ["env"], env: { GIVEN: "1", LANG: undefined } });
  const { stdout } = await project.zrWith({ env: { EXTRA: "2" } }).result();
  const lines = project.normalize(stdout).trimEnd().split("\n").toSorted();
  expect(lines.filter((line) => !line.startsWith("PATH="))).toEqual([
    "EXTRA=2",
    "GIT_CONFIG_NOSYSTEM=1",
    "GIVEN=1",
    "HOME=<home>",
    "NO_COLOR=1",
    "TMPDIR=<tmp>",
    "TZ=UTC",
    "XDG_CACHE_HOME=<cache>",
    "XDG_CONFIG_HOME=<config>",
    "XDG_DATA_HOME=<data>",
    "ZR_JOBS=4",
    "ZR_RIG_MARKER=<temp>",
  ]);
  expect(lines.find((line) => line.startsWith("PATH="))).toStartWith("PATH=<temp>/rig/bin:");
});

test("a git project is one commit, the same one each time", async () => {
  await using one = await makeProject({ "a.txt": "a" }, { ...shell, git: true });
  await using two = await makeProject({ "a.txt": "a" }, { ...shell, git: true });
  expect(one.git("log", "--format=%an %ad %s", "--date=iso-strict")).toMatch(
    /^Test 2024-01-01T00:00:00.* initial\n$/,
  );
  expect(one.git("status", "--porcelain")).toBe("");
  expect(one.git("rev-parse", "HEAD")).toBe(two.git("rev-parse", "HEAD"));
});

test("expect passes when exit code and both streams are as told", async () => {
  await using project = await makeProject(
    { "main.sh": `echo "in $PWD: 12ms"; echo "took 1.2s" >&2; exit 3` },
    shell,
  );
  const expectation = { code: 3, stdout: "in <root>: 12ms\n", stderr: /^took <time>$/m };
  expect((await project.zr().expect(expectation)).code).toBe(3);
  await project.zr().expect({
    code: 3,
    stdout: anything,
    stderr: `
      took <time>
    `,
  });
});

test("expect fails on whatever was not told, and shows the run", async () => {
  await using project = await makeProject({ "main.sh": "echo one; echo two; echo oops >&2; exit 3" }, shell);
  const message = await failureOf(project.zr("an-argument").expect({ stdout: "one\n2\n" }));
  expect(project.normalize(message)).toBe(
    [
      "expected exit code 0, got exit code 3",
      "stdout differs (- expected, + got):",
      "  one",
      "- 2",
      "+ two",
      "stderr differs (- expected, + got):",
      "+ oops",
      "",
      "$ sh main.sh an-argument   (exit code 3, in <root>)",
      "--- stdout",
      "one",
      "two",
      "--- stderr",
      "oops",
      "--- folder <root> (ZR_TEST_KEEP=1 keeps it)",
    ].join("\n"),
  );
});

test("expect tells a signal from an exit code", async () => {
  await using project = await makeProject({ "main.sh": "kill -KILL $$" }, shell);
  await project.zr().expect({ signal: "SIGKILL" });
  expect(await failureOf(project.zr().expect({ code: 137 }))).toStartWith(
    "expected exit code 137, got SIGKILL\n",
  );
});

test("stdin is empty, or the text given, or what the test writes", async () => {
  await using project = await makeProject({}, { program: ["cat"] });
  await project.zr().expect({ stdout: "" });
  await project.zrWith({ stdin: "given\n" }).expect({ stdout: "given\n" });
  const run = project.zrWith({ stdin: null });
  run.write("first\n");
  await run.waitForOutput("first\n", "stdout");
  run.write("second\n");
  run.endStdin();
  await run.expect({ stdout: "first\nsecond\n" });
});

test("a run can be signalled alone or with its group", async () => {
  await using project = await makeProject(
    { "main.sh": `trap 'echo trapped' TERM INT; ${cmd("child")}; ${cmd("child")}` },
    shell,
  );
  const run = project.zr();
  const first = await project.command("child").started();
  run.kill("SIGTERM");
  await first.exit();
  const second = await project.command("child").started();
  expect(first.signals).toEqual([]);
  run.killGroup("SIGINT");
  await second.signalled("SIGINT");
  await run.expect({ code: 130, stdout: "trapped\ntrapped\n" });
});

test("bytes that are no text are kept", async () => {
  await using project = await makeProject({ "main.sh": String.raw`printf '\377\000a'` }, shell);
  const { stdoutBytes } = await project.zr().result();
  expect([...stdoutBytes]).toEqual([0xff, 0, 0x61]);
});

test("waiting for output that can no longer come fails at once and shows what came", async () => {
  await using project = await makeProject({ "main.sh": "echo something else" }, shell);
  const message = await failureOf(project.zr().waitForOutput("never"));
  expect(message).toStartWith("its output ended without it\n$ sh main.sh");
  expect(message).toContain("something else");
});
