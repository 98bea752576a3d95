/**
 * How long `zr lsp` takes to answer and to check, over a file of 5,000 lines and over a workspace of 200 packages. Each
 * round changes the document and then asks for everything that an editor asks for; the times are those of a client in
 * another process. Then random edits, to see that memory stays where it is.
 *
 *     bun bench/lsp.ts [--rounds N] [--edits N] [--zr FILE]
 *
 * The exit code is 1 when a target was not reached: 20 ms an answer and 100 ms from a change to its diagnostics at the
 * 95th percentile, and no more memory after the second half of the edits than a tenth above that of the first.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import type { ProtocolConnection } from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { seededNumbers } from "./generate/random";
import { quantile } from "./statistics";

const ANSWER_MS = 20;
const CHECK_MS = 100;
const GROWTH = 1.1;
const TASKS = 833;
const PACKAGES = 200;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string" }, edits: { type: "string" }, zr: { type: "string" } },
  });
  const zr = resolve(values.zr ?? join(dirname(import.meta.dir), "dist/zr"));
  const root = await realpath(await mkdtemp(join(tmpdir(), "zr-bench-lsp-")));
  try {
    let isReached = true;
    for (const [name, path] of [
      ["a file of 5,000 lines", await writeLongFile(join(root, "long"))],
      ["a workspace of 200 packages", await writeWorkspace(join(root, "workspace"))],
    ] as const) {
      const client = await Client.start(zr, path);
      console.log(name);
      isReached = (await measure(client, Number(values.rounds ?? 100))) && isReached;
      isReached = (await edits(client, Number(values.edits ?? 2000))) && isReached;
      await client.stop();
    }
    return isReached ? 0 : 1;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function writeLongFile(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const task = (index: number): string =>
    `[tasks.t${index}]\ndescription = "Task ${index}"\ncmd = "echo ${index} \${vars.registry}"\n` +
    `deps = [${index > 1 ? `"t${index - 1}"` : ""}${index > 5 ? `, "t${index - 3}"` : ""}]\ncondition = "platform == 'linux'"\n\n`;
  const path = join(folder, "zr.toml");
  const text = Array.from({ length: TASKS }, (_, index) => task(index)).join("");
  await writeFile(path, `[vars]\nregistry = "r.example"\n\n${text}`);
  return path;
}

async function writeWorkspace(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "zr.toml"),
    '[workspace]\nmembers = ["packages/*"]\n\n[tasks.all]\ndeps = ["*:build"]\n',
  );
  for (let index = 0; index < PACKAGES; index += 1) {
    const path = join(folder, "packages", `p${index}`);
    await mkdir(path, { recursive: true });
    await writeFile(
      join(path, "zr.toml"),
      `[package]\nname = "p${index}"\ndeps = [${index > 0 ? `"p${index - 1}"` : ""}]\n\n[tasks.build]\ncmd = "echo b"\n` +
        `deps = ["^build"]\ninputs = ["src/**"]\n\n[tasks.test]\ncmd = "echo t"\ndeps = ["build"]\ncondition = "platform == 'linux'"\n`,
    );
  }
  return join(folder, "packages", `p${PACKAGES / 2}`, "zr.toml");
}

/** A client with one document open. */
class Client {
  readonly uri: string;
  readonly #connection: ProtocolConnection;
  readonly #child: ReturnType<typeof spawn>;
  #document: TextDocument;
  #checked = 0;
  #wake = (): void => undefined;

  private constructor(
    child: ReturnType<typeof spawn>,
    connection: ProtocolConnection,
    document: TextDocument,
  ) {
    this.#child = child;
    this.#connection = connection;
    this.#document = document;
    this.uri = document.uri;
  }

  static async start(zr: string, path: string): Promise<Client> {
    const child = spawn(zr, ["lsp"], { cwd: dirname(path), stdio: ["pipe", "pipe", "inherit"] });
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new Error("the server has no pipes");
    const connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    const uri = pathToFileURL(path).href;
    const text = await readFile(path, "utf8");
    const client = new Client(child, connection, TextDocument.create(uri, "toml", 1, text));
    connection.onNotification(
      "textDocument/publishDiagnostics",
      (params: { uri: string; version?: number }) => {
        if (params.uri !== uri) return;
        client.#checked = params.version ?? 0;
        client.#wake();
      },
    );
    connection.listen();
    await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
    await connection.sendNotification("initialized", {});
    const textDocument = { uri, languageId: "toml", version: 1, text };
    await connection.sendNotification("textDocument/didOpen", { textDocument });
    await client.checked();
    return client;
  }

  get text(): string {
    return this.#document.getText();
  }

  ask(method: string, params: object): Promise<unknown> {
    return this.#connection.sendRequest(method, { textDocument: { uri: this.uri }, ...params });
  }

