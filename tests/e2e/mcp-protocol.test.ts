import { expect, test } from "bun:test";
import type { Data } from "#tests/support/mcp-client";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { withDeadline } from "#tests/support/deadline";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};

/** A client that sends whatever it likes. */
class RawClient implements AsyncDisposable {
  readonly child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #reader: { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }> };
  readonly #messages: Data[] = [];
  #rest = "";

  constructor(project: Project, program: readonly string[]) {
    this.child = Bun.spawn([...program, "mcp", "serve"], {
      cwd: project.root,
      env: project.environment(),
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.#reader = this.child.stdout.getReader();
  }

  async send(...parts: readonly (string | Uint8Array | object)[]): Promise<void> {
    for (const part of parts) {
      const isRaw = typeof part === "string" || part instanceof Uint8Array;
      this.child.stdin.write(isRaw ? part : `${JSON.stringify(part)}\n`);
      await this.child.stdin.flush();
    }
  }

  /** The next message that the question holds for; those before are dropped. */
  next(holds: (message: Data) => boolean = () => true): Promise<Data> {
    const waiting = (async () => {
      for (;;) {
        const message = await this.#message();
        if (holds(message)) return message;
      }
    })();
    return withDeadline(waiting, "a message", () => "");
  }

  async #message(): Promise<Data> {
    while (this.#messages.length === 0) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("the server has gone");
      const lines = (this.#rest + new TextDecoder().decode(value)).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#messages.push(JSON.parse(line));
    }
    return this.#messages.shift();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.child.exited;
  }
}

async function rawClient(project: Project): Promise<RawClient> {
  const { ensureBinary } = await import("#tests/support/binary");
  return new RawClient(project, await ensureBinary());
}

const ping = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });

test("what is no message is answered with the error of JSON-RPC, and the server goes on", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "true"' });
  await using raw = await rawClient(project);
  await raw.send(INITIALIZE);
  expect(await raw.next()).toMatchObject({ id: 0, result: { protocolVersion: "2025-11-25" } });
  const cases: readonly (readonly [string | Uint8Array | object, object])[] = [
    ["{not json\n", { id: null, error: { code: -32700 } }],
    [Uint8Array.of(0x22, 0xff, 0xfe, 0x22, 0x0a), { id: null, error: { code: -32700 } }],
    [Uint8Array.of(0, 1, 2, 0x0a), { id: null, error: { code: -32700 } }],
    [`${"[".repeat(100_000)}${"]".repeat(100_000)}\n`, { id: null, error: {} }],
    [
      `{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"list_tasks","arguments":{"a":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}}}\n`,
      {},
    ],
    ["[]\n", { id: null, error: { code: -32600 } }],
    ["42\n", { id: null, error: { code: -32600 } }],
    [
      { id: 5, method: "ping" },
      { id: 5, error: { code: -32600 } },
    ],
    [
      { jsonrpc: "2.0", id: 6, method: 7 },
      { id: 6, error: { code: -32600 } },
    ],
    [
      { jsonrpc: "2.0", id: 7, method: "no/such" },
      { id: 7, error: { code: -32601 } },
    ],
    [
      { jsonrpc: "2.0", id: 8, method: "tools/call" },
      { id: 8, error: {} },
    ],
    [
      { jsonrpc: "2.0", id: 9, method: "tools/call", params: { name: "nope" } },
      { id: 9, error: { code: -32602 } },
    ],
    [
      { jsonrpc: "2.0", id: 10, method: "resources/read", params: { uri: "zr://nothing" } },
      { id: 10, error: { code: -32002 } },
    ],
    [
      { jsonrpc: "2.0", id: 11, method: "tools/list", params: { cursor: "x" } },
      { id: 11, error: { code: -32602 } },
    ],
    [
      { jsonrpc: "2.0", id: 12, method: "prompts/get", params: { name: "x" } },
      { id: 12, error: { code: -32602 } },
    ],
    [
      { jsonrpc: "2.0", id: 13, method: "logging/setLevel", params: { level: "loud" } },
      { id: 13, error: {} },
    ],
    [
      { jsonrpc: "2.0", id: 14, method: "resources/subscribe", params: {} },
      { id: 14, error: {} },
    ],
    [
      { jsonrpc: "2.0", id: 15, method: "resources/subscribe", params: { uri: "zr://nothing" } },
      { id: 15, error: { code: -32002 } },
    ],
    [
      { jsonrpc: "2.0", id: 16, method: "resources/unsubscribe", params: { uri: "zr://nothing" } },
      { id: 16, result: {} },
    ],
  ];
  for (const [sent, expected] of cases) {
    await raw.send(sent);
    expect(await raw.next()).toMatchObject(expected);
  }
  await raw.send("\n\r\n", { jsonrpc: "2.0", method: "notifications/unknown" }, ping(99));
  expect(await raw.next()).toEqual({ jsonrpc: "2.0", id: 99, result: {} });
});

