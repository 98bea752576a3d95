import { readdirSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** `web` needs `ui`; `docs` needs `left`, of which nobody else has anything. */
const NPM: Readonly<Record<string, string>> = {
  "zr.toml": `# The root.
[workspace]
members = ["packages/*"]   # all of them
global_inputs = ["shared/**"]

[workspace.dependencies]
docs = ["ui"]
web = ["ui"]

[tasks]
site = { cmd = "true", deps = ["docs:build"] }
everything = { deps = ["site", "web:build"] }

[tasks.hello]
cmd = "echo hello"

[workflows.release]
[[workflows.release.stages]]
name = "site"
tasks = ["site"]
`,
  ".gitignore": "node_modules\n.zr\nout\n*.secret\n",
  "package.json": json({ name: "root", private: true, workspaces: ["packages/*"] }),
  "package-lock.json": json({
    name: "root",
    lockfileVersion: 3,
    packages: {
      "": { name: "root", workspaces: ["packages/*"] },
      "node_modules/web": { resolved: "packages/web", link: true },
      "node_modules/ui": { resolved: "packages/ui", link: true },
      "node_modules/docs": { resolved: "packages/docs", link: true },
      "node_modules/left": { version: "1.0.0" },
      "node_modules/right": { version: "1.0.0", dependencies: { deep: "*" } },
      "node_modules/deep": { version: "1.0.0" },
      "packages/web": { version: "1.0.0", dependencies: { ui: "*" } },
      "packages/ui": { version: "1.0.0", dependencies: { right: "*" } },
      "packages/docs": { version: "1.0.0", dependencies: { left: "*" } },
    },
  }),
  "README.md": "read",
  "scripts/deploy.sh": "exit 0",
  "shared/base.json": "{}",
  "packages/web/zr.toml": '[package]\nname = "web"\n[tasks]\nbuild = "true"\n',
  "packages/web/package.json": json({ name: "web", version: "1.0.0", dependencies: { ui: "*" } }),
  "packages/web/src/main.ts": "web",
  "packages/web/node_modules/x.js": "x",
  "packages/web/key.secret": "s",
  "packages/ui/zr.toml": '[package]\nname = "ui"\n[tasks]\nbuild = "true"\n',
  "packages/ui/package.json": json({ name: "ui", version: "1.0.0", dependencies: { right: "*" } }),
  "packages/ui/src/ui.ts": "ui",
  "packages/docs/zr.toml": '[package]\nname = "docs"\n[tasks]\nbuild = "true"\n',
  "packages/docs/package.json": json({ name: "docs", version: "1.0.0", dependencies: { left: "*" } }),
  "packages/docs/page.md": "docs",
};

const files = (project: Project, folder: string): readonly string[] =>
  (readdirSync(project.path(folder), { recursive: true, withFileTypes: true }) ?? [])
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(project.path(folder).length + 1))
    .sort();

for (const git of [true, false])
  test(`the copy has the package, what it depends on, and nothing that git ignores, ${git ? "in" : "outside of"} a repository`, async () => {
    await using project = await makeProject(NPM, { git });
    await project.zr("prune", "--docker", "web").expect({
      stdout: /3 packages: \w+, ui, web\nout\/json {2}4 files\nout\/full {2}12 files\n/,
      stderr: /^note/,
    });
    expect(files(project, "out/json")).toEqual([
      "package-lock.json",
      "package.json",
      "packages/ui/package.json",
      "packages/web/package.json",
    ]);
    expect(files(project, "out/full")).toEqual([
      ".gitignore",
      "README.md",
      "package-lock.json",
      "package.json",
      "packages/ui/package.json",
      "packages/ui/src/ui.ts",
      "packages/ui/zr.toml",
      "packages/web/package.json",
      "packages/web/src/main.ts",
      "packages/web/zr.toml",
      "shared/base.json",
      "zr.toml",
    ]);
  });

