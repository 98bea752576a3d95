import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { cacheRun, cacheRunWith } from "./cache-runs";

test("commands that a condition leaves out belong to another result, whatever the condition looks at", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.build]
      cmds = [
        "mkdir -p dist; echo one > dist/out",
        { cmd = "echo two >> dist/out", if = "env.FLAG == '1'" },
        { cmd = "echo three >> dist/out", if = "file.exists('on')" },
      ]
      cache = true
      inputs = []
      outputs = ["dist/**"]
    `,
  });
  const build = async (flag: string): Promise<readonly [string | undefined, string]> => {
    const { states } = await cacheRunWith(project, { env: { FLAG: flag } }, "build");
    return [states["build"], project.read("dist/out")];
  };
  expect(await build("1")).toEqual(["success", "one\ntwo\n"]);
  expect(await build("0")).toEqual(["success", "one\n"]);
  expect(await build("1")).toEqual(["cached", "one\ntwo\n"]);
  project.write("on", "");
  expect(await build("0")).toEqual(["success", "one\nthree\n"]);
  expect((await cacheRunWith(project, { env: { FLAG: "1" } }, "build")).why["build"]).toBe(
    "conditions changed",
  );
  project.remove("on");
  expect(await build("0")).toEqual(["cached", "one\n"]);
  await project
    .zr("run", "build", "--dry-run")
    .expect({ stdout: /is known when 'env\.FLAG == '1'' has been asked/ });
});

test("what a condition says decides nothing where its command is one of other platforms", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.build]
      cmds = ["echo here", { cmd = "echo elsewhere", platforms = ["windows"], if = "env.FLAG == '1'" }]
      cache = true
      inputs = []
    `,
  });
  const build = async (flag: string): Promise<unknown> =>
    (await cacheRunWith(project, { env: { FLAG: flag } }, "build")).states["build"];
  expect(await build("1")).toBe("success");
  expect(await build("0")).toBe("cached");
  await project.zr("run", "build", "--dry-run").expect({ stdout: /would hit/ });
});

test("commands of other platforms are no part of a key, unlike those of this one", async () => {
  const config = (here: string, elsewhere: string): string => `
    [tasks.build]
    cmds = [
      { cmd = "echo ${here}", platforms = ["${process.platform === "darwin" ? "macos" : "linux"}"] },
      { cmd = "echo ${elsewhere}", platforms = ["windows"] },
    ]
    cache = true
    inputs = []
  `;
  await using project = await makeProject({ "zr.toml": config("a", "b") });
  expect((await cacheRun(project, "build")).states).toEqual({ build: "success" });
  project.write("zr.toml", config("a", "c"));
  expect((await cacheRun(project, "build")).states).toEqual({ build: "cached" });
  project.write("zr.toml", config("d", "c"));
  expect((await cacheRun(project, "build")).why).toEqual({ build: "command changed" });
});