test.each([
  ["no task", "run_task", {}, "task is missing"],
  ["a number for a text", "run_task", { task: 3 }, "task: expected a text, found 3"],
  ["a wrong name", "run_task", { tsk: "a", task: "t" }, "did you mean 'task'?"],
  ["a wrong item", "run_task", { task: "t", args: ["a", 1] }, "args[1]: expected a text"],
  ["NUL", "run_task", { task: "t\0" }, "NUL"],
  ["half a character", "run_task", { task: "\ud800" }, "Unicode"],
  ["too many", "list_tasks", { limit: 100000 }, "1 to 500"],
  ["no table", "run_task", { task: "t", params: [] }, "params: expected an object"],
  ["an unknown task", "run_task", { task: "zt" }, "E160"],
  ["an unknown run", "get_run", { run: "zzz" }, "E400"],
  ["an unknown package", "list_tasks", { package: "zzz" }, "E132"],
] as const)("wrong arguments (%s) are told, and nothing is run", async (_, name, given, expected) => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "touch ran"' });
  await using raw = await rawClient(project);
  await raw.send(INITIALIZE, {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: given },
  });
  const { result } = await raw.next(({ id }) => id === 1);
  expect(result).toMatchObject({ isError: true });
  expect(result.content[0].text).toContain(expected);
  expect(project.exists("ran")).toBe(false);
});

test("a message of many megabytes is read, and one over the limit is refused without the connection", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "true"' });
  await using raw = await rawClient(project);
  await raw.send(INITIALIZE);
  await raw.next();
  const call = (match: string) => ({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "list_tasks", arguments: { match } },
  });
  await raw.send(call("x".repeat(20_000_000)));
  expect(await raw.next()).toMatchObject({ id: 1 });
  await raw.send(call("x".repeat(65 * 1024 * 1024)), ping(2));
  expect(await raw.next()).toMatchObject({ id: null, error: { code: -32700 } });
  expect(await raw.next()).toEqual({ jsonrpc: "2.0", id: 2, result: {} });
});

test("a thousand requests at once are all answered", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "true"' });
  await using raw = await rawClient(project);
  await raw.send(INITIALIZE);
  await raw.next();
  const requests = Array.from({ length: 1000 }, (_, index) => {
    const name = index % 10 === 0 ? "run_task" : ["list_tasks", "show_graph", "get_run"][index % 3];
    const given = name === "run_task" || name === "show_task" ? { task: "t" } : {};
    return { jsonrpc: "2.0", id: index + 1, method: "tools/call", params: { name, arguments: given } };
  });
  await raw.send(requests.map((request) => `${JSON.stringify(request)}\n`).join(""));
  const answered = new Set<number>();
  while (answered.size < 1000) answered.add((await raw.next()).id);
  await raw.send(ping(2000));
  expect(await raw.next()).toMatchObject({ id: 2000, result: {} });
});

test("an older revision of the protocol is spoken where the client asks for it", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "true"' });
  for (const [asked, spoken] of [
    ["2025-06-18", "2025-06-18"],
    ["2024-11-05", "2024-11-05"],
    ["1999-01-01", "2025-11-25"],
  ]) {
    await using raw = await rawClient(project);
    await raw.send({ ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion: asked } });
    expect(await raw.next()).toMatchObject({ result: { protocolVersion: spoken } });
  }
});

test("the server ends with its input, and says nothing on stdout but messages", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\nt = "echo out; echo err >&2"' });
  const lines = [
    INITIALIZE,
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "list_tasks", arguments: {} } },
  ];
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const run = project.zrWith({ stdin: input }, "mcp", "serve");
  const { stdout } = await run.expect({ stdout: /^(?:\{.*\}\n)*$/ });
  expect(stdout).toMatch(/"id":0[^]*"tasks"/);
});
