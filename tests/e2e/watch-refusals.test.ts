import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

test("an option of runs that end is refused by zr watch as one of zr run, and not likened to itself", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "true"` });
  for (const option of ["--repeat=2", "--until-fail", "--shard=1/2", "--retry-failed"]) {
    const { stderr } = await project.zr("watch", "a", option).expect({ code: 2, stderr: anything });
    const [name = ""] = option.split("=");
    expect(stderr).toBe(
      `error[E180]: unknown option '${name}' of task 'a'\n  = zr run has this option, this command has not\n`,
    );
  }
});

test("a misspelled option of zr watch is likened to the one that was meant", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\na = "true"` });
  await project.zr("watch", "a", "--keep-gong").expect({ code: 2, stderr: /did you mean '--keep-going'\?/ });
});
