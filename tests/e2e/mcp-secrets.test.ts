import { expect, test } from "bun:test";
import { LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { connectMcp } from "#tests/support/mcp-client";
import type { McpClient } from "#tests/support/mcp-client";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

/** Each of them in another place. */
const SECRETS = {
  system: "sys-51f0c2a9e7",
  env: "env-77ab3d90c1",
  packageEnv: "pkg-a8e1f4b6d2",
  taskEnv: "tsk-03c9d5e8f7",
  declared: "dec-9b2e6f1a04",
  named: "nam-c4d7e0f3a6",
  dotenv: "dot-1e8a5c7b93",
  taskFile: "fil-6d0f2b4e81",
  configured: "cfg-f5a3c1e9b7",
  command: "cmd-2c8b6a4d0e",
  description: "des-e1f7d3c5b9",
  profile: "pro-8f6e4d2c0b",
  multiline: "mul-b3a19c7e5d",
};

const FILES = {
  "zr.toml": `
    [global]
    secret_names = ["*_PIN"]
    dotenv = [".env"]

    [workspace]
    members = ["lib"]

    [env]
    APP_TOKEN = "${SECRETS.env}"
    DOOR_PIN = "${SECRETS.configured}"
    PLAIN = { value = "${SECRETS.declared}", secret = true }
    PEM_KEY = """
    begin
    ${SECRETS.multiline}
    end"""

    [tasks.leak]
    description = "Signs with ${SECRETS.description}"
    cmd = """printenv; echo ${SECRETS.command} | base64; echo error at a.ts:1:1: ${SECRETS.command} >&2
    echo $SYS_SECRET; exit 3"""
    env = { TASK_PASSWORD = "${SECRETS.taskEnv}", CMD_TOKEN = "${SECRETS.command}", DESC_KEY = "${SECRETS.description}" }
    env_file = "task.env"
    secrets = ["INNOCENT"]

    [tasks.wrong]
    cmd = "echo \${args.what} ${SECRETS.env}"
    args = [{ name = "what", choices = ["${SECRETS.taskEnv}", "x"] }]

    [tasks.ghost]
    cmd = "${SECRETS.env}-program"

    [profiles.ci.env]
    CI_TOKEN = "${SECRETS.profile}"
  `,
  "task.env": `FILE_TOKEN=${SECRETS.taskFile}\n`,
  ".env": `DOT_SECRET=${SECRETS.dotenv}\n`,
  "lib/zr.toml": `
    [package]
    name = "lib"
    [env]
    LIB_TOKEN = "${SECRETS.packageEnv}"
    [tasks.show]
    cmd = "echo ${SECRETS.packageEnv}"
  `,
};

const ENV = { SYS_SECRET: SECRETS.system, INNOCENT: SECRETS.named };

/** Everything that the server can be made to say. */
async function everything(mcp: McpClient): Promise<string> {
  const said: unknown[] = [];
  mcp.client.setNotificationHandler(LoggingMessageNotificationSchema, (message) => void said.push(message));
  await mcp.client.setLoggingLevel("debug");
  const call = async (name: string, given: Record<string, unknown> = {}): Promise<void> => {
    said.push(await mcp.call(name, given, { onprogress: (progress) => void said.push(progress) }));
  };
  await call("run_task", { task: "leak", verbose: true });
  await call("run_task", { task: "lib:show" });
  await call("run_task", { task: "ghost" });
  await call("run_task", { task: "wrong", args: [SECRETS.taskEnv] });
  await call("run_task", { task: "wrong", params: { what: "unknown" } });
  await call("run_task", { task: SECRETS.env });
  for (const task of ["leak", "lib:show", "wrong"]) {
    for (const tool of ["show_task", "explain_task", "env_info", "task_history", "estimate_duration"])
      await call(tool, { task, ...(tool === "explain_task" ? { verbose: true } : {}) });
    await call("get_logs", { task, run: "-4" });
    await call("log_summary", { task });
  }
  for (const tool of ["list_tasks", "list_packages", "get_run"]) await call(tool, { verbose: true });
  for (const tool of ["show_graph", "validate_config", "cache_status", "env_info", "task_history"])
    await call(tool);
  await call("env_info", { package: "lib" });
  for (const secret of Object.values(SECRETS)) await call("search_logs", { pattern: secret });
  await call("search_logs", { pattern: ".", regex: true, limit: 200 });
  const { resources } = await mcp.client.listResources();
  said.push(resources);
  for (const { uri } of resources) said.push(await mcp.client.readResource({ uri }));
  for (const task of ["leak", "wrong", "ghost"])
    said.push(await mcp.client.getPrompt({ name: "fix_task", arguments: { task } }));
  for (const run of ["-1", "-2", "-3", "-4"])
    for (const task of ["leak", "lib:show", "wrong"])
      said.push(await mcp.client.readResource({ uri: `zr://runs/${run}/logs/${task}` }).catch(String));
  said.push(await mcp.client.listPrompts(), mcp.stderr);
  return JSON.stringify(said);
}

const leaked = (text: string): readonly string[] =>
  Object.entries(SECRETS)
    .filter(([, secret]) => {
      const forms = [
        secret,
        Buffer.from(secret).toString("base64"),
        Buffer.from(`${secret}\n`).toString("base64"),
      ];
      return forms.some((form) => text.includes(form)) || text.includes(secret.slice(4));
    })
    .map(([name]) => name);

test("no secret of any place is in any answer, resource or message", async () => {
  await using project = await makeProject(FILES, { env: ENV });
  await using mcp = await connectMcp(project, ["--profile", "ci"]);
  const said = await everything(mcp);
  expect(leaked(said)).toEqual([]);
  // The tasks did print them, and what is no secret is there.
  expect(said).toContain("****");
  expect(said).toContain("error at a.ts:1:1:");
});

test("a configuration that can't be read gives no secret away either", async () => {
  await using project = await makeProject({ ...FILES, ".env": "" }, { env: ENV });
  await using mcp = await connectMcp(project);
  project.write(
    "zr.toml",
    `${FILES["zr.toml"]}\n    [tasks.leak.env]\n    X_TOKEN = "${SECRETS.named}" oops\n`,
  );
  const said = [
    await mcp.call("list_tasks"),
    await mcp.call("validate_config"),
    await mcp.client.readResource({ uri: "zr://config" }),
  ];
  expect(JSON.stringify(said)).toContain("zr.toml");
  expect(leaked(JSON.stringify(said))).toEqual([]);
});

test("zr context holds no secret", async () => {
  await using project = await makeProject(FILES, { env: ENV, git: true });
  project.write("lib/x", "x");
  project.git("add", "--all");
  project.git("commit", "--quiet", "--message", `rotate ${SECRETS.packageEnv}`);
  for (const format of ["md", "json", "yaml"]) {
    const { stdout } = await project.zr("context", "--format", format).expect({ stdout: anything });
    expect(stdout).toContain("rotate ****");
    expect(leaked(stdout)).toEqual([]);
  }
});
