import { expect, test } from "bun:test";
import { parse } from "yaml";
import { makeProject } from "#tests/support/project";

const FILES = {
  "app/zr.toml": '[workspace]\ndefault_base = "main"\n[tasks]\ntest = "true"\nrelease = "true"\n',
};

const made = async (platform: string): Promise<string> => {
  await using project = await makeProject(FILES, { git: true });
  const words = ["ci", "generate", "--platform", platform, "--setup", "npm ci", "-q"];
  await project.zrWith({ cwd: "app" }, ...words).expect({});
  const paths: Readonly<Record<string, string>> = {
    "github-actions": ".github/workflows/zr.yml",
    gitlab: ".gitlab-ci.yml",
    circleci: ".circleci/config.yml",
    buildkite: ".buildkite/pipeline.yml",
  };
  const text = project.read(paths[platform] ?? "");
  const again = /^# Written by `zr ([^`]*)`/.exec(text)?.[1] ?? "";
  expect(again).toStartWith("-C app ci generate ");
  const check = again.replace("'npm ci'", "npm-ci").split(" ");
  await project
    .zr(...check.map((word) => (word === "npm-ci" ? "npm ci" : word)), "--check")
    .expect({ stderr: /is up to date\n$/ });
  return text;
};

test("a workspace below the repository's top is where GitHub's commands run and its folders are", async () => {
  const { check } = parse(await made("github-actions")).jobs;
  expect(check.defaults).toEqual({ run: { "working-directory": "app" } });
  const paths = check.steps.flatMap((step: { with?: { path?: string } }) => step.with?.path ?? []);
  expect(paths).toEqual(["app/.zr/cache", "app/.zr/ci"]);
});

test("the same for GitLab", async () => {
  const { check } = parse(await made("gitlab"));
  expect(check.before_script.slice(-2)).toEqual(["cd app", "npm ci"]);
  expect(check.cache.paths).toEqual(["app/.zr/cache/"]);
  expect(check.artifacts).toMatchObject({
    paths: ["app/.zr/ci/"],
    reports: { junit: "app/.zr/ci/junit*.xml" },
  });
});

test("the same for CircleCI", async () => {
  const { steps } = parse(await made("circleci")).jobs.check;
  expect(steps).toContainEqual({ run: { command: "npm ci", working_directory: "app" } });
  expect(steps).toContainEqual({ run: { command: "zr ci run", working_directory: "app" } });
  expect(steps).toContainEqual({ store_artifacts: { path: "app/.zr/ci" } });
});

test("the same for Buildkite", async () => {
  const [step] = parse(await made("buildkite")).steps;
  expect(step.commands.slice(-3)).toEqual(["cd app", "npm ci", "zr ci run"]);
  expect(step.artifact_paths).toBe("app/.zr/ci/*");
});
