import { expect, test } from "bun:test";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { notOn, testUnless } from "#tests/support/left-out";

const FILES = {
  "zr.toml": `
    [tasks.all]
    deps = ["good", "bad", "flaky", "later"]

    [tasks.good]
    cmd = "echo fine"

    [tasks.bad]
    cmd = "printf '\\\\033[31mred\\\\033[0m \\\\001 <&>]]> \`\`\`x\\\\n'; exit 3"

    [tasks.flaky]
    cmd = "test -f done || { touch done; exit 1; }"
    retry = { max = 1, delay = "1ms" }

    [tasks.later]
    cmd = "true"
    deps = ["bad"]
  `,
};
const RUN = ["run", "all", "--keep-going", "--output", "quiet"] as const;
const FAILED = { code: 1, stdout: anything, stderr: anything } as const;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Readonly<Record<string, unknown>>;
}

const traceOf = (text: string): readonly TraceEvent[] =>
  (JSON.parse(text) as { readonly traceEvents: readonly TraceEvent[] }).traceEvents;

test("--trace writes an event for each attempt, and one for each retry", async () => {
  await using project = await makeProject(FILES);
  await project.zr(...RUN, "--trace", "out/trace.json").expect(FAILED);
  const events = traceOf(project.read("out/trace.json"));
  const attempts = events.filter(({ ph }) => ph === "X");
  expect(
    attempts.map(({ name, args }) => `${name} ${String(args["attempt"])} ${String(args["state"])}`).sort(),
  ).toEqual(["bad 1 failed", "flaky 1 failed", "flaky 2 success", "good 1 success"]);
  expect(attempts.find(({ name }) => name === "bad")?.args).toMatchObject({
    id: "bad",
    failure: "exit code 3",
    cwd: project.root,
  });
  expect(events.filter(({ ph }) => ph === "i").map(({ name, args }) => [name, args])).toEqual([
    ["retry flaky", { id: "flaky", after: 1, inMs: expect.any(Number) }],
  ]);
});

test("in a trace, what ran at the same time is on lanes of its own, and a free lane is used again", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.all]
      deps = ["a", "b", "c"]
      [tasks]
      a = "${cmd("a")}"
      b = "${cmd("b")}"
      [tasks.c]
      cmd = "${cmd("c")}"
      deps = ["b"]
    `,
  });
  const run = project.zr("run", "all", "--jobs", "2", "--trace", "t.json");
  const [a, b] = [await project.command("a").started(), await project.command("b").started()];
  b.exit();
  (await project.command("c").started()).exit();
  a.exit();
  await run.expect({ stdout: anything, stderr: anything });
  const events = traceOf(project.read("t.json"));
  const lane = (name: string): number | undefined =>
    events.find((event) => event.ph === "X" && event.name === name)?.tid;
  expect(lane("a")).not.toBe(lane("b"));
  expect(lane("c")).toBe(lane("b"));
  expect(events.filter(({ name }) => name === "thread_name").map(({ args }) => args["name"])).toEqual([
    "slot 1",
    "slot 2",
  ]);
});

test("--junit writes a suite for each package and a case for each instance", async () => {
  await using project = await makeProject(FILES);
  await project.zr(...RUN, "--junit", "junit.xml").expect(FAILED);
  const text = project.read("junit.xml").replaceAll(/(time|timestamp)="[^"]*"/g, '$1=""');
  expect(text).toStartWith(
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="zr run all" tests="4" failures="1" errors="0" skipped="1" time="">\n',
  );
  expect(text).toContain(
    `<testcase name="good" classname="root" time=""/>`.replace("root", project.root.split("/").at(-1) ?? ""),
  );
  expect(text).toContain(
    '      <failure message="exit code 3" type="exit">red \\x01 &lt;&amp;&gt;]]&gt; ```x</failure>\n',
  );
  expect(text).toContain('      <skipped message="blocked: bad failed"/>\n');
  // Nothing but tabs and line ends below the space, as XML 1.0 wants.
  expect([...text].filter((character) => character < " " && !"\t\n".includes(character))).toEqual([]);
});

