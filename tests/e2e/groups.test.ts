import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const FILE =
  '[groups.db]\nenv = { HOST = "outer", PORT = "1" }\ntags = ["db"]\ntimeout = "5m"\ncwd = "sub"\n[groups."db.test"]\nenv = { HOST = "inner" }\n[tasks."db.up"]\ncmd = "echo $HOST $PORT $(basename $PWD)"\n[tasks."db.test.up"]\ncmd = "echo $HOST $PORT"\nenv = { PORT = "2" }\n[tasks.dbx]\ncmd = "echo [$HOST]"\n';

test.each([
  ["db.up", "outer 1 sub\n"],
  ["db.test.up", "inner 2\n"],
  ["dbx", "[]\n"],
])(
  "the task %s has the variables of the groups whose name is in front of its own, and prints %p",
  async (name, stdout) => {
    await using project = await makeProject({ "sub/x": "" });
    project.write("zr.toml", FILE);
    await project.zr("run", name, "--output=interleaved").expect({ stdout, stderr: anything });
  },
);

test("tags, time limits and shells of a group are keys of its tasks, which win over them", async () => {
  await using project = await makeProject({});
  project.write("zr.toml", `${FILE}[tasks."db.own"]\ncmd = "true"\ntags = ["own"]\n`);
  const keys = async (name: string): Promise<unknown> =>
    JSON.parse((await project.zr("show", name, "--json").expect({ stdout: anything })).stdout).tasks[0].keys;
  expect(await keys("db.up")).toMatchObject({ tags: ["db"], timeout: "5m" });
  expect(await keys("db.own")).toMatchObject({ tags: ["own"], timeout: "5m" });
});
