import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const keysOf = async (text: string, task = "t"): Promise<Record<string, unknown>> => {
  await using project = await makeProject({});
  project.write("zr.toml", text);
  const { stdout } = await project.zr("show", task, "--json").expect({ stdout: anything });
  const { tasks } = JSON.parse(stdout) as {
    readonly tasks: readonly { readonly keys: Record<string, unknown> }[];
  };
  return tasks[0]?.keys ?? {};
};

test("a task takes the keys that it does not set from templates and tasks, the first named first", async () => {
  const keys = await keysOf(
    '[templates.a]\ntimeout = "1s"\nretry = 1\n[templates.b]\ntimeout = "2s"\nsilent = true\n[tasks.t]\nextends = ["a", "b"]\ncmd = "true"\nretry = 3\n',
  );
  expect(keys).toMatchObject({ timeout: "1s", retry: 3, silent: true, cmd: "true" });
});

test("templates extend templates, and env tables merge by name", async () => {
  const keys = await keysOf(
    '[templates.a]\nenv = { A = "a", B = "a" }\n[templates.b]\nextends = "a"\nenv = { B = "b", C = "b" }\n[tasks.t]\nextends = "b"\ncmd = "true"\nenv = { C = "t" }\n',
  );
  expect(keys["env"]).toEqual({ A: "a", B: "b", C: "t" });
});

test("names are not inherited", async () => {
  const keys = await keysOf(
    '[tasks.base]\ncmd = "true"\naliases = ["b"]\nhidden = true\n[tasks.t]\nextends = "base"\n',
  );
  expect(keys).toEqual({ extends: "base", cmd: "true" });
});

test("what is reached on two ways counts where it is highest", async () => {
  const keys = await keysOf(
    '[templates.top]\ntimeout = "1s"\n[templates.left]\nextends = "top"\n[templates.right]\nextends = "top"\ntimeout = "2s"\n[tasks.t]\nextends = ["left", "right"]\ncmd = "true"\n',
  );
  expect(keys["timeout"]).toBe("1s");
});

test("[defaults.tasks] are below everything", async () => {
  const keys = await keysOf(
    '[defaults.tasks]\ntimeout = "1s"\nretry = 1\n[templates.a]\nretry = 2\n[tasks.t]\nextends = "a"\ncmd = "true"\n',
  );
  expect(keys).toMatchObject({ timeout: "1s", retry: 2 });
});

test("a template is no task", async () => {
  await using project = await makeProject({ "zr.toml": '[templates.a]\ncmd = "true"\n' });
  await project.zr("run", "a").expect({ code: 2, stderr: /^error\[E160\]/ });
  await project.zr("list").expect({ stdout: "no tasks\n" });
});