test("manifest and lock file of the root speak only of what is there", async () => {
  await using project = await makeProject(NPM, { git: true });
  await project.zr("prune", "--docker", "packages/ui", "-o", "ctx", "-q").expect({ stderr: /^note/ });
  expect(JSON.parse(project.read("ctx/json/package.json")).workspaces).toEqual(["packages/ui"]);
  const { packages } = JSON.parse(project.read("ctx/json/package-lock.json"));
  expect(Object.keys(packages)).toEqual([
    "",
    "node_modules/ui",
    "node_modules/right",
    "node_modules/deep",
    "packages/ui",
  ]);
});

test("the copy is a valid workspace, comments kept, without the tasks that need what is gone", async () => {
  await using project = await makeProject(NPM, { git: true });
  await project.zr("prune", "--docker", "web", "-q", "-o", "../copy").expect({
    stderr:
      "note: tasks of the root that need other packages are left out: site, everything\nnote: workflows that need other packages are left out: release\n",
  });
  expect(project.read("../copy/full/zr.toml")).toBe(`# The root.
[workspace]
members = ["packages/ui","packages/web"]   # all of them
global_inputs = ["shared/**"]

[workspace.dependencies]
web = ["ui"]

[tasks]

[tasks.hello]
cmd = "echo hello"
`);
  await project.zrWith({ cwd: "../copy/full" }, "validate", "--strict").expect({ stdout: /^/, stderr: /^/ });
  await project.zrWith({ cwd: "../copy/full/packages/web" }, "list").expect({ stdout: /build/ });
});

test("a package that a task of the copy names comes along", async () => {
  await using project = await makeProject(
    {
      ...NPM,
      "packages/web/zr.toml":
        '[package]\nname = "web"\n[tasks]\nbuild = { cmd = "true", deps = ["docs:build"] }\n',
    },
    { git: true },
  );
  const { stdout } = await project.zr("prune", "--docker", "web", "--json").expect({ stdout: /^/ });
  expect(JSON.parse(stdout).packages).toEqual(
    ["project", "docs", "ui", "web"].map((name) => (name === "project" ? expect.any(String) : name)),
  );
});

test("what the manifest of the root depends on comes along, since that is in every copy", async () => {
  const root = { name: "root", private: true, workspaces: ["packages/*"], devDependencies: { docs: "*" } };
  await using project = await makeProject({ ...NPM, "package.json": json(root) }, { git: true });
  const { stdout } = await project
    .zr("prune", "--docker", "ui", "--json")
    .expect({ stdout: anything, stderr: anything });
  expect(JSON.parse(stdout).packages).toEqual(["root", "docs", "ui"]);
});

test("a package inside of another has its manifest with the manifests too", async () => {
  const manifest = (name: string, deps: object = {}): string => JSON.stringify({ name, dependencies: deps });
  await using project = await makeProject(
    {
      "zr.toml": "[workspace]\n",
      "package.json": JSON.stringify({ name: "root", workspaces: ["outer", "outer/inner"] }),
      "outer/package.json": manifest("outer", { inner: "*" }),
      "outer/inner/package.json": manifest("inner"),
    },
    { git: true },
  );
  await project.zr("prune", "--docker", "outer", "-q").expect({});
  expect(files(project, "out/json")).toEqual([
    "outer/inner/package.json",
    "outer/package.json",
    "package.json",
  ]);
});

test("what a package manager reads of the root to install is with the manifests", async () => {
  const install = [
    ".yarn/patches/right.patch",
    ".yarn/plugins/own.cjs",
    ".yarn/releases/yarn-4.cjs",
    ".yarnrc.yml",
    "patches/right@1.0.0.patch",
  ];
  await using project = await makeProject(
    { ...NPM, ...Object.fromEntries(install.map((path) => [path, "x"])), ".yarn/cache/right.zip": "x" },
    { git: true },
  );
  await project.zr("prune", "--docker", "web").expect({ stdout: anything, stderr: anything });
  for (const folder of ["out/json", "out/full"]) {
    const found = files(project, folder);
    expect(found).toEqual(expect.arrayContaining(install));
    expect(found).not.toContain(".yarn/cache/right.zip");
  }
});

