import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { formatToml } from "#core/config/toml/format";
import { makeProject } from "#tests/support/project";

const COMPONENT = {
  "templates/component/template.toml": `
    description = "A component with a test"

    [questions.name]
    ask = "Name of the component"
    pattern = "[A-Za-z][A-Za-z0-9-]*"

    [questions.folder]
    default = "{{ name | kebab }}"

    [questions.tested]
    type = "boolean"
    default = true

    [questions.parts]
    type = "list"
    default = ["a", "b"]

    [files]
    "**/*.test.js.tmpl" = { when = "tested" }
    "logo.bin" = { raw = true }
    "raw.txt" = { raw = true }
    "package.json.tmpl" = { merge = true }
    ".gitignore" = { merge = true }
  `,
  "templates/component/{{ folder }}/{{ name }}.js": "export const {{ name | camel }} = {{ parts | json }};\n",
  "templates/component/{{ folder }}/{{name}}.test.js.tmpl":
    "test({{ name | pascal }}, ${{ github.ref }}, {{ a.b }});\n",
  "templates/component/run.sh": "#!/bin/sh\necho {{ name | shell }}\n",
  "templates/component/raw.txt": "{{ nothing }}\n",
  "templates/component/package.json.tmpl":
    '{ "scripts": { "{{ name }}": "x" }, "files": ["{{ folder }}"] }\n',
  "templates/component/.gitignore": "dist\nbuilt\n",
};

const CONFIG = { "zr.toml": '# mine\n[tasks]\nlint = "true" # quick\n' };

describe("every template that zr brings along", () => {
  test("makes a valid, formatted zr.toml with its defaults", async () => {
    await using project = await makeProject({ "zr.toml": "" });
    const listed: { templates: { name: string; description: string }[] } = JSON.parse(
      (await project.zr("template", "list", "--json").result()).stdout,
    );
    expect(listed.templates.length).toBeGreaterThan(30);
    for (const { name, description } of listed.templates) {
      expect(description).not.toStartWith("not valid");
      project.write(`t/${name}/zr.toml`, '[tasks]\nlint = "true"\ntest = "true"\npublish = "true"\n');
      const cwd = `t/${name}`;
      const run = await project
        .zrWith({ cwd }, "template", "use", name, "--set", "name=my-own", "-q")
        .result();
      expect({ name, code: run.code, stderr: run.stderr }).toEqual({ name, code: 0, stderr: "" });
      const text = project.read(`${cwd}/zr.toml`);
      expect(text).toContain("my-own");
      expect(formatToml(text)).toEqual({ ok: true, value: text });
    }
  });

  test("keeps what is there, and runs", async () => {
    await using project = await makeProject(CONFIG);
    await project
      .zr("template", "use", "cached", "--set", "cmd=echo built", "--set", "inputs=a,b", "--set", "outputs=")
      .expect({ stderr: "changed zr.toml\n" });
    expect(project.read("zr.toml")).toStartWith(CONFIG["zr.toml"]);
    expect(project.read("zr.toml")).toContain('inputs = ["a", "b"]');
    await project.zr("run", "build", "--raw", "-q").expect({ stdout: "built\n", stderr: /^/ });
  });

  test("is refused where it would say another thing, unless forced; and is not added twice", async () => {
    await using project = await makeProject(CONFIG);
    await project.zr("template", "use", "retry", "-q").expect({});
    await project.zr("template", "use", "retry").expect({ stderr: "unchanged zr.toml\n" });
    const before = project.read("zr.toml");
    await project.zr("template", "use", "retry", "--set", "attempts=5").expect({
      code: 2,
      stderr: "error[E588]: zr.toml can't be merged: it says another tasks.fetch.retry\n",
    });
    expect(project.read("zr.toml")).toBe(before);
    await project.zr("template", "use", "retry", "--set", "attempts=5", "--force", "-q").expect({});
    expect(project.read("zr.toml")).toBe(before.replace("retry = 3", "retry = 5"));
  });
});

test("a template is listed and shown with what it asks", async () => {
  await using project = await makeProject({ ...CONFIG, ...COMPONENT });
  const listed = (await project.zr("template", "list", "component").result()).stdout;
  expect(listed).toBe("component  A component with a test\n");
  await project.zr("template", "show", "component").expect({
    stdout: `
      component: A component with a test
      from templates/component

      asks
        name (string like [A-Za-z][A-Za-z0-9-]*): Name of the component
        folder (string, default {{ name | kebab }}): folder
        tested (boolean, default true): tested
        parts (list, default a, b): parts
    `,
  });
  await project.zr("template", "show", "componnet").expect({
    code: 2,
    stderr: "error[E581]: there is no template 'componnet'\n  = did you mean 'component'?\n",
  });
});