test("a handler that was not called for is in no report", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.t]\ncmd = "true"\non_failure = ["tell"]\n[tasks.tell]\ncmd = "true"\n`,
  });
  await project.zr("run", "t", "--junit", "j.xml", "--summary", "s.md").expect();
  expect(project.read("j.xml")).toContain(' tests="1" failures="0" errors="0" skipped="0" ');
  expect(project.read("s.md")).toContain("\n1 task: 1 ok · ");
});

test("--summary writes Markdown or JSON, as the file's ending says", async () => {
  await using project = await makeProject(FILES);
  await project.zr(...RUN, "--summary", "run.md").expect(FAILED);
  const page = project.read("run.md");
  expect(page).toStartWith("## ✗ zr run all\n\n4 tasks: 2 ok, 1 failed, 1 blocked · ");
  expect(page).toContain("| ✗ | bad | failed: exit code 3 | ");
  expect(page).toContain("### bad\n\nfailed: exit code 3\n\n````text\nred \\x01 <&>]]> ```x\n````\n");
  await project.zr(...RUN, "--summary", "run.json").expect(FAILED);
  const summary = JSON.parse(project.read("run.json")) as {
    readonly instances: readonly { readonly id: string }[];
  };
  expect(summary).toMatchObject({ v: 1, exitCode: 1, counts: { success: 2, failed: 1 } });
  expect(summary.instances.find(({ id }) => id === "bad")).toMatchObject({
    state: "failed",
    cause: "exit code 3",
    lastLines: [expect.stringContaining("red")],
  });
  await project.zr("run", "good", "--summary", "run.txt").expect({
    code: 2,
    stderr: "error[E183]: option '--summary' must be a file that ends in .json or .md, not 'run.txt'\n",
  });
});

test("secrets are masked in every report", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.t]\ncmd = "echo $API_TOKEN; exit 1"\nenv = { API_TOKEN = "s3cr3t-value" }\n`,
  });
  await project
    .zr("run", "t", "--junit", "j.xml", "--summary", "s.md", "--trace", "t.json")
    .expect({ code: 1, stdout: anything, stderr: anything });
  const all = ["j.xml", "s.md", "t.json"].map((name) => project.read(name)).join("");
  expect(all).toContain("****");
  expect(all).not.toContain("s3cr3t-value");
});

test("a report that can't be written makes a good run bad, and leaves the code of a bad one", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "true"\nb = "exit 7"\n`, file: "" });
  const stderr = /error\[E190\]: can't write file\/x\.xml: /;
  await project.zr("run", "a", "--junit", "file/x.xml").expect({ code: 2, stderr });
  await project.zr("run", "b", "--junit", "file/x.xml").expect({ code: 7, stderr });
});

test("a file for the output or the events that can't be written is told before anything is run", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "touch ran"\n`, file: "" });
  for (const option of ["--log-file", "--events"])
    await project
      .zr("run", "a", option, "file/x")
      .expect({ code: 2, stderr: /^error\[E190\]: can't write file\/x: [a-z ]+\n$/ });
  expect(project.exists("ran")).toBe(false);
});

testUnless(notOn("linux"))(
  "a file that the run can't go on writing is told when it is over, and makes a good run bad",
  async () => {
    // Written as it is: a device is never replaced by a file.
    await using project = await makeProject({ "zr.toml": `[tasks]\na = "echo out"\nb = "exit 7"\n` });
    for (const option of ["--log-file", "--events"]) {
      const stderr = /error\[E190\]: can't write \/dev\/full: no space left on device\n$/;
      const { stdout } = await project.zr("run", "a", option, "/dev/full").expect({
        code: 2,
        stdout: anything,
        stderr,
      });
      expect(stdout).toContain("out");
      await project.zr("run", "a", "b", "--keep-going", option, "/dev/full").expect({
        code: 7,
        stdout: anything,
        stderr,
      });
    }
  },
);

testUnless(notOn("linux"))(
  "standard output that can't be written makes a good run bad, is told by every command, and is no crash",
  async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\na = "echo out"\nb = { cmd = "echo out; exit 7" }\nboth = { cmd = "echo end", deps = ["a"] }\n`,
    });
    const program = await ensureBinary();
    const zr = async (line: string) => {
      const env = project.environment();
      const child = Bun.spawn(["sh", "-c", `"$0" "$@" ${line}`, ...program], {
        cwd: project.root,
        env,
        stderr: "pipe",
      });
      return { code: await child.exited, stderr: await child.stderr.text() };
    };
    const told = /error\[E190\]: can't write standard output: no space left on device\n$/;
    for (const words of [
      "run a",
      "run both",
      "run a --json",
      "run a --events -",
      "logs",
      "list",
      "list --json",
      "help",
    ])
      expect([words, await zr(`${words} > /dev/full`)]).toEqual([
        words,
        { code: 2, stderr: expect.stringMatching(told) },
      ]);
    expect(await zr("run b > /dev/full")).toEqual({ code: 7, stderr: expect.stringMatching(told) });
    // Nobody misses what goes to a stream that was never open.
    expect(await zr("run a >&-")).toEqual({ code: 0, stderr: "" });
  },
);

