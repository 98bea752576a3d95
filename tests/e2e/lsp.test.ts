import { describe, expect, test } from "bun:test";
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  Diagnostic,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  SemanticTokens,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { startLspClient } from "#tests/support/lsp-client";
import type { LspClient } from "#tests/support/lsp-client";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const ROOT = `
  include = ["ci/tasks.toml"]

  [workspace]
  members = ["packages/*"]

  [vars]
  region = "eu"

  [defaults.tasks]
  timeout = "5m"

  [tasks.all]
  deps = ["*:build"]

  [tasks.lint]
  cmd = "echo \${vars.region}"
  condition = "platform == 'linux' && !ci"
`;
const CI = `
  [tasks.check]
  deps = ["lint", "web:build"]
`;
const WEB = `
  [package]
  name = "web"
  deps = ["lib"]

  [tasks.build]
  cmd = "make"
  deps = ["^build", "//:lint"]

  [tasks.test]
  cmd = ["sh", "-c", "true"]
  deps = [{ task = "build", optional = true }]
  condition = "tasks['build'].success"
`;
const LIB = `
  [package]
  name = "lib"

  # What everybody needs.
  [tasks.build]
  cmd = "make"

  [tasks.build.env]
  A = "1"
`;

async function open(files: Readonly<Record<string, string>> = {}): Promise<Opened> {
  const project = await makeProject({
    "zr.toml": ROOT,
    "ci/tasks.toml": CI,
    "packages/web/zr.toml": WEB,
    "packages/lib/zr.toml": LIB,
    ...files,
  });
  const client = await startLspClient({ cwd: project.root });
  return {
    project,
    client,
    open: async (path) => client.open(project.path(path), await Bun.file(project.path(path)).text()),
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await project[Symbol.asyncDispose]();
    },
  };
}

interface Opened extends AsyncDisposable {
  readonly project: Project;
  readonly client: LspClient;
  readonly open: (path: string) => Promise<string>;
}

const codes = (list: readonly Diagnostic[]): readonly unknown[] => list.map(({ code }) => code);

