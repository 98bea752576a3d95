import { expect, test } from "bun:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { connectMcp, connectMcpClient } from "#tests/support/mcp-client";
import type { Data, McpClient } from "#tests/support/mcp-client";
import { until } from "#tests/support/deadline";
import { makeProject } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";

/** Hears which resources are said to have changed. */
function updatesOf(mcp: McpClient): {
  readonly next: (uri: string) => Promise<void>;
  readonly all: () => readonly string[];
} {
  const heard: string[] = [];
  const seen: string[] = [];
  mcp.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    heard.push(params.uri);
    seen.push(params.uri);
  });
  return {
    next: async (uri) => {
      await until(
        () => heard.includes(uri),
        `news of ${uri}`,
        () => `${seen.join(" ")}\n${mcp.stderr}`,
      );
      heard.length = 0;
    },
    all: () => seen,
  };
}

function messagesOf(mcp: McpClient): Data[] {
  const heard: Data[] = [];
  mcp.client.setNotificationHandler(
    LoggingMessageNotificationSchema,
    ({ params }) => void heard.push(params),
  );
  return heard;
}

test("a client that names a resource is told when the configuration changes, in files that come too", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["packages/*"]\n',
    "packages/a/zr.toml": '[tasks]\na = "true"\n',
  });
  await using mcp = await connectMcp(project);
  const updates = updatesOf(mcp);
  for (const uri of ["zr://config", "zr://graph"]) await mcp.client.subscribeResource({ uri });
  project.write("packages/a/zr.toml", '[tasks]\na = "echo a"\n');
  await updates.next("zr://config");
  project.write("packages/b/zr.toml", '[tasks]\nb = "true"\n');
  await updates.next("zr://graph");
  // Also of one that can't be read at the moment, and when it is mended.
  project.write("zr.toml", "[workspace\n");
  await updates.next("zr://config");
  project.write("zr.toml", '[workspace]\nmembers = ["packages/*"]\n');
  await updates.next("zr://config");
  expect(new Set(updates.all())).toEqual(new Set(["zr://config", "zr://graph"]));
});

test("the last run is told of when it is another's, and a run of this server while it goes on", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nslow = "${cmd("slow")}"\nquick = "echo quick"\n`,
  });
  await using mcp = await connectMcp(project);
  const updates = updatesOf(mcp);
  const last = "zr://runs/last";
  await mcp.client.subscribeResource({ uri: last });
  await project.zr("quick").expect({ stdout: "quick\n", stderr: /^/ });
  await updates.next(last);
  const { value } = await mcp.call("run_task", { task: "slow", background: true });
  const log = `zr://runs/${value.run}/logs/slow`;
  await mcp.client.subscribeResource({ uri: log });
  const child = await project.command("slow").started();
  await child.print("half\n");
  await updates.next(log);
  const { contents } = await mcp.client.readResource({ uri: log });
  expect(contents).toEqual([{ uri: log, mimeType: "text/plain", text: "half" }]);
  void child.exit(1);
  await updates.next(last);
});

test("what is no longer named is not told of any more, and what there is none of is refused", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\na = "true"\n' });
  await using mcp = await connectMcp(project);
  const updates = updatesOf(mcp);
  await mcp.client.subscribeResource({ uri: "zr://config" });
  await mcp.client.subscribeResource({ uri: "zr://runs/last" });
  await mcp.client.unsubscribeResource({ uri: "zr://config" });
  project.write("zr.toml", '[tasks]\nb = "true"\n');
  await mcp.call("run_task", { task: "b" });
  await updates.next("zr://runs/last");
  expect(updates.all()).not.toContain("zr://config");
  await mcp.client.unsubscribeResource({ uri: "zr://runs/last" });
  const many = Array.from({ length: 256 }, (_, index) => `zr://runs/r${index}`);
  await Promise.all(many.map((uri) => mcp.client.subscribeResource({ uri })));
  for (const uri of ["zr://nothing", "file:///etc/passwd", "", "zr://runs/one-too-many"])
    expect(await mcp.client.subscribeResource({ uri }).catch(String)).toContain("there is no resource");
});

test("a run's log has the level that the client asks for, and of failures more than of the rest", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      good = "true"
      bad = "exit 3"
      [tasks.flaky]
      cmd = "exit 1"
      retry = { max = 1, delay = "1ms" }
      allow_failure = true
    `,
  });
  await using mcp = await connectMcp(project);
  const heard = messagesOf(mcp);
  const levels = () => heard.map(({ level, data }) => `${level}: ${data.message}`);
  // A client that says nothing gets what went wrong.
  const { value } = await mcp.call("run_task", { task: "bad" });
  expect(heard).toEqual([
    {
      level: "error",
      logger: "run",
      data: { message: "bad failed: exit code 3", run: value.run, task: "bad" },
    },
    { level: "error", logger: "run", data: { message: "ended: failed", run: value.run } },
  ]);
  heard.length = 0;
  await mcp.client.setLoggingLevel("debug");
  await mcp.call("run_task", { task: "good" });
  expect(levels()).toEqual([
    "info: started: good",
    "debug: good started",
    "info: good ok",
    "info: ended: success",
  ]);
  heard.length = 0;
  await mcp.client.setLoggingLevel("warning");
  await mcp.call("run_task", { task: "flaky" });
  expect(levels()).toEqual([
    expect.stringMatching(/^warning: flaky failed and is tried again in \d+ ms$/),
    expect.stringMatching(/^warning: flaky .*exit code 1/),
  ]);
  heard.length = 0;
  await mcp.client.setLoggingLevel("critical");
  await mcp.call("run_task", { task: "bad" });
  expect(heard).toEqual([]);
});

test("what goes on in the background is logged after the answer", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks.slow]\ncmd = "${cmd("slow")}"\n` });
  await using mcp = await connectMcp(project);
  const heard = messagesOf(mcp);
  await mcp.client.setLoggingLevel("debug");
  await mcp.call("run_task", { task: "slow", background: true });
  void (await project.command("slow").started()).exit(1);
  await until(
    () => heard.some(({ data }) => data.message === "ended: failed"),
    "the end of the run",
    () => JSON.stringify(heard),
  );
});

