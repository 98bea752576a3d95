import { expect } from "bun:test";
import type { Data } from "#tests/support/mcp-client";
import { openFixtureProxy } from "#tests/support/mcp-fixture-proxy";
import { mcpTool, noMcpTools } from "#tests/support/mcp-tools";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { testUnless } from "#tests/support/left-out";

/** Scenarios about what zr has no use for: the suite's names. */
const NOT_OFFERED = [
  // No model is asked for anything.
  "tools-call-sampling",
  // Forms with just these fields; zr asks whether to go on, and values are the agent's to give.
  "elicitation-sep1034-defaults",
  "elicitation-sep1330-enums",
  // Configuration, facts and logs are text: there is no picture and no sound to show.
  "tools-call-image",
  "tools-call-audio",
  "tools-call-mixed-content",
  "prompts-get-with-image",
  "resources-read-binary",
  // Answers link to logs instead of holding them, which an agent would pay for unasked.
  "tools-call-embedded-resource",
  // Asks for a tool of this name, with a schema of just this form.
  "json-schema-2020-12",
];

const FILES = {
  "zr.toml": `
    [tasks]
    one = "sleep 0.15"
    fail = "echo 'a.ts:1:1: error: no'; exit 1"
    say123 = "echo 123"
    [tasks.chain]
    deps_serial = ["one", "two", "say123"]
    [tasks.asking]
    cmd = "true"
    confirm = "Really?"
    deps = ["say123"]
    [tasks.two]
    cmd = "sleep 0.15"
  `,
};

testUnless(noMcpTools)(
  "the official conformance suite passes in every scenario about what zr offers",
  async () => {
    await using project = await makeProject(FILES);
    await project.zr("fail").expect({ code: 1, stdout: anything, stderr: anything });
    await project.zr("say123").expect({ stdout: anything });
    const server = project.zr("mcp", "serve", "--http", "0", "--token", "sesame");
    await server.waitForOutput("/mcp\n", "stdout");
    using proxy = await openFixtureProxy(/http\S+/.exec(server.stdout())?.[0] ?? "", "sesame");
    const suite = Bun.spawn(
      [...mcpTool("conformance/dist/index.js"), "server", "--url", proxy.url, "--suite", "all"],
      { cwd: project.folders.tmp, stdout: "pipe", stderr: "pipe" },
    );
    const said = await suite.stdout.text();
    const results = [...said.matchAll(/^([✓✗]) ([\w-]+): (\d+) passed, (\d+) failed/gm)];
    expect(results.length).toBeGreaterThan(30);
    const failed = results.filter(([, mark]) => mark === "✗").map(([, , name]) => name);
    expect(failed.toSorted()).toEqual(NOT_OFFERED.toSorted());
  },
  60_000,
);

testUnless(noMcpTools)(
  "the official Inspector lists and calls tools, reads resources and gets prompts",
  async () => {
    await using project = await makeProject(FILES);
    const tools = await inspect(project, "--method", "tools/list");
    expect(tools.tools.map(({ name }: { name: string }) => name)).toContain("run_task");
    const run = await inspect(
      project,
      "--method",
      "tools/call",
      "--tool-name",
      "run_task",
      "--tool-arg",
      "task=say123",
    );
    expect(run.structuredContent).toMatchObject({ status: "success", output: { say123: "123" } });
    const { resources } = await inspect(project, "--method", "resources/list");
    expect(resources[0].uri).toBe("zr://config");
    const config = await inspect(project, "--method", "resources/read", "--uri", "zr://config");
    expect(config.contents[0].text).toContain("say123 = ");
    const { resourceTemplates } = await inspect(project, "--method", "resources/templates/list");
    expect(resourceTemplates).toHaveLength(2);
    const prompts = await inspect(
      project,
      "--method",
      "prompts/get",
      "--prompt-name",
      "fix_task",
      "--prompt-args",
      "task=fail",
    );
    expect(prompts.messages[0].content.text).toContain('"fail"');
  },
  60_000,
);

async function inspect(project: Project, ...args: readonly string[]): Promise<Data> {
  const program = await ensureBinary();
  const inspector = Bun.spawn(
    [...mcpTool("inspector/clients/launcher/build/index.js"), "--cli", ...program, "mcp", "serve", ...args],
    { cwd: project.root, env: project.environment(), stdout: "pipe", stderr: "pipe" },
  );
  const [said, complaint] = await Promise.all([inspector.stdout.text(), inspector.stderr.text()]);
  try {
    return JSON.parse(said);
  } catch {
    throw new Error(`the Inspector said ${said}${complaint}`);
  }
}
