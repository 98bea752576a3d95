import { readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

test("zr logs prints what a task printed, byte for byte, to stdout", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\nt = "${cmd("t")}"\n` });
  const bytes = Uint8Array.of(0xff, 0x00, 0x0a, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x0d, 0x80, 0x61);
  const run = project.zr("t");
  const t = await project.command("t").started();
  void t.print(bytes);
  void t.exit();
  await run.expect({ stdout: anything });
  for (const words of [["logs"], ["logs", "last"], ["logs", "-1", "t"]]) {
    const { stdoutBytes } = await project.zr(...words).expect({ stdout: anything });
    expect(Uint8Array.from(stdoutBytes)).toEqual(bytes);
  }
});

test("of several tasks each log stands under its task's name, in the plan's order, both streams in one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo one; echo two >&2"
      [tasks.none]
      cmd = "true"
      [tasks.b]
      cmd = "echo three"
      deps = ["a", "none"]
    `,
  });
  await project.zr("b").expect({ stdout: anything, stderr: anything });
  await project.zr("logs").expect({ stdout: "==> a <==\none\ntwo\n\n==> b <==\nthree\n" });
  await project
    .zr("logs", "last", "b", "a", "b")
    .expect({ stdout: "==> b <==\nthree\n\n==> a <==\none\ntwo\n" });
  await project
    .zr("logs", "last", "none")
    .expect({ code: 2, stderr: /E402.*no log of 'none'.*printed nothing/ });
  await project
    .zr("logs", "last", "bb")
    .expect({ code: 2, stderr: /E402[^]*not part of it[^]*did you mean/ });
});

test("a run that printed nothing has no logs, and that is no error", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks.quiet]\ncmd = "true"' });
  await project.zr("quiet").expect({});
  await project.zr("logs").expect({ stderr: /^run \d{8}-\d{6}-\w{4} printed nothing\n$/ });
});

test("a run is named by number, id, or beginning of its id", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.t]\ncmd = 'echo "$1"'\nargs = [{ name = "x" }]\n`.replace('"$1"', "${args.x}"),
  });
  for (const word of ["first", "second", "third"]) await project.zr("t", word).expect({ stdout: anything });
  await project.zr("logs", "-3").expect({ stdout: "first\n" });
  await project.zr("logs", "-2").expect({ stdout: "second\n" });
  const { stdout } = await project.zr("history", "--json", "--limit", "1").expect({ stdout: anything });
  const [{ run = "" } = {}] = (JSON.parse(stdout) as { runs: { run: string }[] }).runs;
  await project.zr("logs", run).expect({ stdout: "third\n" });
  await project.zr("logs", run.slice(0, -1)).expect({ stdout: "third\n" });
  await project.zr("logs", "-4").expect({ code: 2, stderr: /E400/ });
});

test("the name of a task alone means its log in the last run", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\na = "echo of a"\nb = "echo of b"' });
  await project.zr("run", "a", "b", "-q").expect({ stdout: anything, stderr: anything });
  await project.zr("logs", "b").expect({ stdout: "of b\n" });
  await project.zr("logs", "c").expect({ code: 2, stderr: /E400/ });
});

test("the name of a task alone means the newest run in which it printed something", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\na = 'test -f gone || echo "of a"'\nb = "echo of b"\nc = "true"\n`,
  });
  const run = async (...words: readonly string[]): Promise<unknown> =>
    project.zr("run", ...words, "-q").expect({ stdout: anything, stderr: anything });
  await run("a");
  project.write("gone", "");
  await run("a");
  await run("b");
  await project.zr("logs", "a").expect({ stdout: "of a\n" });
  await project
    .zr("logs", "c")
    .expect({ code: 2, stderr: /'c' is no run .*, and no run of the history has the task/ });
  await run("c");
  await project.zr("logs", "c").expect({ code: 2, stderr: /E402.*: it printed nothing/ });
  await project.zr("history", "a").expect({ code: 2, stderr: /; see `zr history --task a`/ });
  await project.zr("history", "--task", "a").expect({ stdout: /run a/ });
  await project.zr("ai", "why did a fail?", "--print").expect({ stdout: "zr logs a\n", stderr: anything });
});

