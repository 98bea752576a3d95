import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

/** Counts its runs in a file; fails in the third. */
const COUNTING = `[tasks.t]\ncmd = "echo x >> runs; test $(wc -l < runs) -ne 3"\n`;

async function runs(project: { readonly path: (name: string) => string }): Promise<number> {
  return (await Bun.file(project.path("runs")).text()).trim().split("\n").length;
}

test("--repeat runs the same so many times and says so", async () => {
  await using project = await makeProject({ "zr.toml": COUNTING });
  await project
    .zr("run", "t", "--repeat", "2")
    .expect({ stderr: "run 1 of 2\nrun 2 of 2\n2 of 2 runs ok\n" });
  expect(await runs(project)).toBe(2);
});

test("the first run that fails is the last, its exit code is the whole's, and it is said how far it came", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.t]\ncmd = "echo x >> runs; test $(wc -l < runs) -ne 2 || exit 9"\n`,
  });
  const { stderr } = await project.zr("run", "t", "--repeat", "5").expect({ code: 9, stderr: anything });
  expect(stderr).toEndWith("run 2 of 5 failed, 1 ok\n");
  expect(await runs(project)).toBe(2);
});

test("--until-fail repeats until a run fails, at most --repeat times", async () => {
  await using project = await makeProject({ "zr.toml": COUNTING });
  const { stderr } = await project.zr("run", "t", "--until-fail").expect({ code: 1, stderr: anything });
  expect(stderr).toEndWith("run 3 failed, 2 ok\n");
  await project.zr("run", "t", "--until-fail", "--repeat", "4", "--quiet").expect({ stderr: anything });
  expect(await runs(project)).toBe(7);
});

test("each repetition decides conditions anew", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.t]\ncmd = "echo ran; touch done"\ncondition = "!file.exists('done')"\n`,
  });
  await project.zr("run", "t", "--repeat", "3").expect({ stdout: "ran\n", stderr: anything });
});

test("each repetition is a run of its own, with its own id", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.t]\ncmd = "echo $ZR_RUN_ID"\n` });
  const { stdout } = await project
    .zr("run", "t", "--repeat", "3")
    .expect({ stdout: anything, stderr: anything });
  expect(new Set(stdout.trim().split("\n")).size).toBe(3);
});

test("Ctrl-C ends the repetition", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.t]\ncmd = "${cmd("t")}"\n` });
  const run = project.zr("run", "t", "--until-fail");
  const first = await project.command("t").started();
  first.exit(0);
  const second = await project.command("t").started();
  run.kill("SIGINT");
  await second.closed;
  const { stderr } = await run.expect({ code: 130, stderr: anything });
  expect(stderr).toEndWith("interrupted in run 2\n");
  expect(project.command("t").count).toBe(2);
});

test("no run at all is a usage error", async () => {
  await using project = await makeProject({ "zr.toml": COUNTING });
  await project.zr("run", "t", "--repeat", "0").expect({
    code: 2,
    stderr: "error[E183]: option '--repeat' must be a number from 1, not '0'\n",
  });
  expect(project.exists("runs")).toBe(false);
});
