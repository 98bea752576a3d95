import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { end, reruns, waits } from "./watching";

test("a task is run again when what it goes by beside its inputs changes", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [workspace]
      members = ["packages/*"]
      global_inputs = ["toolchain/**", "!**/*.md"]
      [vars]
      tables = "data"
    `,
    ".gitignore": "b.env\n",
    "packages/a/zr.toml": `
      [global]
      dotenv = ["a.env"]
      [tasks]
      own = { cmd = "true", inputs = ["!notes", "$default", "!docs/**"] }
      filled = { cmd = "true", inputs = ["\${vars.tables}/**"] }
      stdin = { cmd = "cat", inputs = [], io = { stdin = "file:../../shared/in" } }
      variables = { cmd = "true", inputs = [], env_file = "b.env" }
      secret = { cmd = "true", inputs = [], env = { S = { file = "../../shared/in" } } }
      said = { cmd = "true", watch = ["src/**"], env_file = "b.env" }
    `,
    "packages/a/a.env": "A=1\n",
    "packages/a/b.env": "B=1\n",
    "packages/a/docs/x": "",
    "shared/in": "1",
    "toolchain/version": "1",
  });
  const tasks = ["own", "filled", "stdin", "variables", "secret", "said"];
  const run = project.zr("watch", ...tasks.map((task) => `packages/a:${task}`));
  await waits(run, 1);
  const changes = ["shared/in", "packages/a/b.env", "packages/a/a.env", "toolchain/version"];
  const own = ["packages/a/notes", "packages/a/data/x", "packages/a/src/x"];
  let times = 1;
  for (const path of [...changes, ...own]) {
    for (const silent of ["packages/a/docs/x", "toolchain/read.md"]) project.put(silent, path);
    project.put(path, path.endsWith(".env") ? "C=1\n" : "2");
    times += 1;
    await waits(run, times);
  }
  const all = "packages/a:own, packages/a:filled, packages/a:stdin, packages/a:variables and 1 more";
  expect(reruns(run)).toEqual([
    "changed: shared/in → packages/a:stdin, packages/a:secret",
    "changed: packages/a/b.env → packages/a:variables",
    `changed: packages/a/a.env → ${all}`,
    `changed: toolchain/version → ${all}`,
    "changed: packages/a/notes → packages/a:own",
    "changed: packages/a/data/x → packages/a:own, packages/a:filled",
    "changed: packages/a/src/x → packages/a:own, packages/a:said",
  ]);
  await end(run);
});