  /** The position behind a text, from the middle of the document on. */
  behind(text: string): object {
    const from = Math.floor(this.text.length / 2);
    const found = this.text.indexOf(text, from);
    const offset = (found === -1 ? this.text.indexOf(text) : found) + text.length;
    return { position: this.#document.positionAt(offset) };
  }

  async edit(start: number, end: number, text: string): Promise<void> {
    const document = this.#document;
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    const contentChanges = [{ range, text }];
    this.#document = TextDocument.update(document, contentChanges, document.version + 1);
    const textDocument = { uri: this.uri, version: this.#document.version };
    await this.#connection.sendNotification("textDocument/didChange", { textDocument, contentChanges });
  }

  /** Waits for the diagnostics of the document as it is. */
  async checked(): Promise<void> {
    while (this.#checked !== this.#document.version)
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
  }

  async memoryMb(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.on("exit", resolve));
    await this.#connection.sendRequest("shutdown");
    await this.#connection.sendNotification("exit");
    await ended;
    this.#connection.dispose();
  }
}

const WHOLE = { range: { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } } };

/** What an editor asks, and how; `behind` is a text of the document. */
const REQUESTS: readonly (readonly [string, (client: Client) => object])[] = [
  ["textDocument/hover", (client) => client.behind("[tasks.")],
  ["textDocument/completion", (client) => client.behind('deps = ["')],
  ["textDocument/completion", (client) => client.behind('condition = "')],
  ["textDocument/completion", (client) => client.behind("\n\n")],
  ["textDocument/definition", (client) => client.behind('deps = ["')],
  [
    "textDocument/references",
    (client) => ({ ...client.behind("[tasks."), context: { includeDeclaration: true } }),
  ],
  ["textDocument/prepareRename", (client) => client.behind("[tasks.")],
  ["textDocument/rename", (client) => ({ ...client.behind("[tasks."), newName: "renamed" })],
  ["textDocument/documentSymbol", () => ({})],
  ["workspace/symbol", () => ({ query: "bu" })],
  ["textDocument/foldingRange", () => ({})],
  ["textDocument/formatting", () => ({ options: { tabSize: 2, insertSpaces: true } })],
  ["textDocument/codeAction", () => ({ ...WHOLE, context: { diagnostics: [] } })],
  ["textDocument/codeLens", () => ({})],
  ["textDocument/inlayHint", () => WHOLE],
  ["textDocument/semanticTokens/full", () => ({})],
  ["textDocument/documentLink", () => ({})],
];

async function measure(client: Client, rounds: number): Promise<boolean> {
  const answers = new Map<string, number[]>();
  const checks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await client.edit(client.text.length, client.text.length, round % 2 === 0 ? "\n" : "# note\n");
    await client.checked();
    checks.push(performance.now() - start);
    for (const [method, paramsOf] of REQUESTS) {
      const params = paramsOf(client);
      const asked = performance.now();
      await client.ask(method, params);
      const times = answers.get(method) ?? [];
      answers.set(method, times);
      times.push(performance.now() - asked);
    }
    // What is asked right after a key is pressed has to read the text first.
    await client.edit(client.text.length, client.text.length, " ");
    const params = client.behind("[tasks.");
    const asked = performance.now();
    await client.ask("textDocument/hover", params);
    const times = answers.get("hover after a change") ?? [];
    answers.set("hover after a change", times);
    times.push(performance.now() - asked);
    await client.checked();
  }
  const all = [...answers.values()].flat();
  for (const [method, times] of answers) console.log(`  ${method.padEnd(36)} ${line(times)}`);
  console.log(`  ${"every answer".padEnd(36)} ${line(all)}`);
  console.log(`  ${"from a change to its diagnostics".padEnd(36)} ${line(checks)}`);
  return quantile(all, 0.95) <= ANSWER_MS && quantile(checks, 0.95) <= CHECK_MS;
}

const line = (times: readonly number[]): string =>
  `median ${ms(quantile(times, 0.5))}, 95 % ${ms(quantile(times, 0.95))}, most ${ms(quantile(times, 1))}`;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** Random changes in small parts of the document, some of them undone, so that its length stays about the same. */
async function edits(client: Client, count: number): Promise<boolean> {
  const next = seededNumbers(7);
  const pieces = ["[", "]", '"', "=", "\n", "a", " ", "# ", "deps", "{", "}", "'"];
  const sizes: number[] = [];
  for (let edit = 0; edit < count; edit += 1) {
    const at = next(client.text.length + 1);
    const removed = next(2) === 0 ? next(3) : 0;
    const added = pieces[next(pieces.length)] ?? "";
    const before = client.text.slice(at, at + removed);
    await client.edit(at, Math.min(client.text.length, at + removed), added);
    if (edit % 10 === 0) await client.ask("textDocument/hover", client.behind("\n"));
    if (next(10) < 7) await client.edit(at, at + added.length, before);
    if (edit === count >> 1) sizes.push(await client.memoryMb());
  }
  await client.checked();
  sizes.push(await client.memoryMb());
  const [middle = 0, end = 0] = sizes;
  console.log(
    `  memory after ${count >> 1} and ${count} random edits: ${middle.toFixed(0)} and ${end.toFixed(0)} MB`,
  );
  return end <= middle * GROWTH;
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));
