import { expect, test } from "bun:test";
import { join } from "node:path";
import { encode } from "gpt-tokenizer";
import { agentSession, BROKEN_PROJECT, sessionText } from "#tests/support/agent-session";
import { REPOSITORY } from "#tests/support/binary";
import { connectMcp } from "#tests/support/mcp-client";
import { makeProject } from "#tests/support/project";

test("an agent finds and mends a failing test in at most ten calls and 4,000 tokens of answers", async () => {
  await using project = await makeProject(BROKEN_PROJECT);
  await using mcp = await connectMcp(project);
  const steps = await agentSession(mcp, project);
  const calls = steps.filter(({ answer }) => answer !== "");
  expect(calls.length).toBeLessThanOrEqual(10);
  const tokens = calls.reduce((sum, { answer }) => sum + encode(answer).length, 0);
  expect(tokens).toBeLessThanOrEqual(4000);
  // Of answers that short nothing should grow unseen.
  expect(tokens).toBeLessThanOrEqual(500);
  expect(calls.at(-1)?.answer).toContain('"status":"success"');
});

test("the session in docs/mcp.md is one that has taken place", async () => {
  await using project = await makeProject(BROKEN_PROJECT);
  await using mcp = await connectMcp(project);
  const page = await Bun.file(join(REPOSITORY, "docs/mcp.md")).text();
  expect(page).toContain(sessionText(await agentSession(mcp, project)));
});

test("what an agent has to read before it can ask is at most 4,000 tokens", async () => {
  await using project = await makeProject(BROKEN_PROJECT);
  await using mcp = await connectMcp(project);
  const { tools } = await mcp.client.listTools();
  const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  expect(
    encode(JSON.stringify(shown)).length + encode(mcp.client.getInstructions() ?? "").length,
  ).toBeLessThanOrEqual(4000);
});