test("Cargo's files are cut too, and have empty sources until the real ones come", async () => {
  const crate = (name: string, deps = ""): string =>
    `[package]\nname = "${name}"\nversion = "0.1.0"\n\n[dependencies]\n${deps}`;
  await using project = await makeProject(
    {
      "zr.toml": "[workspace]\n",
      "Cargo.toml":
        '[workspace]\nmembers = [\n  "crates/app",\n  "crates/core", # needed\n  "crates/tool",\n]\nresolver = "2"\n\n[profile.release]\nlto = true\n',
      "Cargo.lock": `version = 3

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["core", "left"]

[[package]]
name = "core"
version = "0.1.0"

[[package]]
name = "left"
version = "1.0.0"
source = "registry+x"

[[package]]
name = "right"
version = "1.0.0"
source = "registry+x"

[[package]]
name = "tool"
version = "0.1.0"
dependencies = ["right"]
`,
      "crates/app/Cargo.toml": crate("app", 'core = { path = "../core" }\nleft = "1"\n'),
      "crates/app/src/main.rs": "fn main() { core::go() }\n",
      "crates/core/Cargo.toml": crate("core"),
      "crates/core/src/lib.rs": "pub fn go() {}\n",
      "crates/core/src/deep.rs": "\n",
      "crates/tool/Cargo.toml": crate("tool", 'right = "1"\n'),
      "crates/tool/src/main.rs": "fn main() {}\n",
    },
    { git: true },
  );
  await project.zr("prune", "--docker", "app", "-q").expect({});
  expect(files(project, "out/json")).toEqual([
    "Cargo.lock",
    "Cargo.toml",
    "crates/app/Cargo.toml",
    "crates/app/src/main.rs",
    "crates/core/Cargo.toml",
    "crates/core/src/lib.rs",
  ]);
  expect(project.read("out/json/crates/app/src/main.rs")).toBe("fn main() {}\n");
  expect(project.read("out/full/crates/app/src/main.rs")).toContain("core::go()");
  expect(project.read("out/json/Cargo.toml")).toBe(
    '[workspace]\nmembers = ["crates/app", "crates/core"]\nresolver = "2"\n\n[profile.release]\nlto = true\n',
  );
  expect(
    [...project.read("out/json/Cargo.lock").matchAll(/name = "(\w+)"/g)].map((match) => match[1]),
  ).toEqual(["app", "core", "left"]);
});

test("a copy has what Cargo asks for before it reads any manifest, of a crate at the root too", async () => {
  const project = await makeProject({
    "zr.toml": "[workspace]\n",
    "Cargo.toml": `[package]
name = "top"
build = "crates/core/made.rs"

[workspace]
members = ["crates/m", "crates/n"]

[[bin]]
name = "top"
path = "crates/core/main.rs"

[[test]]
name = "all"
`,
    "crates/core/main.rs": "mod more;",
    "crates/core/made.rs": "fn main() {}",
    "crates/core/more.rs": "",
    "tests/all.rs": "// tests",
    "tests/other.rs": "// more",
    "crates/m/Cargo.toml": '[package]\nname = "m"\n\n[[bench]]\nname = "speed"\nharness = false\n',
    "crates/m/src/lib.rs": "// lib",
    "crates/m/benches/speed.rs": "// bench",
    "crates/m/benches/other.rs": "// not named",
    "crates/n/Cargo.toml": '[package]\nname = "n"\n',
    "crates/n/src/lib.rs": "",
  });
  await project.zr("prune", "--docker", "m").expect({ stdout: anything, stderr: anything, code: 0 });
  const sources = (folder: string) => files(project, folder).filter((file) => file.endsWith(".rs"));
  const asked = [
    "crates/core/made.rs",
    "crates/core/main.rs",
    "crates/m/benches/speed.rs",
    "crates/m/src/lib.rs",
    "tests/all.rs",
  ];
  expect(sources("out/json")).toEqual(asked);
  expect(sources("out/full")).toEqual(["crates/m/benches/other.rs", ...asked].sort());
  expect(project.read("out/json/crates/core/main.rs")).toBe("fn main() {}\n");
  expect(project.read("out/full/crates/core/main.rs")).toBe("mod more;");
});

