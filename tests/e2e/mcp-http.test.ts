import { expect, test } from "bun:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { isAlive } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import type { Run } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

type HttpServer = { readonly url: string; readonly token: string; readonly run: Run };

async function serve(project: Project, ...args: readonly string[]): Promise<HttpServer> {
  const run = project.zr("mcp", "serve", "--http", "0", ...args);
  await run.waitForOutput(/Authorization: Bearer \S+\n/, "stdout");
  const [, url = "", token = ""] = / on (\S+)\nAuthorization: Bearer (\S+)\n/.exec(run.stdout()) ?? [];
  return { url, token, run };
}

async function connect({ url, token }: HttpServer): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
});

test("several clients are served over HTTP, each with its own session", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "echo hi"' });
  const server = await serve(project);
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  const [one, two] = await Promise.all([connect(server), connect(server)]);
  const answer = await one.callTool({ name: "run_task", arguments: { task: "t" } });
  expect(answer.structuredContent).toMatchObject({ status: "success", output: { t: "hi" } });
  expect((await two.callTool({ name: "get_run" })).structuredContent).toMatchObject({ status: "success" });
  const session = (one.transport as StreamableHTTPClientTransport).sessionId ?? "";
  await (one.transport as StreamableHTTPClientTransport).terminateSession();
  const gone = await fetch(server.url, {
    method: "POST",
    headers: { ...usual(server.token), "mcp-session-id": session },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
  });
  expect(gone.status).toBe(404);
  await two.close();
  server.run.kill("SIGTERM");
  await server.run.expect({ stdout: anything });
});

const usual = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
});

test("who does not know the token, or comes from elsewhere, is refused", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "echo hi"' });
  const { url, token } = await serve(project);
  const post = async (headers: Record<string, string | undefined>): Promise<number> => {
    const given = Object.entries({ ...usual(token), ...headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return (await fetch(url, { method: "POST", headers: given, body: INITIALIZE })).status;
  };
  expect(await post({})).toBe(200);
  expect(await post({ authorization: undefined })).toBe(401);
  expect(await post({ authorization: "Bearer wrong" })).toBe(401);
  expect(await post({ authorization: token })).toBe(401);
  expect(await post({ host: "evil.example" })).toBe(403);
  expect(await post({ origin: "https://evil.example" })).toBe(403);
  expect(await post({ origin: "http://localhost.evil.example" })).toBe(403);
  expect(await post({ origin: "null" })).toBe(403);
  expect(await post({ origin: "http://localhost:3000" })).toBe(200);
  expect(await post({ "mcp-session-id": "unknown" })).toBe(404);
  const other = await fetch(url.replace("/mcp", "/"), {
    method: "POST",
    headers: usual(token),
    body: INITIALIZE,
  });
  expect(other.status).toBe(404);
});

test("bad requests get an error, and the server goes on", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "echo hi"' });
  const server = await serve(project);
  const post = async (body: string | Uint8Array): Promise<number> =>
    (await fetch(server.url, { method: "POST", headers: usual(server.token), body })).status;
  for (const body of [
    "{",
    "42",
    "",
    Uint8Array.of(0xff, 0xfe),
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
  ])
    expect(await post(body)).toBe(400);
  expect(
    (await fetch(server.url, { method: "PUT", headers: usual(server.token) })).status,
  ).toBeGreaterThanOrEqual(400);
  const client = await connect(server);
  expect(await client.ping()).toEqual({});
  await client.close();
});

test("the server ends with a signal, and what runs for its clients with it", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\nslow = "${cmd("slow")}"\n` });
  const server = await serve(project);
  const client = await connect(server);
  void client.callTool({ name: "run_task", arguments: { task: "slow" } }).catch(() => {});
  const child = await project.command("slow").started();
  server.run.kill("SIGTERM");
  await server.run.expect({ stdout: anything });
  expect(isAlive(child.pid)).toBe(false);
  await client.close();
});

test("a token may come from a variable, and is then not printed", async () => {
  await using project = await makeProject(
    { "zr.toml": '[tasks]\nt = "echo hi"' },
    { env: { MCP_PASS: "sesame" } },
  );
  const run = project.zr("mcp", "serve", "--http", "0", "--token", "$MCP_PASS");
  await run.waitForOutput("/mcp\n", "stdout");
  expect(run.stdout()).not.toContain("sesame");
  const url = / on (\S+)\n$/.exec(run.stdout())?.[1] ?? "";
  const client = await connect({ url, token: "sesame", run });
  expect(await client.ping()).toEqual({});
  await client.close();
  await project
    .zr("mcp", "serve", "--http", "0", "--token", "$NOT_SET")
    .expect({ code: 2, stderr: /E183.*--token/ });
});