test("files get the answers in their names and contents, and keep what is none of them", async () => {
  await using project = await makeProject({ ...CONFIG, ...COMPONENT });
  chmodSync(project.path("templates/component/run.sh"), 0o755);
  const binary = Uint8Array.of(0, 1, 2, 0xff, 0x7b, 0x7b);
  writeFileSync(project.path("templates/component/logo.bin"), binary);
  await project.zr("generate", "component", "out", "--set", "name=MyButton").expect({
    stderr: `
      created out/.gitignore
      created out/logo.bin
      created out/package.json
      created out/raw.txt
      created out/run.sh
      created out/my-button/MyButton.js
      created out/my-button/MyButton.test.js
    `,
  });
  expect(project.read("out/my-button/MyButton.js")).toBe('export const myButton = ["a","b"];\n');
  expect(project.read("out/my-button/MyButton.test.js")).toBe(
    "test(MyButton, ${{ github.ref }}, {{ a.b }});\n",
  );
  expect(project.read("out/raw.txt")).toBe("{{ nothing }}\n");
  expect(project.read("out/run.sh")).toBe("#!/bin/sh\necho 'MyButton'\n");
  expect(statSync(project.path("out/run.sh")).mode & 0o111).not.toBe(0);
  expect(await Bun.file(project.path("out/logo.bin")).bytes()).toEqual(binary);
  await project
    .zr("generate", "component", "other", "--set", "name=x", "--set", "tested=no", "-q")
    .expect({});
  expect(existsSync(project.path("other/x/x.js"))).toBe(true);
  expect(existsSync(project.path("other/x/x.test.js"))).toBe(false);
});

test("what is there is merged where the template says so, and nothing is overwritten", async () => {
  await using project = await makeProject({ ...CONFIG, ...COMPONENT });
  const generate = (...words: readonly string[]) =>
    project.zr("generate", "component", "out", "--set", "name=b", ...words);
  project.write("out/package.json", '{\n    "name": "mine",\n    "files": ["src"]\n}\n');
  project.write("out/.gitignore", "dist\nmine\n");
  await generate("-q").expect({});
  expect(project.read("out/package.json")).toBe(
    '{\n    "name": "mine",\n    "files": ["src", "b"],\n    "scripts": { "b": "x" }\n}\n',
  );
  expect(project.read("out/.gitignore")).toBe("dist\nmine\nbuilt\n");
  await generate().expect({ stderr: /^(unchanged [^\n]*\n)+$/ });
  project.write("out/.env", "# mine\nPORT=3000\n");
  project.write("templates/component/.env.tmpl", "PORT=4000\nNAME={{ name }} # new\n");
  await generate("--merge").expect({
    code: 2,
    stderr: "error[E588]: out/.env can't be merged: it says another PORT\n",
  });
  await generate("--merge", "--keep", "-q").expect({});
  expect(project.read("out/.env")).toBe("# mine\nPORT=3000\nNAME=b # new\n");
  project.write("out/run.sh", "mine\n");
  rmSync(project.path("templates/component/.env.tmpl"));
  await generate().expect({
    code: 2,
    stderr: "error[E586]: out/run.sh exists already; nothing was written\n",
  });
  await generate("--keep").expect({ stderr: /kept out\/run\.sh\n/ });
  expect(project.read("out/run.sh")).toBe("mine\n");
  await generate("--force").expect({ stderr: /overwrote out\/run\.sh\n/ });
  expect(project.read("out/run.sh")).toContain("echo");
  project.write("out/package.json", '{ "scripts": { "b": "mine" } }\n');
  await generate().expect({
    code: 2,
    stderr: "error[E588]: out/package.json can't be merged: it says another scripts.b\n",
  });
});

test("one file that is in the way keeps all of them from being written", async () => {
  await using project = await makeProject({ ...CONFIG, ...COMPONENT, "out/raw.txt": "mine\n" });
  await project.zr("generate", "component", "out", "--set", "name=b").expect({ code: 2, stderr: /E586/ });
  expect(existsSync(project.path("out/.gitignore"))).toBe(false);
  expect(existsSync(project.path("out/b"))).toBe(false);
});