describe("diagnostics", () => {
  test("name what is wrong, at the key or value that it is about, after each change", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    expect(await client.diagnostics(uri)).toEqual([]);
    await client.replace(
      uri,
      `${WEB.replace("cmd =", "comand =")}\n[tasks.x]\ndeps = ["buld"]\ncondition = "platfrom == 'linux'"\n`.replaceAll(
        /^ {2}/gm,
        "",
      ),
    );
    const list = await client.diagnostics(uri);
    expect(list.map(({ code, range, message }) => [code, client.textIn(uri, range), message])).toEqual([
      ["E110", "comand", "unknown key 'comand' in task 'build'; did you mean cmd?"],
      ["E130", '"buld"', expect.stringContaining("buld")],
      ["E211", "platfrom", expect.stringContaining("platfrom")],
    ]);
  });

  test("say how a key of another tool is written, and that two tasks write the same files", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    await client.replace(uri, '[tasks.a]\ncmd = "x"\ntimeout_minutes = 5\n');
    const [habit] = await client.diagnostics(uri);
    expect(habit?.message).toBe(
      "unknown key 'timeout_minutes' in task 'a'; did you mean timeout?; write timeout = \"5m\"",
    );
    await client.replace(uri, "build: lint\n");
    expect((await client.diagnostics(uri))[0]?.message).toContain("a task is written [tasks.build]");
    const task = (name: string, glob: string): string =>
      `[tasks.${name}]\ncmd = "x"\ncache = true\noutputs = ["${glob}"]\n`;
    await client.replace(uri, task("js", "dist/**") + task("css", "dist/*.css"));
    const list = await client.diagnostics(uri);
    expect(list.map(({ code, range }) => [code, client.textIn(uri, range)])).toEqual([
      ["E311", '"dist/**"'],
      ["E311", '"dist/*.css"'],
    ]);
    expect(list[0]?.relatedInformation?.[0]?.message).toBe("and here");
    await client.replace(uri, task("js", "dist/js/**") + task("css", "dist/css/**"));
    expect(await client.diagnostics(uri)).toEqual([]);
  });

  test("several mistakes of TOML are told at once, and what is whole is still checked", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    await client.replace(
      uri,
      '[tasks.a]\ncmd = "x\n\n[tasks.b]\ndeps = ["a"\n\n[tasks.c]\ncmd "y"\n\n[tasks.d]\ncmd = "z"\nnope = 1\n\n[tasks.d]\ncmd = "again"\n',
    );
    const list = await client.diagnostics(uri);
    expect(codes(list)).toEqual(["E100", "E100", "E100", "E110", "E101"]);
    expect(list[4]?.relatedInformation?.[0]?.message).toBe("first defined here");
  });

  test("a circle leads along its tasks, and what lies in another file is told there", async () => {
    await using at = await open();
    const { client, project } = at;
    const uri = await at.open("packages/lib/zr.toml");
    await client.replace(uri, '[package]\nname = "lib"\n\n[tasks.build]\ncmd = "x"\ndeps = ["web:build"]\n');
    const web = client.uri(project.path("packages/web/zr.toml"));
    const found = await Promise.any([
      client.diagnostics(uri, (list) => list.some(({ code }) => code === "E131")),
      client.diagnostics(web, (list) => list.some(({ code }) => code === "E131")),
    ]);
    const circle = found.find(({ code }) => code === "E131");
    expect(circle?.relatedInformation?.length ?? 0).toBeGreaterThan(0);
  });

  test("what nothing uses is marked as such", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("zr.toml");
    const text = client.document(uri).getText();
    await client.replace(uri, `${text}\n[templates.old]\ntimeout = "1m"\n`);
    const list = await client.diagnostics(uri, (found) => found.length > 0);
    expect(list.map(({ code, tags, range }) => [code, tags, client.textIn(uri, range)])).toEqual([
      ["E441", [1], "old"],
    ]);
  });

  test("an input for which there is no file is told, one that a task makes is not", async () => {
    await using at = await open({ "packages/web/src/a.ts": "" });
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    const inputs = 'inputs = ["src/**", "scr/**", "dist/x", "**/*.none", "!scr/b"]';
    await client.replace(
      uri,
      `[tasks.a]\ncmd = "x"\n${inputs}\n\n[tasks.b]\ncmd = "y"\noutputs = ["dist/**"]\n`,
    );
    const list = await client.diagnostics(uri);
    expect(list.map(({ code, severity, range }) => [code, severity, client.textIn(uri, range)])).toEqual([
      ["E442", 3, '"scr/**"'],
    ]);
  });

  test("a file of no workspace is checked by itself, and one of several repositories for its syntax", async () => {
    await using at = await open({ "zr-repos.toml": "[repos.a]\nurl = 1\n" });
    const { client } = at;
    const uri = await at.open("zr-repos.toml");
    expect(await client.diagnostics(uri)).toEqual([]);
    await client.replace(uri, "[repos.a\nurl = 1\n");
    expect(codes(await client.diagnostics(uri))).toEqual(["E100"]);
    // Its keys are others than those of zr.toml.
    await client.replace(uri, '[workspace]\nname = "all"\n\n');
    for (const mark of ["\n\n|", "nam|e", "|name"])
      expect(await client.request("textDocument/completion", client.at(uri, mark))).toMatchObject({
        items: [],
      });
    expect(await client.request("textDocument/hover", client.at(uri, "work|space"))).toBeNull();
    const symbols = await client.request<DocumentSymbol[]>("textDocument/documentSymbol", {
      textDocument: { uri },
    });
    expect(symbols.map(({ name }) => name)).toEqual(["workspace"]);
  });
});

