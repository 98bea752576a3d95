import { expect, test } from "bun:test";
import { encode } from "gpt-tokenizer";
import { connectMcp } from "#tests/support/mcp-client";
import { makeProject } from "#tests/support/project";

/** As docs/mcp.md promises; what a client puts around it is not counted. */
const SHORT = 2000;
const LONG = 8000;

const tokens = (text: string): number => encode(text).length;

test("a log of 50 MB never makes an answer over the budget", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.lines]
      cmd = "yes 'compiling src/some/module/with/a/long/name.ts: error at name.ts:3:4 in step 4711' | head -c 50000000; exit 1"
      [tasks.oneline]
      cmd = "head -c 50000000 /dev/zero | tr '\\\\0' 'x'; exit 1"
      [tasks.noise]
      cmd = "head -c 20000000 /dev/urandom; exit 1"
      [tasks.base]
      cmd = "head -c 5000000 /dev/urandom | base64 -w 0; exit 1"
    `,
  });
  await using mcp = await connectMcp(project);
  for (const task of ["lines", "oneline", "noise", "base"]) {
    const run = await mcp.call("run_task", { task });
    expect(run.value.status).toBe("failed");
    const answers = [
      run,
      await mcp.call("get_run"),
      await mcp.call("get_logs", { task, limit: 1000 }),
      await mcp.call("get_logs", { task, limit: 1000, cursor: "a1000000" }),
      await mcp.call("log_summary", { task }),
      await mcp.call("search_logs", { pattern: "o", run: "last", limit: 200 }),
    ];
    for (const { text } of answers) expect(tokens(text)).toBeLessThanOrEqual(SHORT);
    const long = await mcp.call("run_task", { task, verbose: true });
    expect(tokens(long.text)).toBeLessThanOrEqual(LONG);
    const { contents } = await mcp.client.readResource({ uri: `zr://runs/last/logs/${task}` });
    expect(tokens(JSON.stringify(contents))).toBeLessThanOrEqual(LONG + 100);
  }
}, 120_000);

test("a workspace of thousands of tasks is answered in pages within the budget", async () => {
  const tasks = Array.from(
    { length: 3000 },
    (_, index) =>
      `[tasks.task-number-${index}]\ncmd = "echo ${index}"\ndescription = "Does the thing that is number ${index} of all things"\n${index > 0 ? `deps = ["task-number-${index - 1}"]\n` : ""}`,
  ).join("\n");
  await using project = await makeProject({ "zr.toml": tasks });
  await using mcp = await connectMcp(project);
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const { text, value } = await mcp.call("list_tasks", {
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(tokens(text)).toBeLessThanOrEqual(SHORT);
    for (const { name } of value.tasks) seen.add(name);
    cursor = value.cursor;
  } while (cursor !== undefined);
  expect(seen.size).toBe(3000);
  for (const [name, given] of [
    ["show_graph", {}],
    ["explain_task", { task: "task-number-2999", limit: 500 }],
    ["estimate_duration", { task: "task-number-2999" }],
    ["run_task", { task: "*", confirm: true, background: true }],
    ["show_task", { task: "task-number-7" }],
  ] as const) {
    const { text, value } = await mcp.call(name, given);
    expect(tokens(text)).toBeLessThanOrEqual(SHORT);
    if (name === "run_task" && value.run !== undefined) await mcp.call("cancel_run", { run: value.run });
  }
}, 60_000);
