import { expect, test } from "bun:test";
import { languageProjects } from "#app/language-projects";
import { readDeclaredLanguage } from "#languages/declared-language";
import { readManifestVersion, writeManifestVersion } from "#languages/manifest-version";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { fakeTool, setUp, statesOf } from "#tests/support/setup-answer";
import { end, reruns, waits } from "./watching";

const GLEAM = `name = "gleam"
display_name = "Gleam"
manifests = ["gleam.toml"]
foreign_folders = ["build"]

[package]
name = "name"
version = "version"
dependencies = ["dependencies", "dev-dependencies"]

[tasks]
build = "echo built $ZR_TASK"

[tasks.test]
cmd = ["echo", "tested"]
deps = ["build", "^build"]

[project]
outputs = ["build/**"]
install = ["gleam", "deps", "download"]
locks = ["manifest.toml"]
makes = ["build/packages"]
versions = [{ file = ".gleam-version" }, { file = "gleam.toml", line = 'gleam = "{}"' }]

[imports]
files = ["**/*.gleam"]
lines = ["import {}"]
line_comments = ["//"]
separator = "/"
`;

const FILES = {
  "zr.toml": '[workspace]\nlanguages = ["languages/*.toml"]\nmembers = ["apps/*", "libs/*"]\n',
  "languages/gleam.toml": GLEAM,
  "apps/web/gleam.toml":
    'name = "web"\nversion = "1.0.0" # of the app\ngleam = ">= 1.4.0"\n[dependencies]\nlib = { path = "../../libs/lib" }\ngleam_stdlib = ">= 0.34.0"\n',
  "libs/lib/gleam.toml": 'name = "lib"\nversion = "0.2.0"\n',
  "libs/lib/build/packages/x/gleam.toml": 'name = "x"\n',
};

test("a language of a folder of files has packages, tasks and edges as those that zr knows", async () => {
  await using project = await makeProject(FILES);
  await project.zr("workspace", "list").expect({
    stdout: "project  .\nweb      apps/web  1.0.0\nlib      libs/lib  0.2.0\n",
  });
  await project.zr("run", "web:test").expect({ stdout: anything, stderr: anything });
  const { stdout } = await project.zr("workspace", "info", "web", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout)).toMatchObject({
    dependencies: [
      { name: "lib", declared: [{ kind: "dependencies", file: "apps/web/gleam.toml", line: 5 }] },
    ],
  });
});

test("a single file is enough, and its name can be given to infer", async () => {
  await using project = await makeProject({
    ...FILES,
    "zr.toml": '[workspace]\nlanguages = ["languages/gleam.toml"]\ninfer = ["gleam"]\nmembers = ["libs/*"]\n',
    "libs/js/package.json": '{ "name": "js", "scripts": { "build": "x" } }',
  });
  await project.zr("workspace", "list").expect({ stdout: "project  .\nlib      libs/lib  0.2.0\n" });
});

test("what setup, release and boundaries need is there for it as well", async () => {
  const read = readDeclaredLanguage({ file: "/w/gleam.toml", shown: "gleam.toml" }, GLEAM);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  await using project = await makeProject({
    ...FILES,
    "apps/web/manifest.toml": "",
    "apps/web/.gleam-version": "1.5.1\n",
  });
  const root = project.path(".");
  const [language] = await languageProjects(project.path("apps/web"), root, [read.value]);
  expect(language?.versions.map(({ request, from }) => `${request} ${from}`)).toEqual([
    "1.5.1 .gleam-version",
    ">= 1.4.0 gleam.toml",
  ]);
  expect(language?.install).toEqual({
    cmds: [["gleam", "deps", "download"]],
    cwd: project.path("apps/web"),
    reads: ["gleam.toml", "manifest.toml"],
    makes: ["build/packages"],
  });
  const part = language?.project ?? { inputs: [], outputs: [] };
  const text = FILES["apps/web/gleam.toml"];
  const changed = writeManifestVersion(part, { name: "gleam.toml", text }, "1.1.0") ?? "";
  expect(changed).toBe(text.replace("1.0.0", "1.1.0"));
  expect(readManifestVersion(part, "gleam.toml", changed)).toBe("1.1.0");
  expect(part.imports?.scan('import lib/io\n// import gone\nlet x = "import no"\n')).toEqual([
    {
      specifier: "lib/io",
      span: { start: 7, end: 13 },
      target: { kind: "package", names: ["lib/io", "lib"] },
    },
  ]);
});

