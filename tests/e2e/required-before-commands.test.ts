import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const FILE = `
  [env]
  TOKEN = "$(echo asked >> asked; echo sesame)"
  [tasks]
  deploy = { cmd = "echo deploying", required_env = ["CHANNEL", "TOKEN"] }
  other = "echo other"
  both = { deps = ["deploy", "other"] }
`;

test("where a variable is missing no command of [env] is run, of any task of the run", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  for (const name of ["deploy", "both"])
    await project
      .zr("run", name)
      .expect({ code: 3, stderr: /E338\]: required environment variable 'CHANNEL' is unset/ });
  await project
    .zrWith({ env: { CHANNEL: "" } }, "run", "deploy")
    .expect({ code: 3, stderr: /E338.*is empty/ });
  expect(project.exists("asked")).toBe(false);
});

test("a required variable that a command of [env] gives is there", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  await project
    .zrWith({ env: { CHANNEL: "beta" } }, "run", "deploy")
    .expect({ stdout: "deploying\n", stderr: anything });
  expect(project.read("asked")).toBe("asked\n");
});

test("a required variable whose command gives nothing is missing all the same", async () => {
  await using project = await makeProject({
    "zr.toml": `[env]\nTOKEN = { cmd = "true", required = true }\n[tasks]\na = "echo a"`,
  });
  await project
    .zr("run", "a")
    .expect({ code: 3, stderr: /E338\]: required environment variable 'TOKEN' is empty/ });
});