test("a cut Cargo.lock names versions only where there are several, as Cargo itself does", async () => {
  const block = (name: string, version: string, more = "") =>
    `[[package]]\nname = "${name}"\nversion = "${version}"\n${more}`;
  const source = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n';
  const project = await makeProject({
    "zr.toml": "[workspace]\n",
    "Cargo.toml": '[workspace]\nmembers = ["m", "n"]\n',
    "Cargo.lock": [
      "version = 4\n",
      block("m", "1.0.0", 'dependencies = [\n "one 1.2.0",\n "two 2.0.0",\n]\n'),
      block("n", "1.0.0", 'dependencies = [\n "one 2.0.0",\n]\n'),
      block("one", "1.2.0", `${source}dependencies = [\n "two 1.0.0",\n]\n`),
      block("one", "2.0.0", source),
      block("two", "1.0.0", source),
      block("two", "2.0.0", source),
    ].join("\n"),
    "m/Cargo.toml": '[package]\nname = "m"\nversion = "1.0.0"\n',
    "n/Cargo.toml": '[package]\nname = "n"\nversion = "1.0.0"\n',
  });
  await project.zr("prune", "--docker", "m").expect({ stdout: anything, stderr: anything, code: 0 });
  const needs = [...project.read("out/json/Cargo.lock").matchAll(/^ "(.*)",$/gm)].map(([, need]) => need);
  expect(needs).toEqual(["one", "two 2.0.0", "two 1.0.0"]);
});

test("lists of members are cut however they are written, and none is left that means nothing", async () => {
  const manifest = (name: string): string => JSON.stringify({ name, version: "1.0.0" });
  const crate = (name: string): string => `[package]\nname = "${name}"\nversion = "0.1.0"\n`;
  await using project = await makeProject(
    {
      "zr.toml": '[workspace]\n[workspace.dependencies]\ncore = ["example.com/kept", "a"]\n',
      "Cargo.toml":
        '[workspace]\nmembers = ["crates/*"]\ndefault-members = ["crates/tool"] # what is shipped\nresolver = "2"\n',
      "crates/core/Cargo.toml": crate("core"),
      "crates/core/src/lib.rs": "",
      "crates/tool/Cargo.toml": crate("tool"),
      "crates/tool/src/lib.rs": "",
      "go.work":
        'go 1.24\n\nuse (\n\t./go/kept // ./go/one\n\t./go/one // a remark\r\n\t"./go/two"\n\t`go/three`\n)\n\nuse ./go/four/\n',
      ...Object.fromEntries(
        ["kept", "one", "two", "three", "four"].map((name) => [
          `go/${name}/go.mod`,
          `module example.com/${name}\n\ngo 1.24\n`,
        ]),
      ),
      "package.json": JSON.stringify({ name: "root", workspaces: ["js/*"] }),
      "pnpm-workspace.yaml": 'packages: [\n  "js/a",\n  "js/b",\n]\nlinkWorkspacePackages: true\n',
      "js/a/package.json": manifest("a"),
      "js/b/package.json": manifest("b"),
    },
    { git: true },
  );
  await project.zr("prune", "--docker", "core", "-q").expect({});
  expect(project.read("out/full/Cargo.toml")).toBe(
    '[workspace]\nmembers = ["crates/core"]\nresolver = "2"\n',
  );
  expect(project.read("out/full/go.work")).toBe("go 1.24\n\nuse (\n\t./go/kept // ./go/one\n)\n\n");
  // Each lists those of its own language.
  expect(JSON.parse(project.read("out/full/package.json")).workspaces).toEqual(["js/a"]);
  expect(project.read("out/full/pnpm-workspace.yaml")).toBe(
    'packages:\n  - "js/a"\nlinkWorkspacePackages: true\n',
  );
});

