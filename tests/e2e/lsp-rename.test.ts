import { expect, test } from "bun:test";
import type { WorkspaceEdit } from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { startLspClient } from "#tests/support/lsp-client";
import type { LspClient } from "#tests/support/lsp-client";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const FILES = {
  "zr.toml": `
    include = ["ci/tasks.toml", { path = "ci/named.toml", namespace = "ns" }]

    [workspace]
    members = ["packages/*"]

    [vars]
    region = "eu"

    [tasks.build]
    aliases = ["rebuild", "b"]
    cmd = "echo \${vars.region}"

    [tasks.all]
    deps = ["rebuild", "b", "build", "web:mk", "test:unit"]

    [tasks.deploy]
    cmd = "echo \${args.target}"
    args = [{ name = "target", default = "us" }, { name = "other" }]

    [tasks.ship]
    deps = [{ task = "deploy", args = { target = "eu" } }, "matrix[os=linux]"]
    condition = "tasks.deploy.success && vars['region'] == 'eu'"
    skip_if = 'tasks.deploy.failed'

    [tasks.matrix]
    cmd = "echo \${matrix.os}"
    matrix = { os = ["linux", "darwin"], exclude = [{ os = "darwin" }] }

    [tasks."test:*"]
    cmd = "echo \${match.1}"

    [workflows.release]
    stages = [{ name = "one", tasks = ["web:build"] }]
  `,
  "ci/tasks.toml": `
    [tasks.check]
    deps = ["web:build", "ns:make"]
    condition = "tasks['web:build'].success"
  `,
  "ci/named.toml": `
    [tasks.make]
    cmd = "true"
    deps = ["build"]
  `,
  "packages/web/zr.toml": `
    [package]
    name = "web"

    [vars]
    port = "1"

    [tasks.build]
    aliases = ["mk"]
    cmd = "echo \${vars.region} \${vars.port}"
    deps = ["//:b", "b\\u0075ilt"]

    [tasks.built]
    cmd = "true"
  `,
  "packages/app/zr.toml": `
    [package]
    name = "app"
    deps = ["web"]

    [tasks.build]
    cmd = "true"
    deps = ["^mk", "web:mk"]
  `,
};

/** Renames what stands at a mark of a file, writes the edits to the disk and gives the error, if there is one. */
async function rename(
  { client, project }: { readonly client: LspClient; readonly project: Project },
  { file, mark, name }: { readonly file: string; readonly mark: string; readonly name: string },
): Promise<string | undefined> {
  const uri = await client.open(project.path(file), project.read(file));
  const asked = client.request<WorkspaceEdit>("textDocument/rename", {
    ...client.at(uri, mark),
    newName: name,
  });
  const answer = await asked.catch((error: Error) => error.message);
  if (typeof answer === "string") return answer;
  for (const [changed, edits] of Object.entries(answer.changes ?? {})) {
    const path = new URL(changed).pathname;
    const text = await Bun.file(path).text();
    await Bun.write(path, TextDocument.applyEdits(TextDocument.create(changed, "toml", 1, text), edits));
  }
  return undefined;
}

const SOUND: readonly (readonly [file: string, mark: string, name: string, then: readonly string[]])[] = [
  // Other names of the task stay, those too that its name is a part of.
  ["zr.toml", "[tasks.bui|ld]", "compile", ['deps = ["rebuild", "b", "compile", "web:mk", "test:unit"]']],
  ["packages/web/zr.toml", "[tasks.bui|ld]", "compile", ['deps = ["^mk", "web:mk"]', "tasks['web:compile']"]],
  // What fits a pattern fits it afterwards.
  ["zr.toml", 'tasks."te|st:*"', "check:*", ['[tasks."check:*"]', '"web:mk", "check:unit"]']],
  // A package is named by references to its tasks too.
  [
    "packages/web/zr.toml",
    'name = "we|b"',
    "site",
    ['deps = ["^mk", "site:mk"]', "tasks['site:build']", 'tasks = ["site:build"]'],
  ],
  // Calls name parameters, picks and exclusions axes.
  ["zr.toml", "args.tar|get", "goal", ['args = { goal = "eu" }', '{ name = "goal", default']],
  ["zr.toml", "matrix.o|s", "system", ['"matrix[system=linux]"', 'exclude = [{ system = "darwin" }]']],
  // A name that is no word stands in brackets, with the quotes that the string has not.
  ["zr.toml", "[tasks.dep|loy]", "go:live", ["tasks['go:live'].success", "'tasks[\"go:live\"].failed'"]],
  // What is written with escapes is found by what it says.
  ["packages/web/zr.toml", "[tasks.bui|lt]", "made", ['deps = ["//:b", "made"]']],
  ["ci/named.toml", "[tasks.ma|ke]", "do", ['"ns:do"']],
  ["zr.toml", "reg|ion =", "zone", ["${vars.zone} ${vars.port}", "vars['zone']"]],
];

test("what is renamed means the same as before wherever it is named", async () => {
  for (const [file, mark, name, then] of SOUND) {
    await using project = await makeProject(FILES);
    await project.zr("validate").expect({ stdout: /no problems/ });
    await using client = await startLspClient({ cwd: project.root });
    expect([mark, await rename({ client, project }, { file, mark, name })]).toEqual([mark, undefined]);
    const after = Object.keys(FILES)
      .map((path) => project.read(path))
      .join("\n");
    for (const part of then) expect(after).toContain(part);
    await project.zr("validate").expect({ stdout: /no problems/ });
  }
});

const REFUSED: readonly (readonly [file: string, mark: string, name: string, error: RegExp])[] = [
  ["ci/tasks.toml", "[tasks.che|ck]", "build", /'build' is defined already/],
  ["zr.toml", "[tasks.bui|ld]", "b", /'b' is defined already/],
  // It would come before the one of the root that its neighbours mean.
  ["ci/named.toml", "[tasks.ma|ke]", "build", /'build' is defined already/],
  ["packages/web/zr.toml", "[vars]\npo|rt", "region", /'region' is defined already/],
  ["zr.toml", "reg|ion =", "port", /'port' is defined already/],
  ["zr.toml", "args.tar|get", "other", /'other' is defined already/],
  ["zr.toml", 'tasks."te|st:*"', "check", /a task keeps its stars/],
  ["zr.toml", '"re|build", "b", "build"', "x", /'rebuild' is not the name of 'build' itself/],
  ["zr.toml", '"test:un|it"', "x", /'test:unit' is not the name of 'test:\*' itself/],
];

test("a name that would mean something else is refused, and another name of a task is not taken for it", async () => {
  await using project = await makeProject(FILES);
  await using client = await startLspClient({ cwd: project.root });
  for (const [file, mark, name, error] of REFUSED)
    expect(await rename({ client, project }, { file, mark, name })).toMatch(error);
  const uri = await client.open(project.path("zr.toml"), project.read("zr.toml"));
  const at = client.at(uri, '"re|build", "b", "build"');
  expect(await client.request("textDocument/prepareRename", at)).toBeNull();
});