test("a log that is too large for memory is kept whole", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nbig = "seq 1 400000"\nsmall = "echo small"\nall.deps = ["big", "small"]\n`,
  });
  await project.zr("run", "all", "-q").expect({ stdout: anything, stderr: anything });
  const { stdout } = await project.zr("logs", "last", "big").expect({ stdout: anything });
  expect(stdout).toBe(Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join(""));
  await project.zr("logs", "last", "small").expect({ stdout: "small\n" });
  const [folder = ""] = readdirSync(project.path(".zr/history/logs"));
  const files = readdirSync(project.path(`.zr/history/logs/${folder}`));
  expect(files.filter((name) => !name.startsWith("owner.")).sort()).toEqual(["1.zst", "pack.zst"]);
});

test("thousands of small logs are kept, though they are more than is held in memory", async () => {
  const names = Array.from({ length: 60 }, (_, index) => `t${index}`);
  await using project = await makeProject({
    "zr.toml": [
      `[tasks.all]\ndeps = [${names.map((name) => `"${name}"`).join(", ")}]`,
      ...names.map((name) => `[tasks.${name}]\ncmd = "echo ${name}; seq 1 9000"`),
    ].join("\n"),
  });
  await project.zr("run", "all", "-q").expect({ stdout: anything, stderr: anything });
  for (const name of ["t0", "t31", "t59"]) {
    const { stdout } = await project.zr("logs", "last", name).expect({ stdout: anything });
    expect(stdout).toStartWith(`${name}\n1\n2\n`);
    expect(stdout).toEndWith("\n8999\n9000\n");
    expect(stdout.split("\n")).toHaveLength(9002);
  }
});

test("log_max cuts the middle out of a log and says how much", async () => {
  await using project = await makeProject({
    "zr.toml": `[global]\nlog_max = "100KB"\n[tasks]\nbig = "seq 100000 299999"\n`,
  });
  await project.zr("run", "big", "-q").expect({ stdout: anything, stderr: anything });
  const { stdout } = await project.zr("logs").expect({ stdout: anything });
  const kept = 100 * 1024;
  const leftOut = 200_000 * 7 - kept;
  const half = kept / 2;
  const all = Array.from({ length: 200_000 }, (_, index) => `${index + 100_000}\n`).join("");
  const note = `\n[zr: ${leftOut} bytes left out]\n`;
  expect(stdout.slice(0, half)).toBe(all.slice(0, half));
  expect(stdout.slice(half, half + note.length)).toBe(note);
  expect(stdout.slice(half + note.length)).toBe(all.slice(-half));
});

test("a log that is gone or damaged is said to be", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\nt = "echo x"\n` });
  await project.zr("t").expect({ stdout: anything });
  await project.zr("history").expect({ stdout: anything });
  const [folder = ""] = readdirSync(project.path(".zr/history/logs"));
  writeFileSync(project.path(`.zr/history/logs/${folder}/pack.zst`), "no zstd");
  await project
    .zr("logs")
    .expect({ code: 2, stderr: /^error\[E402\]: no log of 't' in run .*: it is not kept any more\n/ });
});

test("a disk that refuses the log of a task changes nothing about the run", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\nbig = "seq 1 100000"\n` });
  await project.zr("run", "big", "-q").expect({ stdout: anything, stderr: anything });
  project.remove(".zr/history/logs");
  project.write(".zr/history/logs", "in the way\n");
  const { stdout } = await project.zr("run", "big", "--raw").expect({ stdout: anything });
  expect(stdout).toHaveLength(588_895);
  await project
    .zr("logs")
    .expect({ code: 2, stderr: /E402\]: no log of 'big' in run .*: it is not kept any more/ });
});
