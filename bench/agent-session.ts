/**
 * What it costs an agent to find and mend a failing test: calls, and tokens of what it has to read. Through `zr mcp`,
 * through the command line, and through the servers of other tools where they are installed (`scripts/install-peers`).
 * The tokens are those of o200k_base. `tools` is what a client reads of a server before it asks anything.
 *
 *     bun bench/agent-session.ts [--peers FOLDER]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { encode } from "gpt-tokenizer";
import { agentSession, BROKEN_PROJECT } from "#tests/support/agent-session";
import { connectMcp } from "#tests/support/mcp-client";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const PEERS = join(import.meta.dir, "..", "node_modules/.cache/zr-peers/bin");

interface Cost {
  readonly way: string;
  readonly calls: number;
  readonly tokens: number;
  /** Of the descriptions of tools. */
  readonly tools?: number;
}

const tokens = (text: string): number => encode(text).length;

const toolTokens = async (client: Client): Promise<number> => {
  const { tools } = await client.listTools();
  const told = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  return tokens(JSON.stringify(told)) + tokens(client.getInstructions() ?? "");
};

async function throughZr(): Promise<Cost> {
  await using project = await makeProject(BROKEN_PROJECT);
  await using mcp = await connectMcp(project);
  const steps = (await agentSession(mcp, project)).filter(({ answer }) => answer !== "");
  return {
    way: "zr mcp",
    calls: steps.length,
    tokens: steps.reduce((sum, { answer }) => sum + tokens(answer), 0),
    tools: await toolTokens(mcp.client),
  };
}

const mend = (project: Project): void =>
  project.write("src/add.ts", project.read("src/add.ts").replace("a - b", "a + b"));

async function throughCommands(format: readonly string[]): Promise<Cost> {
  await using project = await makeProject(BROKEN_PROJECT);
  const commands = [["list"], ["explain", "test"], ["run", "test"], ["run", "test"]];
  let sum = 0;
  for (const [index, words] of commands.entries()) {
    const { stdout, stderr } = await project.zr(...words, ...format).result();
    sum += tokens(stdout + stderr);
    if (index === 2) mend(project);
  }
  return { way: ["zr", ...format].join(" "), calls: commands.length, tokens: sum };
}

async function throughMise(program: string): Promise<Cost> {
  await using project = await makeProject(BROKEN_PROJECT);
  project.write(
    "mise.toml",
    `
      [tasks.build]
      description = "Compile the library"
      run = "echo compiled 1 file"
      [tasks.test]
      description = "Run the unit tests"
      run = "sh check.sh"
      depends = ["build"]
      [tasks.lint]
      description = "Look for mistakes"
      run = "true"
    `,
  );
  const env = project.environment({ MISE_EXPERIMENTAL: "1", MISE_TRUSTED_CONFIG_PATHS: project.root });
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(
    new StdioClientTransport({ command: program, args: ["mcp"], cwd: project.root, env, stderr: "ignore" }),
  );
  let sum = 0;
  const { contents } = await client.readResource({ uri: "mise://tasks" });
  for (const content of contents) sum += tokens("text" in content ? content.text : "");
  for (const round of [0, 1]) {
    const { content } = await client.callTool({ name: "run_task", arguments: { task: "test" } });
    for (const part of content as { readonly text?: string }[]) sum += tokens(part.text ?? "");
    if (round === 0) mend(project);
  }
  const tools = await toolTokens(client);
  await client.close();
  return { way: "mise mcp", calls: 3, tokens: sum, tools };
}

const { values } = parseArgs({ options: { peers: { type: "string", default: PEERS } } });
const costs = [await throughZr(), await throughCommands([]), await throughCommands(["--json"])];
const mise = Bun.which("mise", { PATH: values.peers });
if (mise === null) console.error("mise is not installed: scripts/install-peers");
else costs.push(await throughMise(mise));
for (const { way, calls, tokens: read, tools } of costs)
  console.log(
    `${way.padEnd(10)} ${calls} calls, ${read} tokens of answers${tools === undefined ? "" : `, ${tools} of tools`}`,
  );
process.exit(0);
