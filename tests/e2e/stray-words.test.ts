import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const FILES = {
  "zr.toml": `
    [workspace]
    members = ["lib"]
    [tasks]
    build = "true"
    test = "true"
  `,
  "lib/zr.toml": '[tasks]\nbuild = "true"\n',
  Makefile: "all:\n\ttrue\n",
};

/** What would do nothing where it stands is refused, so that nobody thinks that it was heeded. */
test.each([
  ["show build test", "E185", "'zr show' takes no argument 'test'"],
  ["which build test", "E185", "'zr which' takes no argument 'test'"],
  ["list build test", "E185", "'zr list' takes no argument 'test'"],
  ["hook bash zsh", "E185", "'zr hook' takes no argument 'zsh'"],
  ["history last --task test", "E199", "'--task' can't go with 'last'"],
  ["history last --flaky", "E199", "'--flaky' can't go with 'last'"],
  ["env build --package lib", "E199", "'--package' can't go with 'build'"],
  ["init --from-make --detect --force --dry-run", "E482", "--from-make and --detect"],
  ["artifacts list --out there", "E180", "unknown option '--out' of 'zr artifacts list'"],
  ["artifacts get last --older-than 7d", "E180", "unknown option '--older-than' of 'zr artifacts get'"],
  ["workspace list --focus lib", "E180", "unknown option '--focus' of 'zr workspace list'"],
  ["workspace info lib --depth 2", "E180", "unknown option '--depth' of 'zr workspace info'"],
  ["workspace graph --keep-going", "E180", "unknown option '--keep-going' of 'zr workspace graph'"],
  ["cache verify --task build", "E180", "unknown option '--task' of 'zr cache verify'"],
])("zr %s is refused", async (line, code, says) => {
  await using project = await makeProject(FILES);
  await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
  const { stderr } = await project.zr(...line.split(" ")).expect({ code: 2, stderr: anything });
  expect(stderr).toContain(`error[${code}]: `);
  expect(stderr).toContain(says);
});

test.each([
  "workspace list --filter lib",
  "workspace graph --focus lib --depth 1 --reverse",
  "workspace run build --keep-going --filter lib",
  "artifacts list --older-than 7d",
  "history --task build --limit 1",
  "env --package lib",
])("zr %s is heeded", async (line) => {
  await using project = await makeProject(FILES);
  await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
  await project.zr(...line.split(" ")).expect({ stdout: anything, stderr: anything });
});

test("a variable that sets an option for every command is no stray option", async () => {
  await using project = await makeProject(FILES, { env: { ZR_JOBS: "2", ZR_QUIET: "1" } });
  await project.zr("workspace", "list").expect({ stdout: anything });
});

test("trust is taken back where there is no folder that it could be noted in", async () => {
  await using project = await makeProject(FILES);
  for (const folder of ["/dev/null", project.path("nowhere")])
    await project.zrWith({ env: { HOME: folder, XDG_DATA_HOME: folder } }, "untrust").expect({});
});

test("a name that no file can have is no commit, wherever one is asked for", async () => {
  await using project = await makeProject(FILES, { git: true });
  const name = "x".repeat(5000);
  for (const words of [
    ["run", "build", `--affected=${name}`],
    ["affected", "--list", "--base", name],
    ["graph", `--affected=${name}`],
  ])
    await project.zr(...words).expect({ code: 2, stderr: /^error\[E361\]: 'x{5000}'/ });
});