describe("navigation", () => {
  test("hover tells a task's command, a key's documentation and value, and an expression's names", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    const hover = async (mark: string): Promise<string | undefined> =>
      JSON.stringify(
        (await client.request<Hover | null>("textDocument/hover", client.at(uri, mark)))?.contents,
      );
    expect(await hover("tasks.bui|ld")).toContain("make");
    expect(await hover('"//:li|nt"')).toContain("${vars.region}");
    expect(await hover("condi|tion =")).toContain("the instance is skipped");
    expect(await hover("condi|tion =")).toContain("In effect");
    expect(await hover("tasks['build'].succ|ess")).toContain("It ended well.");
    expect(await hover("name = |")).toBeUndefined();
  });

  test("definition and references lead through includes and members", async () => {
    await using at = await open();
    const { client, project } = at;
    const uri = await at.open("packages/web/zr.toml");
    const define = async (mark: string): Promise<readonly string[]> =>
      (await client.request<Location[]>("textDocument/definition", client.at(uri, mark))).map(
        (location) =>
          `${location.uri.replace(client.uri(project.root), "")}:${location.range.start.line + 1}`,
      );
    expect(await define('"^bu|ild"')).toEqual(["/packages/lib/zr.toml:5"]);
    expect(await define('"//:li|nt"')).toEqual(["/zr.toml:15"]);
    expect(await define('task = "bu|ild"')).toEqual(["/packages/web/zr.toml:5"]);
    expect(await define("tasks['bu|ild']")).toEqual(["/packages/web/zr.toml:5"]);
    expect(await define('deps = ["li|b"]')).toEqual(["/packages/lib/zr.toml:2"]);
    const found = await client.request<Location[]>("textDocument/references", {
      ...client.at(uri, "[tasks.bui|ld]"),
      context: { includeDeclaration: false },
    });
    const files = found.map((location) => location.uri.replace(client.uri(project.root), "")).sort();
    expect(files).toEqual(["/ci/tasks.toml", "/packages/web/zr.toml", "/packages/web/zr.toml", "/zr.toml"]);
  });

  test("symbols, folds, links, lenses, hints and colours", async () => {
    await using at = await open();
    const { client, project } = at;
    const uri = await at.open("zr.toml");
    const document = { textDocument: { uri } };
    const symbols = await client.request<DocumentSymbol[]>("textDocument/documentSymbol", document);
    expect(symbols.map(({ name }) => name)).toEqual([
      "include",
      "workspace",
      "vars",
      "defaults.tasks",
      "tasks.all",
      "tasks.lint",
    ]);
    const everywhere = await client.request<SymbolInformation[]>("workspace/symbol", { query: "wbuild" });
    expect(everywhere.map(({ name }) => name)).toEqual(["web:build"]);
    const folds = await client.request<FoldingRange[]>("textDocument/foldingRange", document);
    expect(folds.length).toBe(5);
    const links = await client.request<DocumentLink[]>("textDocument/documentLink", document);
    expect(links.map(({ target }) => target)).toEqual([client.uri(project.path("ci/tasks.toml"))]);
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", document);
    expect(lenses.map(({ command }) => `${command?.title} ${command?.arguments?.[0]}`)).toEqual([
      "Run all",
      "Debug all",
      "Run lint",
      "Debug lint",
    ]);
    const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await client.request<InlayHint[]>("textDocument/inlayHint", { ...document, range: all });
    expect(hints.map(({ label }) => label)).toEqual(['timeout = "5m"', 'timeout = "5m"']);
    const { data } = await client.request<SemanticTokens>("textDocument/semanticTokens/full", document);
    expect(data.length % 5).toBe(0);
    // *:build, vars and region, then platform == 'linux' && ! ci
    expect(data.length / 5).toBe(9);
  });
});