/** A client whose person answers so. */
function answering(answer: (message: string) => ElicitResult): Client {
  const client = new Client({ name: "test", version: "1.0.0" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params.message));
  return client;
}

const ASKING = {
  "zr.toml": `
    [tasks.deploy]
    cmd = "echo deployed"
    confirm = "Really?"
    [tasks.purge]
    cmd = "echo purged"
    confirm = "All of it?"
    deps = ["deploy"]
    [workflows.ship]
    stages = [{ name = "go", tasks = ["purge"], approval = "Go?" }]
  `,
};

test("where a client can ask, what asks first is asked of its user, all of it at once", async () => {
  await using project = await makeProject(ASKING);
  const asked: string[] = [];
  const client = answering((message) => {
    asked.push(message);
    return { action: "accept", content: {} };
  });
  await using mcp = await connectMcpClient(client, project);
  expect((await mcp.call("run_task", { task: "deploy" })).value.output).toEqual({ deploy: "deployed" });
  expect((await mcp.call("run_workflow", { workflow: "ship" })).value.status).toBe("success");
  expect(asked).toEqual([
    "Run this?\nzr run deploy\n\ndeploy: Really?",
    "Run this?\nzr workflow ship\n\ndeploy: Really?\npurge: All of it?\nstage go: Go?",
  ]);
  // Who has agreed already is not asked.
  await mcp.call("run_task", { task: "deploy", confirm: true });
  expect(asked).toHaveLength(2);
});

test("what a user is asked shows the whole command line, but no secret and nothing that a terminal would obey", async () => {
  await using project = await makeProject(
    { "zr.toml": '[tasks.deploy]\ncmd = "true"\nconfirm = "To \\u001b[2J?"\nargs = [{ name = "to" }]\n' },
    { env: { API_TOKEN: "sesame-open" } },
  );
  let asked = "";
  const client = answering((message) => {
    asked = message;
    return { action: "decline" };
  });
  await using mcp = await connectMcpClient(client, project);
  await mcp.call("run_task", { task: "deploy", params: { to: "sesame-open" }, args: ["--force"] });
  expect(asked).toBe("Run this?\nzr run deploy --to=**** -- --force\n\ndeploy: To \ufffd[2J?");
});

test("a user who does not agree is obeyed, and a client that can't ask after all is told what it asks", async () => {
  await using project = await makeProject(ASKING);
  for (const action of ["decline", "cancel"] as const) {
    await using mcp = await connectMcpClient(
      answering(() => ({ action })),
      project,
    );
    expect(await mcp.call("run_task", { task: "deploy" })).toMatchObject({
      isError: true,
      text: "E467: deploy was not run: the user was asked and did not agree",
    });
  }
  await using mcp = await connectMcpClient(
    answering(() => {
      throw new Error("nobody is there");
    }),
    project,
  );
  expect(await mcp.call("run_task", { task: "deploy" })).toMatchObject({
    isError: true,
    text: expect.stringContaining("E460: deploy asks first: Really?"),
  });
  expect(project.exists(".zr/history")).toBe(false);
});

test("a request that is cancelled while its user is asked runs nothing", async () => {
  await using project = await makeProject(ASKING);
  const asking = Promise.withResolvers<void>();
  const client = new Client({ name: "test", version: "1.0.0" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => {
    asking.resolve();
    return new Promise<never>(() => {});
  });
  await using mcp = await connectMcpClient(client, project);
  const abort = new AbortController();
  const running = mcp.call("run_task", { task: "deploy" }, { signal: abort.signal }).catch(String);
  await asking.promise;
  abort.abort("enough");
  expect(await running).toContain("enough");
  await mcp.call("list_tasks");
  expect(project.exists(".zr/history")).toBe(false);
});

test("an answer that shows but the end of a log links to all of it, and the prompt to mend a task has it", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nlong = "seq 100; exit 1"\nshort = "echo no; exit 1"\ngood = "true"\n`,
  });
  await using mcp = await connectMcp(project);
  const call = async (task: string): Promise<Data> =>
    mcp.client.callTool({ name: "run_task", arguments: { task } });
  const { content, structuredContent } = await call("long");
  const uri = `zr://runs/${structuredContent.run}/logs/long`;
  expect(content.slice(1)).toEqual([
    { type: "resource_link", uri, name: "log of long", mimeType: "text/plain" },
  ]);
  const log = await mcp.client.readResource({ uri });
  expect(log.contents[0]).toMatchObject({ text: expect.stringMatching(/^1\n2\n[^]*\n100\n?$/) });
  expect((await call("short")).content).toHaveLength(1);
  expect((await call("good")).content).toHaveLength(1);
  const prompt = async (task: string): Promise<Data> =>
    (await mcp.client.getPrompt({ name: "fix_task", arguments: { task } })).messages;
  expect(await prompt("long")).toMatchObject([
    { role: "user", content: { type: "resource", resource: { uri, text: expect.stringContaining("100") } } },
    { role: "user", content: { type: "text" } },
  ]);
  expect(await prompt("good")).toHaveLength(1);
  expect(await prompt("no-such-task")).toHaveLength(1);
});
