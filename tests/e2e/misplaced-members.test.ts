import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const MEMBERS = '[workspace]\nmembers = ["mine/*"]\n';

test.each([
  ["a file that is included", "more.toml", 'include = ["more.toml"]\n'],
  ["zr.local.toml", "zr.local.toml", ""],
])("members of a workspace in %s are refused, since nobody would find them", async (_what, file, own) => {
  await using project = await makeProject({
    "zr.toml": `${own}[tasks.a]\ncmd = "true"\n`,
    [file]: MEMBERS,
    "mine/x/zr.toml": '[tasks.b]\ncmd = "true"\n',
  });
  const run = project.zr("validate");
  await run.exited;
  expect(run.stderr()).toContain("error[E157]: 'workspace.members' has no effect in this file");
  expect(run.stderr()).toContain(`${file}:2:1`);
});

test("other keys of a workspace may stand in a file that is included", async () => {
  await using project = await makeProject({
    "zr.toml": 'include = ["more.toml"]\n[workspace]\nmembers = ["mine/*"]\n[tasks.a]\ncmd = "true"\n',
    "more.toml": '[workspace]\ndefault_base = "main"\n',
    "mine/x/zr.toml": '[tasks.b]\ncmd = "true"\n',
  });
  await project.zr("validate").expect({ stdout: /3 files, 2 tasks: no problems/ });
});
