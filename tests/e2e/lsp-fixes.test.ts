import { expect, test } from "bun:test";
import type { CodeAction } from "vscode-languageserver-protocol";
import { startLspClient } from "#tests/support/lsp-client";
import { makeProject } from "#tests/support/project";

/** A text, the problem in it, what is offered against it, and what the first of that makes of the line. */
const FIXES: readonly (readonly [text: string, code: string, titles: readonly string[], line?: string])[] = [
  [
    "[tasks.a]\ncmd = 'true'\ncondition = \"platform == 'widows'\"\n",
    "E229",
    ["Change to windows"],
    "condition = \"platform == 'windows'\"",
  ],
  [
    '[tasks.a]\ncmd = "true"\ncondition = \'platform == "widows"\'\n',
    "E229",
    ["Change to windows"],
    "condition = 'platform == \"windows\"'",
  ],
  [
    '[tasks.a]\ncmd = "true"\ncondition = "platform == \\"widows\\""\n',
    "E229",
    ["Change to windows"],
    'condition = "platform == \\"windows\\""',
  ],
  [
    '[setup.hooks]\npre-commit = ["true", { run = "lnt" }]\n\n[tasks.lint]\ncmd = "true"\n',
    "E628",
    ["Change to lint"],
    'pre-commit = ["true", { run = "lint" }]',
  ],
  // What is there already is not offered: the file would define it twice.
  ['[tasks.a]\ncmd = "true"\noututs = ["b"]\ninputs = ["c"]\n', "E110", ["Change to outputs"]],
  ['[setup]\nstteps = ["deps"]\n\n[setup.deps]\n', "E110", ["Change to steps"]],
];

test("a fix leaves a file that can be read, inside of strings and tables too", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  await using client = await startLspClient({ cwd: project.root });
  const uri = await client.open(project.path("zr.toml"), "");
  for (const [text, code, titles, line] of FIXES) {
    await client.replace(uri, text);
    const found = (await client.diagnostics(uri)).filter((one) => one.code === code);
    expect(found).toHaveLength(1);
    const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: found[0]?.range,
      context: { diagnostics: found },
    });
    const fixes = actions.filter(({ kind }) => kind === "quickfix");
    expect(fixes.map(({ title }) => title)).toEqual([...titles]);
    await client.apply(fixes[0]?.edit ?? {});
    if (line !== undefined) expect(client.document(uri).getText().split("\n")).toContain(line);
    expect((await client.diagnostics(uri)).map((one) => one.code)).not.toContain(code);
  }
});

test("a template takes along what is said about its keys, and the line ends of the file", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  await using client = await startLspClient({ cwd: project.root });
  const text = '[tasks.a]\ncmd = "true"\n# Slow machines.\ntimeout = "5m" # enough\ncache = true\n';
  const uri = await client.open(project.path("zr.toml"), text.replaceAll("\n", "\r\n"));
  const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    context: { diagnostics: [] },
  });
  await client.apply(actions.find(({ kind }) => kind === "refactor.extract")?.edit ?? {});
  expect(client.document(uri).getText().split("\r\n")).toEqual([
    "[templates.a-base]",
    "# Slow machines.",
    'timeout = "5m" # enough',
    "cache = true",
    "",
    "[tasks.a]",
    'extends = "a-base"',
    'cmd = "true"',
    "",
  ]);
});
