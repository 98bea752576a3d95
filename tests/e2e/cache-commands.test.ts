import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";

const quietly = { stdout: anything, stderr: anything } as const;

const TOML = `
  [cache]
  local_dir = "//.cache"
  [tasks.build]
  cmd = "mkdir -p dist; cat in > dist/out; chmod 755 dist/out"
  inputs = ["in"]
  outputs = ["dist/**"]
  cache = true
  [tasks.check]
  cmd = "echo checked"
  inputs = []
  cache = true
  [tasks.plain]
  cmd = "mkdir -p made; echo x > made/x"
  outputs = ["made/**"]
`;

const making = (): Promise<Project> => makeProject({ "zr.toml": TOML, in: "hello\n" });

interface Entry {
  readonly key: string;
  readonly task: string;
  readonly files: number;
  readonly bytes: number;
}

async function entries(project: Project, ...args: string[]): Promise<readonly Entry[]> {
  const { stdout } = await project.zr("cache", "ls", "--json", ...args).expect({ stdout: anything });
  return JSON.parse(stdout).entries;
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test("the entries of the cache are listed, got again and removed", async () => {
  await using project = await making();
  await project.zr("run", "build", "check").expect(quietly);
  const all = await entries(project);
  expect(all.map(({ task }) => task).toSorted()).toEqual(["build", "check"]);
  const [build] = await entries(project, "--task", "build");
  expect(build).toMatchObject({ task: "build", files: 1, bytes: 6 });
  const key = build?.key ?? "";
  await project.zr("cache", "ls", "--task", "build").expect({
    stdout: `${key.slice(0, 12)}  build  1 file, 6 B, used just now\n`,
  });
  await project.zr("cache", "get", key.slice(0, 8), "-o", "got").expect({ stdout: "got/dist/out\n" });
  expect(project.read("got/dist/out")).toBe("hello\n");
  expect(statSync(project.path("got/dist/out")).mode & 0o777).toBe(0o755);
  await project
    .zr("cache", "get", "zz")
    .expect({ code: 2, stderr: /E380.*no entry of the cache begins with 'zz'/s });
  await project.zr("cache", "clean", "--task", "check", "-n").expect({ stdout: /^would remove 1 entry, / });
  await project.zr("cache", "clean", "--task", "check").expect({ stdout: /^removed 1 entry, / });
  expect((await entries(project)).map(({ task }) => task)).toEqual(["build"]);
  await project.zr("cache", "clean").expect({ code: 2, stderr: /E184.*--older, --task or --all/s });
  await project.zr("cache", "clean", "--older", "1h").expect({ stdout: "removed 0 entries, 0 B\n" });
  await project.zr("cache", "clean", "--all").expect({ stdout: /^removed 1 entry, / });
  await project.zr("cache", "ls").expect({ stdout: "no entries\n" });
  expect(filesOf(project.path(".cache/cas"))).toEqual([]);
});

test("the beginning of a key has to be that of one entry", async () => {
  // One more than there are digits: two of the keys begin alike.
  const numbers = Array.from({ length: 17 }, (_, index) => `"${index}"`).join(", ");
  await using project = await makeProject({
    "zr.toml": `
      [cache]
      local_dir = "//.cache"
      [tasks.many]
      cmd = "true"
      matrix = { n = [${numbers}] }
      inputs = []
      cache = true
    `,
  });
  await project.zr("run", "many").expect(quietly);
  const starts = (await entries(project)).map(({ key }) => key.slice(0, 1));
  const twice = starts.find((start, index) => starts.indexOf(start) !== index) ?? "";
  const stderr = new RegExp(`E381.*'${twice}' could mean \\d+ entries`);
  await project.zr("cache", "get", twice).expect({ code: 2, stderr });
});

test("verify finds what is damaged and removes it; the task is then run again", async () => {
  await using project = await making();
  await project.zr("run", "build").expect(quietly);
  await project.zr("cache", "verify").expect({ stdout: /^1 entry, 1 file, .*: all as they should be\n$/ });
  const isOutput = (path: string): boolean => readFileSync(path, "utf8") === "hello\n";
  const blob = filesOf(project.path(".cache/cas")).find(isOutput) ?? "";
  writeFileSync(blob, "hellO\n");
  const name = blob.slice(-64);
  await project.zr("cache", "verify").expect({
    code: 1,
    stdout: /: 2 removed\n$/,
    stderr: new RegExp(
      `^zr: removed cas/${name}: its content has changed\nzr: removed ac/[0-9a-f]{64}: 1 of its contents is gone\n$`,
    ),
  });
  await project.zr("cache", "verify").expect({ stdout: /all as they should be/ });
  project.remove("dist");
  await project.zr("run", "build").expect(quietly);
  expect(project.read("dist/out")).toBe("hello\n");
});

test("damage is told with --verbose, and the task is run as if nothing were stored", async () => {
  await using project = await making();
  await project.zr("run", "build").expect(quietly);
  for (const path of filesOf(project.path(".cache/cas"))) writeFileSync(path, "damaged");
  project.remove("dist");
  await project
    .zr("run", "build", "-v")
    .expect({ stdout: anything, stderr: /a file of the cache was damaged/ });
  expect(project.read("dist/out")).toBe("hello\n");
});

test("prune keeps to the limits of the configuration", async () => {
  await using project = await making();
  await project.zr("run", "build", "check").expect(quietly);
  const [first = ""] = filesOf(project.path(".cache/ac"));
  utimesSync(first, 1_000_000, 1_000_000);
  await project.zr("cache", "prune").expect({ stdout: /^removed 1 entry, .*; 1 entry, .* left\n$/ });
});

test("status says where the cache is, what it holds and how often it helped", async () => {
  await using project = await making();
  await project.zr("run", "build").expect(quietly);
  await project.zr("run", "build").expect(quietly);
  await project.zr("cache").expect({
    stdout:
      /^folder   <root>\/.cache\nmode     read-write\nentries  1, in 1 file of .*\nlimits   10.0 GB, 30 days without use\nhits     1 of 2 \(50%\)\n$/,
  });
  const { stdout } = await project.zr("cache", "status", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout)).toMatchObject({ v: 1, entries: 1, blobs: 1, hits: 1, misses: 1 });
});

