import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

const CONFIG = `
  [tasks]
  a = "echo one; echo two"
  b = { cmd = "echo three; exit 1", deps = ["a"], allow_failure = true }
`;

test("ui.timestamps puts the time of day in front of each prefixed line", async () => {
  await using project = await makeProject({ "zr.toml": `${CONFIG}\n[ui]\ntimestamps = true` });
  const { stdout } = await project
    .zr("run", "b", "--output", "prefixed")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d a │ one\n\d\d:\d\d:\d\d a │ two\n\d\d:\d\d:\d\d b │ three\n$/);
  const plain = await project
    .zr("run", "b", "--output", "grouped")
    .expect({ stdout: anything, stderr: anything });
  expect(plain.stdout).toBe("one\ntwo\nthree\n");
});

test("ui.theme keeps to colours that can be read on that background", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  const colorsOf = async (theme: string): Promise<string> => {
    project.write("zr.toml", `${CONFIG}\n[ui]\ntheme = "${theme}"`);
    const { stderr } = await project
      .zr("run", "b", "--color", "always")
      .expect({ stdout: anything, stderr: anything });
    return stderr;
  };
  // An allowed failure is a warning.
  expect(await colorsOf("auto")).toContain("\u001B[33m✗ b failed");
  expect(await colorsOf("dark")).toContain("\u001B[33m✗ b failed");
  const light = await colorsOf("light");
  expect(light).toContain("\u001B[35m✗ b failed");
  expect(light).not.toContain("\u001B[33m");
});

test("log_format = json tells of a run by its events, one a line, between the lines of the tasks", async () => {
  await using project = await makeProject({
    "zr.toml":
      '[global]\nlog_format = "json"\n[tasks]\na = "printf half >&2; sleep 0.1; printf out; exit 3"\nb = "echo b"',
  });
  const { stdout, stderr } = await project
    .zr("run", "a", "b", "-k", "-v")
    .expect({ code: 3, stdout: anything, stderr: anything });
  expect(stdout.split("\n").toSorted()).toEqual(["", "b", "out"]);
  const lines = stderr.trimEnd().split("\n");
  expect(lines).toContain("half");
  // Each line but that of the task is an event.
  const types = lines.flatMap((line) =>
    line === "half" ? [] : [(JSON.parse(line) as { type: string }).type],
  );
  expect(types[0]).toBe("run.started");
  expect(types.at(-1)).toBe("run.finished");
  expect(types.filter((type) => type === "instance.finished")).toHaveLength(2);
});

test("log_format = plain has neither colours nor a live view on a terminal", async () => {
  await using project = await makeProject({
    "zr.toml": `[global]\nlog_format = "plain"\n[tasks]\na = "${cmd("a")}"\nb = "${cmd("b")}"`,
  });
  const terminal = await project.terminal({}, "run", "a", "b", "-j2");
  const [a, b] = await Promise.all([project.command("a").started(), project.command("b").started()]);
  await a.exit();
  await b.exit();
  expect((await terminal.exited).code).toBe(0);
  expect(terminal.raw()).toMatch(/^2 tasks: 2 ok/);
  expect(terminal.raw()).not.toContain("\u001B");
});
