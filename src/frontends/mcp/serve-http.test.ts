import { expect, test } from "bun:test";
import { RunDesk } from "#app/catalogue/run-desk";
import { thisHost } from "#system/host";
import { until } from "#tests/support/deadline";
import { isAlive } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";
import { serveMcpHttp } from "./serve-http";
import type { ListeningServer } from "./serve-http";
import { SHORT_BUDGET } from "./setting";

async function serve(
  project: Project,
  awayMs: number,
): Promise<ListeningServer & { readonly runs: RunDesk }> {
  const runs = new RunDesk();
  const setting = {
    host: { ...thisHost(), env: project.environment() },
    cwd: project.root,
    runs,
    limits: { readOnly: false },
    words: { outcome: () => "", reason: () => "", affected: () => "" },
    budget: SHORT_BUDGET,
  };
  const served = await serveMcpHttp(0, { setting, token: "sesame", awayMs });
  if (!served.ok) throw new Error(served.error);
  return { ...served.value, runs };
}

const HEADERS = {
  authorization: "Bearer sesame",
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

async function post(
  url: string,
  message: object,
  extra: RequestInit & { session?: string } = {},
): Promise<Response> {
  const { session, ...init } = extra;
  const headers = { ...HEADERS, ...(session === undefined ? {} : { "mcp-session-id": session }) };
  return fetch(url, {
    method: "POST",
    headers,
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    ...init,
  });
}

async function begin(url: string): Promise<string> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };
  const begun = await post(url, { id: 0, method: "initialize", params });
  await begun.text();
  return begun.headers.get("mcp-session-id") ?? "";
}

const runSlow = { id: 1, method: "tools/call", params: { name: "run_task", arguments: { task: "slow" } } };

test("a client that breaks its connection and does not come back is gone, and its run is stopped", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\nslow = "${cmd("slow")}"\n` });
  const { url, runs, stop } = await serve(project, 1);
  const session = await begin(url);
  const abort = new AbortController();
  void post(url, runSlow, { session, signal: abort.signal })
    .then((response) => response.text())
    .catch(() => {});
  const child = await project.command("slow").started();
  abort.abort();
  await until(
    () => !isAlive(child.pid) && runs.active.length === 0,
    "the run to end",
    () => "",
  );
  expect((await post(url, { id: 2, method: "ping" }, { session })).status).toBe(404);
  await stop();
});

test("a client that comes back in time finds its run going on", async () => {
  await using project = await makeProject({ "zr.toml": `[tasks]\nslow = "${cmd("slow")}"\n` });
  const { url, runs, stop } = await serve(project, 60_000);
  const session = await begin(url);
  const abort = new AbortController();
  void post(url, runSlow, { session, signal: abort.signal })
    .then((response) => response.text())
    .catch(() => {});
  const child = await project.command("slow").started();
  abort.abort();
  expect((await post(url, { id: 2, method: "ping" }, { session })).status).toBe(200);
  expect(runs.active).toHaveLength(1);
  void child.exit();
  await until(
    () => runs.active.length === 0,
    "the run to end",
    () => "",
  );
  expect(runs.newest?.record?.exitCode).toBe(0);
  await stop();
});
