import { describe, expect, test } from "bun:test";
import type { CompletionItem, CompletionList } from "vscode-languageserver-protocol";
import { startLspClient } from "#tests/support/lsp-client";
import { makeProject } from "#tests/support/project";

const ROOT = `
  [workspace]
  members = ["packages/*"]

  [vars]
  region = "eu"

  [templates.node]
  timeout = "5m"

  [profiles.ci]
  env = { CI = "1" }

  [concurrency.db]
  max = 2

  [tools]
  node = "22.1.0"

  [tasks.all]
  deps = ["*:build"]
`;
const WEB = `
  [package]
  name = "web"
  deps = ["lib"]
  tags = ["front"]

  [vars]
  port = "80"

  [tasks.build]
  description = "Build it"
  cmd = "make"
  share_output = true

  [tasks.deploy]
  cmd = "deploy"
  args = [{ name = "target", choices = ["prod", "test"] }]
  matrix = { os = ["linux"], arch = ["x64"] }
`;
const LIB = `
  [package]
  name = "lib"

  [tasks.build]
  cmd = "make"
`;

/** What is written at the end of the file, `|` where the cursor is, and labels that have to be there and must not be. */
const CONTEXTS: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ["the sections of a header", "[ta|", ["tasks", "global", "workflows"], ["cmd"]],
  ["the tables of a task in a header", "[tasks.deploy.|]", ["env", "resources", "io"], ["timeout"]],
  [
    "the keys of a task that has others",
    "[tasks.x]\ncmd = 'a'\nti|",
    ["timeout", "deps", "retry"],
    ["cmd", "workspace"],
  ],
  ["the keys of a task whose file is broken", '[tasks.x]\ncmd = ["a\n|', ["timeout", "deps"], []],
  ["the keys of an inline table", "[tasks.x]\nretry = { max = 2, | }", ["delay", "backoff"], ["max"]],
  ["the values of a boolean", "[tasks.x]\npersistent = |", ["true", "false"], []],
  ["the words of an enumeration", '[tasks.x]\nretry = { backoff = "|" }', ["linear", "exponential"], []],
  [
    "the tasks that a task may depend on",
    '[tasks.x]\ndeps = ["|"]',
    ["build", "^build", "lib:build", "//:all", "tag:front#"],
    ["x"],
  ],
  ["tasks outside of quotes", "[tasks.x]\ndeps = [|]", ["build"], []],
  ["tasks where the array is not closed", '[tasks.x]\ndeps = ["build", "|', ["deploy"], []],
  ["tasks by a tag", '[tasks.x]\ndeps = ["tag:|"]', ["tag:front#build"], []],
  ["the task of a step", '[tasks.x]\ncmds = [{ task = "|" }]', ["build", "deploy"], []],
  [
    "the parameters of a called task",
    '[tasks.x]\ndeps = [{ task = "deploy", args = { | } }]',
    ["target"],
    [],
  ],
  [
    "the choices of a parameter",
    '[tasks.x]\ndeps = [{ task = "deploy", args = { target = "|" } }]',
    ["prod", "test"],
    [],
  ],
  ["templates to extend", '[tasks.x]\nextends = "|"', ["node", "build"], []],
  [
    "names of expressions",
    '[tasks.x]\ncondition = "|"',
    ["platform", "env", "git", "contains"],
    ["exit_code"],
  ],
  [
    "the end that a handler handles",
    '[tasks.w]\non_failure = "x"\n[tasks.x]\ncondition = "|"',
    ["exit_code", "attempt", "platform"],
    [],
  ],
  ["members of a name", '[tasks.x]\ncondition = "git.|"', ["dirty", "branch"], ["platform"]],
  ["platforms to compare with", "[tasks.x]\ncondition = \"platform == '|'\"", ["linux", "darwin"], []],
  ["tasks in an expression", "[tasks.x]\ncondition = \"tasks['|']\"", ["build", "deploy"], []],
  ["axes of a matrix", '[tasks.deploy.env]\nX = "${matrix.|}"', ["os", "arch"], ["region"]],
  ["namespaces of a reference", '[tasks.x]\ncmd = "echo ${|}"', ["vars", "matrix", "output"], []],
  ["variables", '[tasks.x]\ncmd = "echo ${vars.|}"', ["port", "region"], []],
  ["shared outputs", '[tasks.x]\ncmd = "echo ${output.|}"', ["build"], ["deploy"]],
  ["variables of the environment", "[tasks.x]\nenv = { | }", ["ZR_LSP_PLANTED"], []],
  ["packages", '[workspace]\ndependencies = { web = ["|"] }', ["lib", "web"], []],
  ["files", '[tasks.x]\ncwd = "|"', ["src"], []],
  ["files of a folder", '[tasks.x]\nenv_file = "src/|"', ["main.env"], []],
  ["signals", '[tasks.x]\nstop_signal = "|"', ["INT", "HUP"], []],
  ["groups of a mutex", '[tasks.x]\nresources = { mutex = "|" }', ["db"], []],
  ["tools", "[tools]\n|", ["node", "go"], ["cmd"]],
  ["versions of a tool", '[tasks.x]\ntools = { node = "|" }', ["22.1.0", "latest"], []],
  ["snippets at the start of a line", "|", ["task matrix", "workflow"], []],
];

describe("completion proposes", () => {
  test("what belongs to each place, in a file that may be broken", async () => {
    await using project = await makeProject({
      "zr.toml": ROOT,
      "packages/web/zr.toml": WEB,
      "packages/web/src/main.env": "",
      "packages/lib/zr.toml": LIB,
    });
    const path = project.path("packages/web/zr.toml");
    await using client = await startLspClient({ cwd: project.root, env: { ZR_LSP_PLANTED: "1" } });
    const base = await Bun.file(path).text();
    const uri = await client.open(path, base);
    for (const [what, written, wanted, unwanted] of CONTEXTS) {
      const cut = written.indexOf("|");
      await client.replace(uri, `${base}\n${written.replace("|", "")}`);
      const document = client.document(uri);
      const position = document.positionAt(base.length + 1 + cut);
      const list = await client.request<CompletionList>("textDocument/completion", {
        textDocument: { uri },
        position,
      });
      const labels = list.items.map(({ label }) => label);
      for (const label of wanted) expect(labels, what).toContain(label);
      for (const label of unwanted) expect(labels, what).not.toContain(label);
    }
  });

  test("a key with its value to fill in, and its documentation when it is looked at", async () => {
    await using project = await makeProject({ "zr.toml": '[tasks.a]\ncmd = "true"\n' });
    await using client = await startLspClient({ cwd: project.root });
    const uri = await client.open(project.path("zr.toml"), '[tasks.a]\ncmd = "true"\ntimeo');
    const { items } = await client.request<CompletionList>(
      "textDocument/completion",
      client.at(uri, "timeo"),
    );
    const item = items.find(({ label }) => label === "timeout");
    expect(item?.textEdit?.newText).toBe('timeout = "$1"');
    const resolved = await client.request<CompletionItem>("completionItem/resolve", item);
    expect(JSON.stringify(resolved.documentation)).toContain("Per attempt; then the stop sequence.");
  });
});
