import { expect, test } from "bun:test";
import { readlinkSync, rmSync, symlinkSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import { setUp } from "#tests/support/setup-answer";

const CONFIG = '[setup]\nsteps = ["env"]\n';

test("entries come with the comments behind them, and in the line ends of the file", async () => {
  await using project = await makeProject({
    "zr.toml": CONFIG,
    ".env.example": 'A=1\nB="2" # the second\nC=3 # the third\n',
    ".env": "A=1\r\n",
  });
  await setUp(project);
  expect(project.read(".env")).toBe('A=1\r\nB="2" # the second\r\nC=3 # the third\r\n');
});

test("a .env that leads to a file that is not there now, or is none, is left alone and told of", async () => {
  await using project = await makeProject({ "zr.toml": CONFIG, ".env.example": "A=1\n" });
  const told = { state: "skipped", detail: ".env is there, and no file that can be read" };
  symlinkSync("../shared/.env", project.path(".env"));
  expect((await setUp(project)).steps[0]).toMatchObject(told);
  expect(readlinkSync(project.path(".env"))).toBe("../shared/.env");
  rmSync(project.path(".env"));
  project.write(".env/inner", "");
  expect((await setUp(project)).steps[0]).toMatchObject(told);
});
