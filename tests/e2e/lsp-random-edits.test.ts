import { expect, test } from "bun:test";
import type { CompletionList, DocumentSymbol, SemanticTokens } from "vscode-languageserver-protocol";
import { TextModel } from "#core/editor/text-model";
import { documentSymbols } from "#core/editor/symbols";
import { semanticTokens } from "#core/editor/semantic-tokens";
import { startLspClient } from "#tests/support/lsp-client";
import { makeProject } from "#tests/support/project";

const EDITS = 10_000;

/** Numbers below a limit, the same every time: the xorshift32 generator of G. Marsaglia ("Xorshift RNGs", 2003). */
function seededNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const PIECES = [
  "[",
  "]",
  "[[",
  '"',
  "'",
  '"""',
  "=",
  "\n",
  "\r\n",
  "a",
  ".",
  ",",
  "{",
  "}",
  "#",
  " ",
  "deps",
  "tasks.",
  "é",
  "😀",
  "${vars.",
  "\\",
  "\0",
  "true",
];
const TEXT = Array.from(
  { length: 12 },
  (_, index) =>
    `[tasks.t${index}]\ncmd = "echo \${vars.x}"\ndeps = ["t${(index + 1) % 12}"]\ncondition = "platform == 'linux'"\n`,
).join("\n");

/** Resident memory of a process in MB. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

test("after ten thousand random edits every answer is that of the text as it is, and memory has not grown", async () => {
  await using project = await makeProject({ "zr.toml": TEXT });
  await using client = await startLspClient({ cwd: project.root });
  const uri = await client.open(project.path("zr.toml"), TEXT);
  const next = seededNumbers(20_261_121);
  const memory: number[] = [];
  const document = { textDocument: { uri } };
  for (let edit = 0; edit < EDITS; edit += 1) {
    const text = client.document(uri).getText();
    const start = next(text.length + 1);
    const end = Math.min(text.length, start + (next(3) === 0 ? next(12) : 0));
    await client.edit(uri, start, end, next(4) === 0 ? "" : (PIECES[next(PIECES.length)] ?? ""));
    // The text stays about as long as it was.
    if (client.document(uri).getText().length > 3 * TEXT.length) await client.replace(uri, TEXT);
    if (edit % 40 !== 0) continue;
    const now = client.document(uri).getText();
    const model = new TextModel("/zr.toml", now);
    const position = client.document(uri).positionAt(next(now.length + 1));
    const [symbols, tokens, completion] = await Promise.all([
      client.request<DocumentSymbol[]>("textDocument/documentSymbol", document),
      client.request<SemanticTokens>("textDocument/semanticTokens/full", document),
      client.request<CompletionList>("textDocument/completion", { ...document, position }),
      client.request("textDocument/hover", { ...document, position }),
      client.request("textDocument/references", {
        ...document,
        position,
        context: { includeDeclaration: true },
      }),
      client.request("textDocument/foldingRange", document),
      client.request("textDocument/formatting", { ...document, options: { tabSize: 2, insertSpaces: true } }),
      client.request("textDocument/codeAction", {
        ...document,
        range: { start: position, end: position },
        context: { diagnostics: [] },
      }),
    ]);
    expect(symbols.map(({ name }) => name)).toEqual(documentSymbols(model).map(({ name }) => name));
    expect(tokens.data.length / 5).toBeLessThanOrEqual(semanticTokens(model).length);
    expect(Array.isArray(completion.items)).toBe(true);
    if (edit === EDITS / 2) memory.push(await memoryOf(client.child.pid));
  }
  memory.push(await memoryOf(client.child.pid));
  const found = await client.diagnostics(uri);
  await using other = await startLspClient({ cwd: project.root });
  const again = await other.open(project.path("zr.toml"), client.document(uri).getText());
  expect(found).toEqual(await other.diagnostics(again));
  expect(client.logs).toEqual([]);
  const [middle = 0, end = 0] = memory;
  expect(end).toBeLessThan(middle * 1.25 + 20);
});
