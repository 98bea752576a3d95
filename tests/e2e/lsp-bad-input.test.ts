import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { FrameReader } from "#frontends/lsp/frame-reader";
import { ensureBinary } from "#tests/support/binary";
import { until, withDeadline } from "#tests/support/deadline";
import { startLspClient } from "#tests/support/lsp-client";
import { isAlive } from "#tests/support/processes";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

interface Answer {
  readonly id?: number | null;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The server without a client library: bytes go in, messages come out. */
class RawServer implements AsyncDisposable {
  readonly child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly messages: Answer[] = [];
  #wake = Promise.withResolvers<void>();

  constructor(project: Project, program: readonly string[]) {
    this.child = Bun.spawn([...program, "lsp"], {
      cwd: project.root,
      env: project.environment(),
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    void this.#read();
  }

  async #read(): Promise<void> {
    const reader = new FrameReader();
    for await (const bytes of this.child.stdout) {
      for (const frame of reader.push(bytes))
        if (frame.kind === "message") this.messages.push(frame.value as Answer);
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    }
  }

  bytes(bytes: string | Uint8Array): void {
    this.child.stdin.write(bytes);
    void this.child.stdin.flush();
  }

  send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.bytes(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  async message(fits: (message: Answer) => boolean, what: string): Promise<Answer> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found !== undefined) return found;
      await withDeadline(this.#wake.promise, what, () => JSON.stringify(this.messages, undefined, 1));
    }
  }

  answer(id: number): Promise<Answer> {
    return this.message(
      (message) => message.id === id && message.method === undefined,
      `the answer to ${id}`,
    );
  }

