import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

type Message = { method?: string; params?: Record<string, unknown> };

/** What the conformance suite asks its own test server for, and what stands for that here. */
const TOOLS: Readonly<Record<string, object>> = {
  test_simple_text: { name: "list_tasks", arguments: {} },
  test_error_handling: { name: "run_task", arguments: { task: "fail" } },
  test_tool_with_progress: { name: "run_task", arguments: { task: "chain" } },
  test_tool_with_logging: { name: "run_task", arguments: { task: "chain" } },
  test_elicitation: { name: "run_task", arguments: { task: "asking" } },
};
const RESOURCES: Readonly<Record<string, string>> = {
  "test://static-text": "zr://config",
  "test://template/123/data": "zr://runs/last/logs/say123",
  "test://watched-resource": "zr://config",
};
const PROMPTS: Readonly<Record<string, object>> = {
  test_simple_prompt: { name: "explain_repository" },
  test_prompt_with_embedded_resource: { name: "fix_task", arguments: { task: "fail" } },
  test_prompt_with_arguments: { name: "fix_task", arguments: { task: "testValue1 testValue2" } },
};

export type FixtureProxy = Disposable & { readonly url: string };

/**
 * Stands between the conformance suite and zr: knows the token, and gives the names of zr's own tools, resources and
 * prompts for those of the suite's test server. Everything else passes as it comes, headers too.
 */
export async function openFixtureProxy(target: string, token: string): Promise<FixtureProxy> {
  const { hostname, port, pathname } = new URL(target);
  const server = createServer(async (asked, answered) => {
    const parts: Uint8Array[] = [];
    for await (const part of asked) parts.push(part as Uint8Array);
    const body = translated(Buffer.concat(parts));
    const headers = {
      ...asked.headers,
      authorization: `Bearer ${token}`,
      "content-length": String(body.length),
    };
    const passed = request({ hostname, port, path: pathname, method: asked.method, headers }, (response) => {
      answered.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answered);
    });
    passed.on("error", () => answered.destroy());
    answered.on("close", () => passed.destroy());
    passed.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}/mcp`,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function translated(body: Buffer): Buffer {
  let message: Message;
  try {
    message = JSON.parse(body.toString()) as Message;
  } catch {
    return body;
  }
  const { method, params = {} } = message;
  const name = String(params["name"] ?? params["uri"]);
  const other =
    method === "tools/call"
      ? TOOLS[name]
      : method === "prompts/get"
        ? PROMPTS[name]
        : method?.startsWith("resources/") === true && RESOURCES[name] !== undefined
          ? { uri: RESOURCES[name] }
          : undefined;
  return other === undefined
    ? body
    : Buffer.from(JSON.stringify({ ...message, params: { ...params, ...other } }));
}