describe("zr prune refuses", () => {
  test("what is no package, and what it is not told the purpose of", async () => {
    await using project = await makeProject(NPM);
    await project
      .zr("prune", "--docker", "wep")
      .expect({ code: 2, stderr: /error\[E132\]: package 'wep' does not exist[^]*web/ });
    await project.zr("prune", "web").expect({ code: 2, stderr: /error\[E184\]/ });
    await project.zr("prune", "--docker").expect({ code: 2, stderr: /error\[E184\]/ });
  });

  test("a folder with other things in it, in a package, or around the workspace; a former copy is renewed", async () => {
    await using project = await makeProject({ ...NPM, "taken/x": "mine" }, { git: true });
    for (const [out, reason] of [
      ["taken", "it is not empty and no copy that was made before"],
      ["packages/web/out", "it lies in a package, which would be copied into itself"],
      ["..", "it holds the workspace itself"],
    ] as const)
      await project
        .zr("prune", "--docker", "web", "-o", out)
        .expect({ code: 2, stderr: new RegExp(`error\\[E366\\].*${reason}`) });
    expect(project.read("taken/x")).toBe("mine\n".trimEnd());
    await project.zr("prune", "--docker", "web", "-o", "copy", "-q").expect({ stderr: /^/ });
    project.write("copy/full/stale", "x");
    await project.zr("prune", "--docker", "web", "-o", "copy", "-q").expect({ stderr: /^/ });
    expect(project.exists("copy/full/stale")).toBe(false);
    expect(project.exists("copy/full/copy")).toBe(false);
  });
});

test("what the tasks of the copy go by comes along from the root, so that they make the same there", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        include = ["tasks/root.toml"]
        [workspace]
        members = ["packages/*"]
        languages = ["languages/*.toml"]
        [global]
        dotenv = ["conf/root.env"]
      `,
      "tasks/root.toml": '[env]\nROOT = "1"\n[tasks.setup]\ncmd = "cat setup/*"\ninputs = ["setup/**"]\n',
      "tasks/lib.toml": '[env]\nLIB = "2"\n',
      "tasks/other.toml": '[env]\nOTHER = "3"\n',
      "languages/gleam.toml": 'name = "gleam"\nmanifests = ["gleam.toml"]\n[package]\nname = "name"\n',
      "conf/root.env": "DOT=4\n",
      "conf/lib.env": "FILE=5\n",
      "conf/value": "6",
      "conf/unused": "",
      "setup/ready": "ready\n",
      "shared/a.json": "7\n",
      "shared/notes.md": "",
      "in/lines": "8\n",
      "sources/a": "9\n",
      "packages/lib/zr.toml": `
        include = ["../../tasks/lib.toml"]
        [package]
        name = "lib"
        [tasks.build]
        cmd = "cat - ../../shared/*.json src/*; echo $ROOT $LIB $DOT $FILE $VALUE"
        inputs = ["//shared/*", "!//shared/*.md", "src/**"]
        env_file = "../../conf/lib.env"
        env = { VALUE = { file = "../../conf/value" } }
        io = { stdin = "file:../../in/lines" }
        deps = ["//:setup"]
      `,
      "packages/other/zr.toml": 'include = ["../../tasks/other.toml"]\n[tasks]\nbuild = "true"\n',
      ".gitignore": ".zr\n",
    },
    { git: true },
  );
  symlinkSync("../../sources", project.path("packages/lib/src"));
  const stdout = "ready\n8\n7\n9\n1 2 4 5 6\n";
  await project.zr("run", "lib:build", "--output", "interleaved").expect({ stdout, stderr: anything });
  await project.zr("prune", "lib", "--docker").expect({ stdout: anything, stderr: anything });
  await project
    .zr("run", "lib:build", "--output", "interleaved", "-C", "out/full")
    .expect({ stdout, stderr: anything });
  const absent = ["tasks/other.toml", "conf/unused", "shared/notes.md", "packages/other/zr.toml"];
  expect(absent.filter((path) => project.exists(`out/full/${path}`))).toEqual([]);
});