  initialize(): Promise<Answer> {
    this.send({ id: 0, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
    return this.answer(0);
  }

  /** What it makes of a document that is open, told as a list of symbols. */
  async works(project: Project, id: number): Promise<boolean> {
    const uri = Bun.pathToFileURL(project.path("zr.toml")).href;
    this.send({
      method: "textDocument/didOpen",
      params: { textDocument: { uri, languageId: "toml", version: 1, text: "[tasks.a]\n" } },
    });
    this.send({ id, method: "textDocument/documentSymbol", params: { textDocument: { uri } } });
    return JSON.stringify((await this.answer(id)).result).includes("tasks.a");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    void this.child.stdin.end();
    await withDeadline(this.child.exited, "the end of the server", () => "");
  }
}

const startRaw = async (project: Project): Promise<RawServer> => new RawServer(project, await ensureBinary());

describe("bad input gets an error answer and the server stays up", () => {
  test("frames that are none, bodies that are no JSON and no UTF-8, and messages that are none", async () => {
    await using project = await makeProject({ "zr.toml": "" });
    await using server = await startRaw(project);
    const codes = [];
    for (const [bytes, code] of [
      ["hello\r\n\r\n", -32_700],
      ["Content-Length: 3\r\n\r\n{a}", -32_700],
      [Buffer.concat([Buffer.from("Content-Length: 2\r\n\r\n"), Uint8Array.of(0xff, 0xfe)]), -32_700],
      ["Content-Length: 2\r\n\r\n[]", -32_600],
      ['Content-Length: 30\r\n\r\n{"id":true,"method":"x","a":1}', -32_600],
    ] as const) {
      const before = server.messages.length;
      server.bytes(bytes);
      await server.message((message) => server.messages.indexOf(message) >= before, "a refusal");
      codes.push([server.messages[before]?.id, server.messages[before]?.error?.code, code]);
    }
    for (const [id, found, code] of codes) expect([id, found]).toEqual([null, code]);
    await server.initialize();
    expect(await server.works(project, 9)).toBe(true);
  });

  test("methods that nobody knows, wrong parameters and documents that are not open", async () => {
    await using project = await makeProject({ "zr.toml": "" });
    await using server = await startRaw(project);
    await server.initialize();
    const uri = Bun.pathToFileURL(project.path("zr.toml")).href;
    const requests: readonly (readonly [string, unknown, number])[] = [
      ["zr/nothing", {}, -32_601],
      ["textDocument/hover", {}, -32_602],
      ["textDocument/hover", { textDocument: { uri }, position: { line: "a", character: -1 } }, -32_602],
      ["textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 0 } }, -32_602],
      ["textDocument/completion", { textDocument: 1, position: 2 }, -32_602],
      ["textDocument/codeAction", { textDocument: { uri }, range: {} }, -32_602],
      ["workspace/symbol", {}, -32_602],
      ["workspace/executeCommand", { command: "zr.run", arguments: ["a", "/"] }, -32_602],
      ["workspace/executeCommand", { command: "zr.run", arguments: ["--help", project.root] }, -32_602],
    ];
    for (const [index, [method, params, code]] of requests.entries()) {
      server.send({ id: index + 1, method, params });
      expect((await server.answer(index + 1)).error?.code, `${method} ${JSON.stringify(params)}`).toBe(code);
    }
    server.send({ method: "textDocument/didOpen", params: {} });
    server.send({
      method: "textDocument/didChange",
      params: { textDocument: { uri }, contentChanges: [{ range: 1 }] },
    });
    server.send({
      method: "textDocument/didChange",
      params: { textDocument: { uri: "x:" }, contentChanges: [] },
    });
    server.send({ method: "textDocument/didClose", params: { textDocument: {} } });
    server.send({ method: "nobody/knows" });
    expect(await server.works(project, 99)).toBe(true);
  });

  test("a thousand requests at once are all answered, each with its own answer", async () => {
    await using project = await makeProject({ "zr.toml": "" });
    await using server = await startRaw(project);
    await server.initialize();
    const uri = Bun.pathToFileURL(project.path("zr.toml")).href;
    const names = Array.from({ length: 1000 }, (_, index) => `t${index}`);
    const text = names.map((name) => `[tasks.${name}]\ncmd = "x"\n`).join("");
    server.send({
      method: "textDocument/didOpen",
      params: { textDocument: { uri, languageId: "toml", version: 1, text } },
    });
    for (const index of names.keys())
      server.send({
        id: index + 1,
        method: "textDocument/hover",
        params: { textDocument: { uri }, position: { line: index * 2, character: 8 } },
      });
    for (const [index, name] of names.entries())
      expect(JSON.stringify((await server.answer(index + 1)).result)).toContain(`**${name}**`);
  });

  test("a document of 5 MB is read, and one that is no text is told", async () => {
    await using project = await makeProject({ "zr.toml": "[workspace]\nmembers = ['a']\n", "a/zr.toml": "" });
    await Bun.write(project.path("a/zr.toml"), Uint8Array.of(0x61, 0xff, 0xfe));
    await using client = await startLspClient({ cwd: project.root });
    const line =
      '[tasks.tNUMBER]\ncmd = "echo some words to make it longer"\ndescription = "a line of text"\n';
    const count = Math.ceil((5 * 1024 * 1024) / line.length);
    const text = Array.from({ length: count }, (_, index) => line.replace("NUMBER", String(index))).join("");
    const uri = await client.open(project.path("zr.toml"), `[workspace]\nmembers = ["a"]\n${text}`);
    const hover = await client.request("textDocument/hover", client.at(uri, "tasks.t99|9]"));
    expect(JSON.stringify(hover)).toContain("**t999**");
    const list = await client.diagnostics(client.uri(project.path("a/zr.toml")));
    expect(list.map(({ code }) => code)).toEqual(["E102"]);
  });
});

describe("a session", () => {
  test("takes nothing before it has begun, begins once, and after its end takes nothing any more", async () => {
    await using project = await makeProject({ "zr.toml": "" });
    await using server = await startRaw(project);
    const params = { textDocument: { uri: Bun.pathToFileURL(project.path("zr.toml")).href } };
    const codeOf = async (id: number, method: string, given: unknown = params): Promise<unknown> => {
      server.send({ id, method, params: given });
      return (await server.answer(id)).error?.code;
    };
    expect(await codeOf(1, "textDocument/documentSymbol")).toBe(-32_002);
    await server.initialize();
    expect(await codeOf(2, "initialize", { processId: null, rootUri: null, capabilities: {} })).toBe(-32_600);
    expect(await server.works(project, 3)).toBe(true);
    expect(await codeOf(4, "shutdown", undefined)).toBeUndefined();
    expect(await codeOf(5, "textDocument/documentSymbol")).toBe(-32_600);
    server.send({ method: "exit" });
    expect(await server.child.exited).toBe(0);
  });
});

describe("a client that goes", () => {
  test("after its goodbye ends the server well, without one not", async () => {
    await using project = await makeProject({ "zr.toml": "" });
    const polite = await startRaw(project);
    await polite.initialize();
    polite.send({ id: 1, method: "shutdown" });
    expect((await polite.answer(1)).result).toBe(null);
    polite.send({ method: "exit" });
    expect(await polite.child.exited).toBe(0);
    const rude = await startRaw(project);
    await rude.initialize();
    void rude.child.stdin.end();
    expect(await rude.child.exited).toBe(1);
  });

  test.each(["the input ends", "the server is killed"])(
    "takes the run that it has started with it: %s",
    async (how) => {
      await using project = await makeProject({});
      project.write("zr.toml", `[tasks.long]\ncmd = "echo $$ > ${project.root}/pid; exec sleep 600"\n`);
      const server = await startRaw(project);
      await server.initialize();
      const uri = Bun.pathToFileURL(project.path("zr.toml")).href;
      const text = readFileSync(project.path("zr.toml"), "utf8");
      server.send({
        method: "textDocument/didOpen",
        params: { textDocument: { uri, languageId: "toml", version: 1, text } },
      });
      server.send({ id: 1, method: "textDocument/codeLens", params: { textDocument: { uri } } });
      await server.answer(1);
      server.send({
        id: 2,
        method: "workspace/executeCommand",
        params: { command: "zr.run", arguments: ["long", project.root] },
      });
      await server.answer(2);
      const written = (): string => readIfThere(project.path("pid")).trim();
      await until(
        () => written() !== "",
        "the start of the task",
        () => JSON.stringify(server.messages),
      );
      const pid = Number(written());
      expect(isAlive(pid)).toBe(true);
      // Whoever is killed before it has a guard leaves its children behind.
      await until(
        () => guardsBelow(server.child.pid) === 2,
        "the guards of the server and of the run",
        () => "",
      );
      if (how === "the input ends") void server.child.stdin.end();
      else server.child.kill("SIGKILL");
      await withDeadline(server.child.exited, "the end of the server", () => "");
      await until(
        () => !isAlive(pid),
        "the end of the task",
        () => "",
      );
    },
  );
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** How many guards have the process among their ancestors. */
function guardsBelow(pid: number): number {
  const parents = new Map<number, number>();
  const guards: number[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readIfThere(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    if (readIfThere(`/proc/${name}/cmdline`).includes("\0zr-guard\0")) guards.push(Number(name));
  }
  const isBelow = (of: number | undefined): boolean =>
    of !== undefined && of > 1 && (of === pid || isBelow(parents.get(of)));
  return guards.filter(isBelow).length;
}