test("its dependencies are installed by setup, and doctor looks at them and at the versions that it asks for", async () => {
  await using project = await makeProject({
    ...FILES,
    "zr.toml": `${FILES["zr.toml"]}[setup]\nsteps = ["deps"]\n`,
    "libs/lib/.gleam-version": "1.9\n",
  });
  fakeTool(
    project,
    "gleam",
    'case $1 in --version) echo gleam 1.5.1;; *) echo "gleam $*" >> log; mkdir -p build/packages;; esac',
  );
  expect(statesOf(await setUp(project))).toEqual({ "deps apps/web": "done", "deps libs/lib": "done" });
  expect(project.read("apps/web/log")).toBe("gleam deps download\n");
  expect(statesOf(await setUp(project))).toEqual({
    "deps apps/web": "up-to-date",
    "deps libs/lib": "up-to-date",
  });
  const asked = await project.zr("doctor", "deps", "tools").expect({ stdout: anything });
  expect(asked.stdout).toContain("gleam deps download: as its files say");
  expect(asked.stdout).toMatch(
    /! gleam +warning +libs\/lib\/\.gleam-version asks for 1\.9; \S+gleam is 1\.5\.1/,
  );
  project.write("apps/web/manifest.toml", "changed = true\n");
  expect(statesOf(await setUp(project))["deps apps/web"]).toBe("done");
});

test("a watch takes over a changed file, and one that is new", async () => {
  await using project = await makeProject(FILES);
  const run = project.zr("watch", "lib:build");
  await waits(run, 1);
  project.put("languages/gleam.toml", GLEAM.replace("echo built", "echo made"));
  await waits(run, 2);
  project.put("libs/lib/gleam.toml", 'name = "lib"\nversion = "0.3.0"\n');
  await waits(run, 3);
  project.put("languages/more.toml", 'name = "more"\nmanifests = ["more.toml"]\ntasks = 1\n');
  await run.waitForOutput(/languages\/more\.toml/, "stderr");
  expect(reruns(run)).toEqual([
    "changed: languages/gleam.toml → lib:build",
    "changed: libs/lib/gleam.toml → lib:build",
  ]);
  expect(await run.waitForOutput(/^(?:.*\n){3,}/, "stdout")).toBe("built build\nmade build\nmade build\n");
  await end(run);
});

test.each([
  ["no TOML", "name =", "E10\\d"],
  ["an unknown key", 'name = "x"\nmanifests = ["x.toml"]\ncolour = 1\n', "colour"],
  ["no manifests", 'name = "x"\n', "manifests"],
  ["a path as a manifest", 'name = "x"\nmanifests = ["a/b.toml"]\n', "neither the name of a file"],
  ["a name that is taken", 'name = "node"\nmanifests = ["x.toml"]\n', "there is a language 'node' already"],
  [
    "a line without a place",
    'name = "x"\nmanifests = ["x"]\n[package]\nname = { line = "name" }\n',
    "needs one {}",
  ],
  [
    "keys of a file without any",
    'name = "x"\nmanifests = ["*.x"]\n[package]\nname = "name"\n',
    "give a `line`",
  ],
])("a file with %s is told of, with its path", async (_, text, said) => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nlanguages = ["languages/*.toml"]\n[tasks]\na = "true"\n',
    "languages/x.toml": text,
  });
  const { stderr } = await project.zr("validate").expect({ stdout: anything, stderr: anything, code: 3 });
  expect(stderr).toContain("languages/x.toml");
  expect(stderr).toMatch(new RegExp(said));
});

test("a glob that fits no file is told of where it stands", async () => {
  await using project = await makeProject({ "zr.toml": '[workspace]\nlanguages = ["none/*.toml"]\n' });
  const { stderr } = await project.zr("validate").expect({ stdout: anything, stderr: anything, code: 3 });
  expect(stderr).toContain("E376");
  expect(stderr).toContain("zr.toml:2");
});