test("a run that is interrupted leaves its reports too", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "${cmd("a")}"\n` });
  const run = project.zr("run", "a", "--junit", "j.xml", "--summary", "s.md");
  await project.command("a").started();
  run.kill("SIGTERM");
  await run.expect({ code: 143, stdout: anything, stderr: anything });
  expect(project.read("j.xml")).toContain('<skipped message="canceled: interrupted by SIGTERM"/>');
  expect(project.read("s.md")).toContain(" · interrupted by SIGTERM · exit code 143\n");
});

const ACTIONS = { GITHUB_ACTIONS: "true", CI: "true" };

test("in GitHub Actions output is in groups, failures are annotations, and the step has a summary", async () => {
  await using project = await makeProject(FILES);
  const page = project.path("step.md");
  await Bun.write(page, "before\n");
  const env = { ...ACTIONS, GITHUB_STEP_SUMMARY: page, GITHUB_WORKSPACE: project.root };
  const { stderr } = await project.zrWith({ env }, "run", "all", "--keep-going").expect(FAILED);
  expect(stderr).toMatch(/^::group::✓ good \(.*\)\n/m);
  expect(stderr.match(/^::endgroup::$/gm)).toHaveLength(2);
  expect(stderr).toContain("  │ red \\x01 <&>]]> ```x\n");
  expect(stderr).toEndWith(
    "\n::error file=zr.toml,line=7,title=zr run bad::✗ bad failed: exit code 3%0Ared \\x01 <&>]]> ```x\n",
  );
  expect(project.read("step.md")).toStartWith("before\n## ✗ zr run all\n");
});

test("in GitHub Actions problems of the configuration are annotations where they stand", async () => {
  await using project = await makeProject({ "sub/zr.toml": '[tasks.a]\ncmd = "true"\ndeps = ["b%c"]\n' });
  const env = { ...ACTIONS, GITHUB_WORKSPACE: project.root };
  const { stderr } = await project
    .zrWith({ env, cwd: "sub" }, "run", "a")
    .expect({ code: 3, stderr: anything });
  expect(stderr).toEndWith(
    "\n::error file=sub/zr.toml,line=3,endLine=3,col=9,title=E130::dependency 'b%25c' of task 'a' does not exist\n",
  );
  const outside = await project.zrWith({ cwd: "sub" }, "run", "a").expect({ code: 3, stderr: anything });
  expect(outside.stderr).not.toMatch(/^::/m);
});

test("outside of GitHub Actions, and in a task's own zr, there is nothing of it", async () => {
  await using project = await makeProject(FILES);
  const page = project.path("step.md");
  const outside = await project
    .zrWith({ env: { GITHUB_STEP_SUMMARY: page } }, "run", "all", "--keep-going")
    .expect(FAILED);
  expect(outside.stderr + outside.stdout).not.toMatch(/^::/m);
  expect(project.exists("step.md")).toBe(false);
  const inside = await project
    .zrWith({ env: { ...ACTIONS, ZR_INSTANCE_KEY: "outer" } }, "run", "all", "--keep-going")
    .expect(FAILED);
  expect(inside.stderr + inside.stdout).not.toMatch(/^::/m);
});