test("a folder that can't be used is told", async () => {
  await using project = await makeProject({ "zr.toml": '[cache]\nlocal_dir = "//zr.toml"\n' });
  await project.zr("cache", "ls").expect({ code: 2, stderr: /E382.*can't use the cache: / });
});

test("push and pull bring the entries of the current keys to a served cache and back, and run nothing", async () => {
  await using project = await making();
  const server = project.zr(
    "cache",
    "serve",
    "--listen",
    "127.0.0.1:0",
    "--dir",
    "served",
    "--token",
    "secret",
  );
  const url = await server.waitForOutput(/http:\/\/127\.0\.0\.1:\d+/, "stdout");
  await project.zr("cache", "push", "build").expect({ code: 2, stderr: /E385/ });
  project.write(
    "zr.toml",
    `${TOML}\n[cache.remote]\ntype = "http"\nurl = "${url}"\nauth = "bearer:$TOKEN"\n`,
  );
  const env = { TOKEN: "secret" };
  await project.zrWith({ env }, "cache", "push", "build").expect({ code: 1, stdout: /^build  would miss/ });
  await project.zrWith({ env }, "run", "build", "--cache", "local").expect(quietly);
  await project
    .zrWith({ env }, "cache", "push")
    .expect({ code: 1, stdout: /^build  sent\ncheck  would miss/ });
  rmSync(project.path(".cache"), { recursive: true });
  project.remove("dist");
  await project.zrWith({ env }, "cache", "pull", "build").expect({ stdout: "build  got\n" });
  await project.zrWith({ env }, "cache", "pull", "build").expect({ stdout: "build  is there already\n" });
  expect(project.exists("dist")).toBe(false);
  await project.zrWith({ env }, "cache").expect({ stdout: /remote {3}.*: reachable\n$/ });
  await project.zrWith({ env: { TOKEN: "wrong" } }, "cache").expect({ stdout: /remote {3}(?!.*reachable)/ });
  server.kill();
  expect(await server.exited).toBe(0);
});

test.each([
  [["--listen", "0.0.0.0:0"], /E384.*serving on 0.0.0.0:0 needs a token/],
  [["--listen", "nowhere"], /E386.*'nowhere' is no HOST:PORT/],
  [["--token", "$NOT_SET"], /E386.*'\$NOT_SET' is not set/],
  [["--max-size", "much"], /E386.*'much' is no size/],
  [["--tls-cert", "zr.toml"], /E386.*go together/],
  [["--tls-cert", "none", "--tls-key", "none"], /E383.*can't be read/],
])("a server that can't be as it is asked for is not started: %j", async (args, stderr) => {
  await using project = await making();
  await project.zr("cache", "serve", "--dir", "served", ...args).expect({ code: 2, stderr });
});

test("a word that is no command of the cache is told", async () => {
  await using project = await making();
  await project.zr("cache", "sttus").expect({ code: 2, stderr: /E185.*'sttus'.*status/s });
  await project.zr("cache", "ls", "more").expect({ code: 2, stderr: /E185/ });
  await project.zr("cache", "get").expect({ code: 2, stderr: /E184/ });
});

test("clean removes outputs, but nothing that git tracks and nothing else", async () => {
  await using project = await makeProject(
    { "zr.toml": TOML, ".gitignore": "made/x\n.cache\n", in: "hello\n", "made/source": "tracked\n" },
    { git: true },
  );
  await project.zr("run", "build", "plain").expect(quietly);
  await project.zr("clean", "-n").expect({
    stdout: "dist/out\nmade/x\nwould remove 2 files, 8 B\n",
    stderr: "zr: kept made/source: git tracks it\n",
  });
  await project.zr("clean", "build").expect({ stdout: "removed 1 file, 6 B\n" });
  expect([project.exists("dist"), project.exists("made/x")]).toEqual([false, true]);
  await project.zr("clean").expect({ stdout: "removed 1 file, 2 B\n", stderr: /kept made\/source/ });
  expect([project.exists("made/x"), project.exists("made/source"), project.exists("in")]).toEqual([
    false,
    true,
    true,
  ]);
});

test("clean --state removes what zr keeps, when somebody agrees", async () => {
  await using project = await making();
  await project.zr("run", "plain").expect(quietly);
  await project.zr("clean", "--state").expect({ code: 2, stderr: /--yes/ });
  expect(project.exists(".zr/history")).toBe(true);
  await project.zr("clean", "--state", "--yes").expect({ stdout: /^removed \.zr\/history\n/ });
  expect(readdirSync(project.path(".zr")).filter((name) => name !== "run" && name !== ".gitignore")).toEqual(
    [],
  );
  expect(project.exists("made/x")).toBe(true);
});

test.each([
  ["prune", "--max-size", ["1KB"]],
  ["prune", "--older", ["7d"]],
  ["verify", "--all", []],
  ["clean", "--out", ["x"]],
])("zr cache %s takes no option %s, which would not be heeded", async (action, option, values) => {
  await using project = await makeProject({ "zr.toml": '[tasks.a]\ncmd = "true"\ncache = true\n' });
  await project.zr("a").expect({});
  await project.zr("cache", action, option, ...values).expect({
    code: 2,
    stderr: new RegExp(`^error\\[E180\\]: unknown option '${option}' of 'zr cache ${action}'`),
  });
  await project.zr("cache", "ls").expect({ stdout: /a/ });
});
