import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { testUnless, withoutMounts } from "#tests/support/left-out";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";

const CONFIG = `
  [tasks]
  a = "echo a"
  b = "echo b"
  s = { script = "echo script" }
  boxed = { cmd = "echo boxed", inputs = ["zr.toml"], sandbox = "inputs" }
  [workflows.both]
  steps = [{ run = "a" }, { run = "b" }]
`;

/** A project on a small disk of its own, on which there is no room left but for names. */
async function onFullDisk(body: (project: Project, small: string) => Promise<void>): Promise<void> {
  await using project = await makeProject({});
  const small = project.path("small");
  mkdirSync(small);
  expect(Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small]).exitCode).toBe(0);
  try {
    project.write("small/zr.toml", CONFIG);
    Bun.spawnSync(["sh", "-c", "cat /dev/zero > fill"], { cwd: small });
    await body(project, small);
  } finally {
    Bun.spawnSync(["umount", small]);
  }
}

testUnless(withoutMounts())(
  "on a full disk tasks and workflows run, with their files among the temporary ones",
  () =>
    onFullDisk(async (project, small) => {
      const zr = (...words: string[]) => project.zrWith({ cwd: "small" }, ...words);
      expect(
        (await zr("run", "a", "s", "-j1", "--raw").expect({ stderr: anything, stdout: anything })).stdout,
      ).toBe("a\nscript\n");
      await zr("workflow", "both", "--raw").expect({ stdout: "a\nb\n", stderr: anything });
      await zr("run", "boxed", "--raw").expect({ stdout: "boxed\n", stderr: anything });
      expect(readdirSync(`${small}/.zr/run`)).toEqual([]);
      expect(readdirSync(project.folders.tmp)).toEqual([]);
      rmSync(`${small}/fill`);
      await zr("run", "a", "b", "-q").expect({ stdout: anything, stderr: anything });
      expect(readFileSync(`${small}/.zr/.gitignore`, "utf8")).toBe("*\n");
    }),
);

testUnless(withoutMounts())("where no temporary file can be written either, only what needs one fails", () =>
  onFullDisk(async (project, small) => {
    const zr = (...words: string[]) => project.zrWith({ cwd: "small", env: { TMPDIR: small } }, ...words);
    await zr("run", "a", "b", "-j1", "--raw").expect({ stdout: "a\nb\n", stderr: anything });
    await zr("workflow", "both", "--raw").expect({ stdout: "a\nb\n", stderr: anything });
    await zr("run", "s").expect({
      code: 1,
      stdout: anything,
      stderr: /s failed: script: there is no place for temporary files/,
    });
    await zr("run", "boxed").expect({
      code: 1,
      stdout: anything,
      stderr: /boxed failed: .*there is no place for temporary files/,
    });
    expect(readdirSync(small).toSorted()).toEqual([".zr", "fill", "zr.toml"]);
  }),
);

testUnless(withoutMounts())("reports that do not fit are told and leave nothing half", () =>
  onFullDisk(async (project, small) => {
    await project
      .zrWith({ cwd: "small" }, "run", "a", "-q", "--junit=j.xml", "--trace=t.json", "--summary=s.md")
      .expect({ code: 2, stdout: anything, stderr: /can't write j\.xml: no space left on device/ });
    expect(readdirSync(small).toSorted()).toEqual([".zr", "fill", "zr.toml"]);
  }),
);

test("a state folder that leads nowhere keeps no task from being run", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG });
  symlinkSync(project.path("no/such/folder"), project.path(".zr"));
  await project.zr("run", "a", "b", "-j1", "--raw").expect({ stdout: "a\nb\n", stderr: anything });
  await project.zr("workflow", "both", "--raw").expect({ stdout: "a\nb\n", stderr: anything });
});
