import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const FILES = {
  "zr.toml": `
    [workspace]
    members = ["app"]
    [env]
    API_KEY = { secret = true, required = true, description = "ask the team" }
    PLAIN = "visible"
    DB_URL = { cmd = "touch ran; echo from-command", secret = true }
    CERT = { file = "cert.txt", secret = true }
    MIXED = { value = "half-$(echo x)", secret = true }
    [tasks.deploy]
    cmd = "true"
    secrets = ["DEPLOY_TOKEN"]
    required_env = ["REGION"]
    env = { OWN = { value = "own-value", secret = true } }
  `,
  "cert.txt": "certificate-text",
  "app/zr.toml": `
    [package]
    name = "app"
    [global]
    dotenv = true
    [tasks.start]
    cmd = "true"
    secrets = ["FROM_FILE"]
  `,
  "app/.env": "FROM_FILE=file-value\n",
};

test("zr secrets lists every declared secret, whether it is set and from where, and runs nothing", async () => {
  await using project = await makeProject(FILES, { env: { DEPLOY_TOKEN: "token-value" } });
  const { stdout } = await project.zr("secrets").expect({ stdout: anything });
  expect(stdout.replaceAll(/ +/g, " ").replaceAll("package project", "package root")).toBe(
    [
      "API_KEY missing package root ask the team",
      "DB_URL set package root from a command: touch ran; echo from-command",
      "CERT set package root from the file cert.txt",
      "MIXED set package root from a command",
      "OWN set task deploy from zr.toml",
      "DEPLOY_TOKEN set task deploy from the environment",
      "REGION missing task deploy",
      "API_KEY missing package app ask the team",
      "DB_URL set package app from a command: touch ran; echo from-command",
      "CERT set package app from the file cert.txt",
      "MIXED set package app from a command",
      "FROM_FILE set task app:start from app/.env",
      "",
    ].join("\n"),
  );
  expect(project.exists("ran")).toBe(false);
});

test("no value is ever shown, in text or JSON", async () => {
  await using project = await makeProject(FILES, { env: { DEPLOY_TOKEN: "token-value" } });
  for (const args of [["secrets"], ["secrets", "--json"]]) {
    const { stdout } = await project.zr(...args).expect({ stdout: anything });
    for (const value of ["token-value", "certificate-text", "file-value", "half-", "own-value"])
      expect(stdout).not.toContain(value);
  }
});

test("--json has the facts, --check fails where one is missing", async () => {
  await using project = await makeProject(FILES);
  const { stdout } = await project.zr("secrets", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout).secrets).toContainEqual({
    name: "DEPLOY_TOKEN",
    package: "project",
    task: "deploy",
    declared: ["secrets"],
    isSecret: true,
    isRequired: true,
    isSet: false,
  });
  await project.zr("secrets", "--check").expect({ code: 1, stdout: anything });
  const env = { API_KEY: "key", DEPLOY_TOKEN: "token", REGION: "eu" };
  await project.zrWith({ env }, "secrets", "--check").expect({ stdout: anything });
});

test("a workspace without secrets says so", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks.a]\ncmd = "true"\n' });
  await project.zr("secrets", "--check").expect({ stdout: "no secrets are declared\n" });
});