describe("several files", () => {
  test("tasks of an include with a namespace are found and renamed by their own part of the name", async () => {
    await using at = await open({
      "zr.toml":
        'include = [{ path = "ci.toml", namespace = "ci" }]\n\n[tasks.all]\ndeps = ["ci:check", "ci:"]\n',
      "ci.toml": '[tasks.check]\ncmd = "x"\n\n[tasks.other]\ncmd = "y"\ndeps = ["check"]\n',
    });
    const { client, project } = at;
    const root = await at.open("zr.toml");
    const uri = await at.open("ci.toml");
    const { items } = await client.request<CompletionList>(
      "textDocument/completion",
      client.at(root, '"ci:|"'),
    );
    expect(items.map(({ label }) => label)).toContain("ci:other");
    const edit = await client.request<WorkspaceEdit>("textDocument/rename", {
      ...client.at(uri, "[tasks.che|ck]"),
      newName: "verify",
    });
    expect((await client.apply(edit)).toSorted()).toEqual([uri, root].toSorted());
    expect(client.document(root).getText()).toContain('deps = ["ci:verify", "ci:"]');
    expect(client.document(uri).getText()).toBe(
      '[tasks.verify]\ncmd = "x"\n\n[tasks.other]\ncmd = "y"\ndeps = ["verify"]\n',
    );
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
    expect(lenses.map(({ command }) => command?.arguments)).toContainEqual(["ci:verify", project.root]);
  });

  test("what is changed in one open file is known in another at once, and what is saved on the disk after the save", async () => {
    await using at = await open();
    const { client, project } = at;
    const web = await at.open("packages/web/zr.toml");
    const lib = await at.open("packages/lib/zr.toml");
    await client.replace(lib, '[package]\nname = "lib"\n\n[tasks.fresh]\ncmd = "x"\n');
    const names = async (): Promise<readonly string[]> => {
      const params = client.at(web, 'deps = ["^|build"');
      const { items } = await client.request<CompletionList>("textDocument/completion", params);
      return items.map(({ label }) => label);
    };
    expect(await names()).toContain("lib:fresh");
    expect(await names()).not.toContain("lib:build");
    project.write("packages/new/zr.toml", '[package]\nname = "new"\n\n[tasks.made]\ncmd = "x"\n');
    await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri: web } });
    expect(await names()).toContain("new:made");
  });

  test("two workspaces in one editor know nothing of each other", async () => {
    await using at = await open();
    await using other = await makeProject({ "zr.toml": '[tasks.elsewhere]\ncmd = "x"\ndeps = [""]\n' });
    const { client } = at;
    const here = await at.open("zr.toml");
    const text = await Bun.file(other.path("zr.toml")).text();
    const there = await client.open(other.path("zr.toml"), text);
    const names = async (uri: string, mark: string): Promise<readonly string[]> =>
      (await client.request<CompletionList>("textDocument/completion", client.at(uri, mark))).items.map(
        ({ label }) => label,
      );
    expect(await names(here, 'deps = ["|*:build"')).toContain("lint");
    expect(await names(here, 'deps = ["|*:build"')).not.toContain("elsewhere");
    expect(await names(there, 'deps = ["|"')).toEqual([]);
    const found = await client.request<SymbolInformation[]>("workspace/symbol", { query: "e" });
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["elsewhere", "web:test"]));
  });
});