test("a dry run says what would happen, shows it, and writes nothing", async () => {
  await using project = await makeProject({ ...CONFIG, ...COMPONENT });
  const run = await project.zr("generate", "component", "out", "--set", "name=b", "-n").result();
  expect(run.stderr).toContain("would create out/b/b.js\n");
  expect(run.stdout).toContain('# out/b/b.js\nexport const b = ["a","b"];\n');
  expect(existsSync(project.path("out"))).toBe(false);
});

test("questions are asked on a terminal, again after a wrong answer, and an empty line takes the default", async () => {
  await using project = await makeProject({ ...CONFIG, ...COMPONENT });
  const terminal = await project.terminal({}, "generate", "component", "out");
  await terminal.waitForScreen("Name of the component:");
  terminal.type("9\r");
  await terminal.waitForScreen("That has to be a text like");
  terminal.type("side bar\r");
  await terminal.waitForScreen(/text like[^]*text like/);
  terminal.type("SideBar\r");
  await terminal.waitForScreen("folder [side-bar]:");
  terminal.type("\r");
  await terminal.waitForScreen("tested [true]:");
  terminal.type("n\r");
  await terminal.waitForScreen("parts [a, b]:");
  terminal.type("one, two\r");
  expect(await terminal.exited).toEqual({ code: 0, signal: null });
  expect(project.read("out/side-bar/SideBar.js")).toBe('export const sideBar = ["one","two"];\n');
});

test("who gives no right answer in three tries gets nothing, not even the default", async () => {
  await using project = await makeProject({ ...CONFIG, ...COMPONENT });
  const terminal = await project.terminal(
    {},
    "generate",
    "component",
    "--set",
    "name=a",
    "--set",
    "folder=b",
  );
  for (let tries = 0; tries < 3; tries += 1) {
    await terminal.waitForScreen(new RegExp(`(?:tested \\[true\\]:[^]*){${tries + 1}}`));
    terminal.type("perhaps\r");
  }
  expect(await terminal.exited).toEqual({ code: 2, signal: null });
  expect(terminal.screen().join("\n")).toContain("error[E583]: component needs an answer: --set tested=…");
  expect(existsSync(project.path("b"))).toBe(false);
});

test("without a terminal a question without a default has to be answered", async () => {
  await using project = await makeProject({ ...CONFIG, ...COMPONENT });
  await project.zr("generate", "component").expect({
    code: 2,
    stderr: "error[E583]: component needs an answer: --set name=…\n",
  });
  const refused = async (code: string, ...set: readonly string[]): Promise<void> => {
    const run = await project
      .zr("generate", "component", "--set", "name=a", ...set.flatMap((s) => ["--set", s]))
      .result();
    expect(run.stderr).toContain(`error[${code}]`);
    expect(run.code).toBe(2);
  };
  await refused("E584", "name=../x");
  await refused("E584", "tested=perhaps");
  await refused("E584", "name=a\nb");
  await refused("E585", "nmae=x");
  expect(existsSync(project.path("a"))).toBe(false);
});

test("no file leaves the folder, whatever answers and links say", async () => {
  await using project = await makeProject({
    ...CONFIG,
    "templates/t/template.toml": '[questions.name]\ndefault = "x"\n',
    "templates/t/{{ name }}/file.txt": "text\n",
  });
  const at = (name: string) => project.zr("generate", "t", "out", "--set", `name=${name}`);
  for (const name of ["..", "../..", "a/../..", "/etc", "a//b", ".", "a\\b", "c:x", ".git/hooks", "a/.GIT"])
    await at(name).expect({
      code: 2,
      stderr: /error\[E587\]: the path '[^']*' of t leads out of the folder/,
    });
  mkdirSync(project.path("out"), { recursive: true });
  mkdirSync(project.path("elsewhere"));
  symlinkSync(project.path("elsewhere"), project.path("out/link"));
  await at("link").expect({ code: 2, stderr: /E587\]: the path 'out\/link\/file\.txt' of t/ });
  expect(existsSync(project.path("elsewhere/file.txt"))).toBe(false);
  mkdirSync(project.path("out/inner"));
  writeFileSync(project.path("elsewhere/file.txt"), "mine\n");
  symlinkSync(project.path("elsewhere/file.txt"), project.path("out/inner/file.txt"));
  await project
    .zr("generate", "t", "out", "--set", "name=inner", "--force")
    .expect({ code: 2, stderr: /E586/ });
  expect(project.read("elsewhere/file.txt")).toBe("mine\n");
  await at("deep/er").expect({ stderr: "created out/deep/er/file.txt\n" });
});

