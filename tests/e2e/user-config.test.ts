import { expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";

const userFile = (
  project: { readonly folders: { readonly config: string } },
  text: string,
): Promise<number> => Bun.write(`${project.folders.config}/zr/config.toml`, text);

test("the user's own settings are below those of the repository", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks.t]\ncmd = "echo x"\n[tasks.all]\ndeps = ["t"]\n',
  });
  await userFile(project, '[global]\noutput = "prefixed"\n');
  await project.zr("run", "t").expect({ stdout: /t[^\n]*x/, stderr: anything });
  project.write("zr.toml", '[global]\noutput = "interleaved"\n[tasks.t]\ncmd = "echo x"\n');
  await project.zr("run", "t").expect({ stdout: "x\n", stderr: anything });
});

test.each(["tasks", "env", "vars", "alias", "workspace", "profiles", "include"])(
  "[%s] does not belong there",
  async (section) => {
    await using project = await makeProject({ "zr.toml": '[tasks.t]\ncmd = "echo x"\n' });
    await userFile(project, section === "include" ? "include = []\n" : `[${section}]\n`);
    const { stderr } = await project.zr("run", "t").expect({ code: 3, stderr: anything });
    expect(stderr).toContain(`error[E153]: section '${section}' does not belong in the user configuration\n`);
  },
);

test("its mistakes are told with its place, together with those of the repository", async () => {
  await using project = await makeProject({ "zr.toml": "[tasks.t]\ncmd = 1\n" });
  await userFile(project, '[global]\noutput = "loud"\n');
  const { stderr } = await project.zr("list").expect({ code: 3, stderr: anything });
  expect(project.normalize(stderr).match(/┌─ .*/g)).toEqual([
    "┌─ <config>/zr/config.toml:2:10",
    "┌─ zr.toml:2:7",
  ]);
});

test("is found under XDG_CONFIG_HOME, else in ~/.config, and need not be there", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks.t]\ncmd = "echo x"\n' });
  await project.zr("list").expect({ stdout: "  t\n" });
  await Bun.write(`${project.home}/.config/zr/config.toml`, "nonsense = 1\n");
  await project
    .zrWith({ env: { XDG_CONFIG_HOME: undefined } }, "list")
    .expect({ code: 3, stderr: /error\[E/ });
  await project.zr("list").expect({ stdout: "  t\n" });
});