describe("changes", () => {
  test("a task gets another name in every file that names it, and the workspace is as sound as before", async () => {
    await using at = await open();
    const { client, project } = at;
    const uri = await at.open("packages/web/zr.toml");
    const edit = await client.request<WorkspaceEdit>("textDocument/rename", {
      ...client.at(uri, "[tasks.bui|ld]"),
      newName: "compile",
    });
    for (const [changed, edits] of Object.entries(edit.changes ?? {})) {
      const path = new URL(changed).pathname;
      const text = await Bun.file(path).text();
      await Bun.write(path, TextDocument.applyEdits(TextDocument.create(changed, "toml", 1, text), edits));
    }
    expect(await Bun.file(project.path("packages/web/zr.toml")).text()).toContain("tasks['compile'].success");
    expect(await Bun.file(project.path("packages/web/zr.toml")).text()).toContain("[tasks.compile]");
    expect(await Bun.file(project.path("ci/tasks.toml")).text()).toContain('"web:compile"');
    // Others go by that name too: they keep it, and so does what means all of them.
    expect(await Bun.file(project.path("zr.toml")).text()).toContain('"*:build"');
    expect(await Bun.file(project.path("packages/web/zr.toml")).text()).toContain('"^build"');
    expect(await Bun.file(project.path("packages/lib/zr.toml")).text()).toContain("[tasks.build]");
  });

  test("a name that is taken or no name is refused, and nothing can be renamed where no name is", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    const rename = (newName: string, mark = "[tasks.bui|ld]"): Promise<string> =>
      client.request("textDocument/rename", { ...client.at(uri, mark), newName }).then(
        () => "renamed",
        (error: Error) => error.message,
      );
    expect(await rename("test")).toBe("'test' is defined already");
    expect(await rename("a b")).toContain("letters, digits");
    expect(await rename("x", "cm|d =")).toContain("no name");
    expect(await client.request("textDocument/prepareRename", client.at(uri, "cm|d ="))).toBeNull();
  });

  test("code actions mend what they speak of", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    const cases: readonly (readonly [string, string, string])[] = [
      ['[tasks.a]\ncmd = "x"\ndescripton = "y"\n', "Change to description", "descripton"],
      ['[tasks.a]\ncmd = "x"\ndeps = ["b"]\n', "Create the task 'b'", '"b"'],
      ['[tasks.a]\ncmd = "x"\ndeps = ["tst"]\n\n[tasks.test]\ncmd = "x"\n', "Change to test", "tst"],
      ['[tasks.a]\ncmd = "x"\ndeps = "test"\n\n[tasks.test]\ncmd = "x"\n', "Make it an array", '"test"'],
      ['[tasks.a]\ncmd = "x"\ncondition = "platfrom == \'linux\'"\n', "Change to platform", "platfrom"],
      ['[vars]\nunused = 1\n\n[tasks.a]\ncmd = "x"\n', "Remove it", "unused"],
    ];
    for (const [text, title, mark] of cases) {
      await client.replace(uri, text);
      const broken = await client.diagnostics(uri, (list) => list.length > 0);
      const { position } = client.at(uri, mark);
      const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
        textDocument: { uri },
        range: { start: position, end: position },
        context: { diagnostics: broken },
      });
      const action = actions.find((one) => one.title === title);
      expect(
        actions.map((one) => one.title),
        text,
      ).toContain(title);
      await client.apply(action?.edit ?? {});
      expect(await client.diagnostics(uri), client.document(uri).getText()).toEqual([]);
    }
  });

  test("keys are sorted and a template is extracted without a change of meaning", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    const act = async (title: RegExp): Promise<string> => {
      const { position } = client.at(uri, "[tasks.a|");
      const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
        textDocument: { uri },
        range: { start: position, end: position },
        context: { diagnostics: [] },
      });
      await client.apply(actions.find((one) => title.test(one.title))?.edit ?? {});
      expect(await client.diagnostics(uri)).toEqual([]);
      return client.document(uri).getText();
    };
    await client.replace(uri, '# About a.\n[tasks.a]\ntimeout = "1m" # long\n# The command.\ncmd = "x"\n');
    expect(await act(/^Sort/)).toBe(
      '# About a.\n[tasks.a]\n# The command.\ncmd = "x"\ntimeout = "1m" # long\n',
    );
    expect(await act(/^Extract/)).toBe(
      '[templates.a-base]\ntimeout = "1m" # long\n\n# About a.\n[tasks.a]\nextends = "a-base"\n# The command.\ncmd = "x"\n',
    );
  });

  test("formatting is what zr fmt makes, and a second time changes nothing", async () => {
    await using at = await open();
    const { client } = at;
    const uri = await at.open("packages/web/zr.toml");
    await client.replace(
      uri,
      '[tasks.a]\r\ncmd="x"   # why\r\n\r\n\r\ndeps   =  [ ]\r\n[tasks.b]\r\ncmd = "y"',
    );
    const format = (): Promise<TextEdit[]> =>
      client.request("textDocument/formatting", {
        textDocument: { uri },
        options: { tabSize: 2, insertSpaces: true },
      });
    await client.apply({ changes: { [uri]: await format() } });
    expect(client.document(uri).getText()).toBe(
      '[tasks.a]\r\ncmd = "x" # why\r\n\r\ndeps = []\r\n\r\n[tasks.b]\r\ncmd = "y"\r\n',
    );
    expect(await format()).toEqual([]);
  });
});
