import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { Progress } from "@modelcontextprotocol/sdk/types.js";
import { ensureBinary } from "./binary";
import type { Project } from "./project";

/** Data whose form the test knows. */
export type Data = ReturnType<typeof JSON.parse>;

export type ToolAnswer = {
  readonly text: string;
  /** The structured content; empty where there is none. */
  readonly value: Data;
  readonly isError: boolean;
};

/** The official client, connected to `zr mcp serve` of a project. */
export class McpClient implements AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
  /** Everything that the server has said on stderr. */
  stderr = "";

  constructor(client: Client, transport: StdioClientTransport) {
    this.client = client;
    this.pid = transport.pid ?? 0;
    transport.stderr?.on("data", (bytes: Uint8Array) => (this.stderr += new TextDecoder().decode(bytes)));
  }

  /** Calls a tool and gives its answer. */
  async call(
    name: string,
    given: Record<string, unknown> = {},
    options: { readonly signal?: AbortSignal; readonly onprogress?: (progress: Progress) => void } = {},
  ): Promise<ToolAnswer> {
    const answer = await this.client.callTool({ name, arguments: given }, undefined, options);
    const [content] = answer.content as { readonly text?: string }[];
    return {
      text: content?.text ?? "",
      value: answer.structuredContent ?? {},
      isError: answer.isError === true,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}

/** Starts `zr mcp serve` in a project and connects the official client to it. */
export const connectMcp = (
  project: Project,
  args: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<McpClient> =>
  connectMcpClient(new Client({ name: "test", version: "1.0.0" }), project, { args, env });

/** As `connectMcp`, for a client with abilities of its own. */
export async function connectMcpClient(
  client: Client,
  project: Project,
  {
    args = [],
    env = {},
  }: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string | undefined>>;
  } = {},
): Promise<McpClient> {
  const [command = "", ...words] = await ensureBinary();
  const transport = new StdioClientTransport({
    command,
    args: [...words, "mcp", "serve", ...args],
    cwd: project.root,
    env: project.environment(env),
    stderr: "pipe",
  });
  await client.connect(transport);
  return new McpClient(client, transport);
}