test("a zr.toml that zr would not accept is not written, nor anything beside it", async () => {
  await using project = await makeProject({
    ...CONFIG,
    "templates/t/template.toml": "config = '''\n[tasks.a]\ncmd = \"true\"\ndeps = [\"nope\"]\n'''\n",
    "templates/t/file.txt": "text\n",
  });
  await project.zr("generate", "t").expect({ code: 3, stderr: /error\[E130\][^]*nope/ });
  expect(project.read("zr.toml")).toBe(CONFIG["zr.toml"]);
  expect(existsSync(project.path("file.txt"))).toBe(false);
});

test("a template that is not valid says why, and is listed so", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["x = 1", "the template has no key 'x'"],
    ["x =", ""],
    ["questions = 1", "questions is no table"],
    ["[questions.name]\ntype = 'date'", "questions.name.type is none of string, number"],
    ["[questions.a-b]\n", "the question 'a-b' needs a name"],
    ["[questions.a]\ntype = 'choice'", "is a choice exactly where it has choices"],
    ["[questions.a]\npattern = '('", "no regular expression"],
    ["[questions.a]\ntype = 'number'\ndefault = 'x'", "does not fit its type"],
    ["[files]\n'*' = { mode = 1 }", "has no key 'mode'"],
    ["[files]\n'[' = { raw = true }", "is no glob"],
    ["config = '{{ nothing }}'", "asks for 'nothing', which is no question"],
    ["[questions.a]\ndefault = 'x'\n[files]\n'*' = { when = 'b' }", "depends on 'b', which is no question"],
    ["config = '{{ a | nothing }}'\n[questions.a]\ndefault = 'x'", "a filter that is not known"],
  ];
  await using project = await makeProject(CONFIG);
  for (const [text, reason] of cases) {
    project.write("templates/t/template.toml", `${text}\n`);
    project.write("templates/t/file.txt", "text\n");
    const run = await project.zr("generate", "t").result();
    expect(run.stderr).toContain("error[E582]: the template t is not valid: ");
    expect(run.stderr).toContain(reason);
    expect(run.code).toBe(2);
  }
  project.write("templates/t/template.toml", "x = 1\n");
  await project
    .zr("template", "list", "not valid")
    .expect({ stdout: /^t  not valid: the template has no key 'x'/ });
});

test("templates of the user are there everywhere, and those of the workspace come before them", async () => {
  await using project = await makeProject({
    ...CONFIG,
    "templates/own/template.toml": 'description = "of the workspace"\n',
  });
  const user = `${project.folders.config}/zr/templates`;
  for (const name of ["own", "mine"]) {
    mkdirSync(`${user}/${name}`, { recursive: true });
    writeFileSync(`${user}/${name}/template.toml`, 'description = "of the user"\n');
  }
  mkdirSync(project.path("deep/er"), { recursive: true });
  const listed = await project.zrWith({ cwd: "deep/er" }, "template", "list", "of the").result();
  expect(listed.stdout).toBe("mine  of the user\nown   of the workspace\n");
});

test("a new template is one that can be used at once", async () => {
  await using project = await makeProject(CONFIG);
  await project.zr("template", "new", "page").expect({
    stderr: "created templates/page/template.toml\ncreated templates/page/{{ name }}/README.md\n",
  });
  await project
    .zr("generate", "page", "--set", "name=about-us")
    .expect({ stderr: "created about-us/README.md\n" });
  expect(project.read("about-us/README.md")).toBe("# About Us\n");
  await project.zr("template", "new", "page").expect({ code: 2, stderr: /E586/ });
  for (const name of ["../x", "a/b", ".hidden", "-x"])
    await project.zr("template", "new", "--", name).expect({ code: 3, stderr: /E117/ });
});

test("a folder may be named in the place of a template", async () => {
  await using project = await makeProject({ "kit/template.toml": "", "kit/file.txt": "text\n" });
  await project.zr("generate", "./kit", "out").expect({ stderr: "created out/file.txt\n" });
  await project
    .zr("generate", "./kti")
    .expect({ code: 2, stderr: "error[E581]: there is no template './kti'\n" });
});
