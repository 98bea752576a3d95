import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { eventsOf } from "./events";

const quietly = { stdout: anything, stderr: anything } as const;

interface Manifest {
  readonly run: string;
  readonly instance: string;
  readonly state: string;
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

const listed = async (project: Project, ...args: readonly string[]): Promise<readonly Manifest[]> => {
  const { stdout } = await project.zr("artifacts", "list", "--json", ...args).expect({ stdout: anything });
  return JSON.parse(stdout).artifacts;
};

const pathsOf = (manifests: readonly Manifest[]): string[][] =>
  manifests.map(({ instance, files }) => [instance, ...files.map(({ path }) => path)]);

test("files that match are kept with the run, and got again as they were", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.build]
      cmd = "mkdir -p dist/deep; echo app > dist/app; chmod 755 dist/app; echo map > dist/deep/app.map; echo junk > dist/junk; echo other > other"
      artifacts = ["dist", "!dist/junk"]
    `,
  });
  const { stdout } = await project.zr("run", "build", "--events", "-").expect(quietly);
  const [{ run } = { run: "" }] = eventsOf(stdout);
  expect(eventsOf(stdout).find(({ type }) => type === "instance.artifacts")).toMatchObject({
    id: "build",
    files: 2,
    bytes: 8,
  });
  await project.zr("artifacts").expect({
    stdout: `${run}\n  build  ok, 2 files, 8 B\n    dist/app  4 B\n    dist/deep/app.map  4 B\n`,
  });
  project.remove("dist");
  await project
    .zr("artifacts", "get", "last", "-o", "out")
    .expect({ stdout: "out/dist/app\nout/dist/deep/app.map\n" });
  expect(project.read("out/dist/app")).toBe("app\n");
  expect(statSync(project.path("out/dist/app")).mode & 0o777).toBe(0o755);
  expect(project.read("out/dist/deep/app.map")).toBe("map\n");
});

test("artifacts are kept of tasks that fail or take too long, not of those that never started or were skipped", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [defaults.tasks]
      artifacts = { paths = ["*.log"], compress = false }
      [tasks.bad]
      cmd = "echo why > bad.log; exit 1"
      [tasks.slow]
      cmd = "echo slow > slow.log; sleep 60"
      timeout = "2s"
      [tasks.blocked]
      deps = ["bad"]
      cmd = "true"
      [tasks.skipped]
      cmd = "true"
      skip_if = "true"
    `,
  });
  await project.zr("run", "blocked", "slow", "skipped", "-k").expect({ code: 1, ...quietly });
  const kept = await listed(project);
  expect(kept.map(({ instance, state }) => [instance, state]).sort()).toEqual([
    ["bad", "failed"],
    ["slow", "timed_out"],
  ]);
});

test("a large file survives compression, whatever it holds", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.big]
      cmd = "true"
      artifacts = ["big.bin"]
    `,
  });
  const bytes = new Uint8Array(3 * 1024 * 1024 + 17);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 7 + (index >> 9)) % 251;
  writeFileSync(project.path("big.bin"), bytes);
  await project.zr("run", "big").expect(quietly);
  const [kept] = await listed(project);
  const stored = `${kept?.folder}/files/big.bin.zst`;
  expect(statSync(stored).size).toBeLessThan(bytes.length / 4);
  await project.zr("artifacts", "get", "last", "big", "-o", "out").expect({ stdout: "out/big.bin\n" });
  expect(Buffer.compare(readFileSync(project.path("out/big.bin")), bytes)).toBe(0);
});

test("links are followed inside the workspace and never out of it; a pattern that matches nothing is worth a note", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.links]
      cmd = "true"
      artifacts = ["dist", "none/*.zip", "../outside.txt"]
    `,
    "dist/real.txt": "real",
  });
  writeFileSync(`${project.folders.temp}/outside.txt`, "secret");
  mkdirSync(`${project.folders.temp}/folder`);
  writeFileSync(`${project.folders.temp}/folder/in.txt`, "secret");
  symlinkSync("real.txt", project.path("dist/inside.txt"));
  symlinkSync(`${project.folders.temp}/outside.txt`, project.path("dist/out.txt"));
  symlinkSync(`${project.folders.temp}/folder`, project.path("dist/folder"));
  symlinkSync("../dist", project.path("dist/circle"));
  await project.zr("run", "links").expect({
    stderr: `
      warning: artifacts of links: nothing matches none/*.zip
      warning: artifacts of links: ../outside.txt leads out of the workspace
      warning: artifacts of links: dist/out.txt leads out of the workspace
    `,
  });
  expect(pathsOf(await listed(project))).toEqual([["links", "dist/inside.txt", "dist/real.txt"]]);
  await project.zr("artifacts", "get", "last", "-o", "out").expect({ stdout: anything });
  expect(project.read("out/dist/inside.txt")).toBe("real");
});

test("each instance of a matrix and each package has its own; paths are those of the workspace", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [workspace]
      members = ["app"]
      [tasks.test]
      cmd = "mkdir -p \${matrix.os}; echo \${matrix.os} > \${matrix.os}/r.txt"
      matrix = { os = ["a", "b"] }
      artifacts = ["\${matrix.os}/*"]
    `,
    "app/zr.toml": `
      [tasks.test]
      cmd = "echo app > r.txt; echo root > ../root.txt"
      artifacts = ["r.txt", "//root.txt"]
    `,
  });
  await project.zr("run", "test", "app:test").expect(quietly);
  expect(pathsOf(await listed(project)).sort()).toEqual([
    ["app:test", "app/r.txt", "root.txt"],
    ["test[os=a]", "a/r.txt"],
    ["test[os=b]", "b/r.txt"],
  ]);
  expect(pathsOf(await listed(project, "--task", "app:test"))).toEqual([
    ["app:test", "app/r.txt", "root.txt"],
  ]);
  expect(pathsOf(await listed(project, "--task", "test[os=b]"))).toEqual([["test[os=b]", "b/r.txt"]]);
  await project
    .zr("artifacts", "get", "last", "app:test", "app", "-o", "one")
    .expect({ stdout: "one/app/r.txt\n" });
  await project.zr("artifacts", "get", "last", "-o", "all").expect({ stdout: anything });
  expect(readdirSync(project.path("all")).length).toBe(3);
});

test("of a task the artifacts of the last runs are kept, or those that are young enough", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.two]
      cmd = "date > two.txt"
      artifacts = { paths = ["two.txt"], keep = 2 }
      [tasks.young]
      cmd = "date > young.txt"
      artifacts = { paths = ["young.txt"], keep = "1h" }
    `,
  });
  const runs: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { stdout } = await project.zr("run", "two", "young", "--events", "-").expect(quietly);
    runs.push(eventsOf(stdout)[0]?.run ?? "");
  }
  expect((await listed(project, "--task", "two")).map(({ run }) => run)).toEqual(runs.slice(1));
  // The first run is made old.
  for (const kept of (await listed(project, "--task", "young")).slice(0, 1)) {
    const path = `${kept.folder}/manifest.json`;
    writeFileSync(path, readFileSync(path, "utf8").replace(/"wallMs": \d+/, '"wallMs": 1000'));
  }
  await project.zr("run", "young").expect(quietly);
  expect((await listed(project, "--task", "young")).map(({ run }) => run)).not.toContain(runs[0]);
  expect(existsSync(project.path(`.zr/artifacts/${runs[0]}`))).toBe(false);
});

test("a retried task keeps the files of its last attempt", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.flaky]
      cmd = "echo try >> tries; rm -f *.log; touch $(wc -l < tries | tr -d ' ').log; test $(wc -l < tries) -gt 1"
      retry = 1
      artifacts = ["*.log"]
    `,
  });
  await project.zr("run", "flaky").expect(quietly);
  expect(pathsOf(await listed(project))).toEqual([["flaky", "2.log"]]);
});

const KEPT = {
  "zr.toml": `
    [tasks.a]
    cmd = "echo a > a.txt"
    artifacts = ["a.txt"]
    [tasks.b]
    cmd = "echo b > b.txt"
    artifacts = ["b.txt"]
  `,
};

test("a run is named by its beginning as long as that is the beginning of one alone", async () => {
  await using project = await makeProject(KEPT);
  const runs: string[] = [];
  for (const task of ["a", "b"]) {
    const { stdout } = await project.zr("run", task, "--events", "-").expect(quietly);
    runs.push(eventsOf(stdout)[0]?.run ?? "");
  }
  const [first = "", second = ""] = runs;
  let shared = 0;
  while (first[shared] === second[shared]) shared += 1;
  await project
    .zr("artifacts", "get", first.slice(0, shared + 1), "-o", "one")
    .expect({ stdout: "one/a.txt\n" });
  await project
    .zr("artifacts", "get", first.slice(0, 4))
    .expect({ code: 2, stderr: /E196.*could mean 2 runs/ });
  await project.zr("artifacts", "get", "last").expect({ stdout: `artifacts-${second}/b.txt\n` });
});

test("what is not kept is said, with what may be meant; so are wrong words", async () => {
  await using project = await makeProject(KEPT);
  await project.zr("artifacts").expect({ stdout: "no artifacts\n" });
  await project
    .zr("artifacts", "get", "last")
    .expect({ code: 2, stderr: "error[E195]: nothing is kept of the last run\n" });
  await project.zr("run", "a").expect(quietly);
  for (const words of [["list", "--run"], ["clean", "--run"], ["get"]])
    await project
      .zr("artifacts", ...words, "nope")
      .expect({ code: 2, stderr: /nothing is kept of run nope\n {2}= did you mean '\d{8}-\d{6}-\w+'\?\n/ });
  await project.zr("artifacts", "get", "last", "aa").expect({
    code: 2,
    stderr: "error[E195]: nothing is kept of task 'aa'\n  = did you mean 'a'?\n",
  });
  await project
    .zr("artifacts", "get", "last", "a", "x/*")
    .expect({ code: 2, stderr: /nothing is kept of x\/\* in run / });
  await project.zr("artifacts", "get").expect({ code: 2, stderr: /E184.*a run, or 'last'/ });
  await project.zr("artifacts", "gte", "last").expect({ code: 2, stderr: /E185[^]*did you mean 'get'/ });
  await project
    .zr("artifacts", "clean")
    .expect({ code: 2, stderr: /E184.*--older-than, --task, --run or --all/ });
  await project.zr("artifacts", "clean", "--older-than", "yesterday").expect({ code: 2, stderr: /E183/ });
});

test("files that are there are left alone unless --force", async () => {
  await using project = await makeProject(KEPT);
  await project.zr("run", "a").expect(quietly);
  project.write("out/a.txt", "mine");
  await project.zr("artifacts", "get", "last", "-o", "out").expect({
    code: 1,
    stderr: "zr: out/a.txt: a file of this name is there; --force replaces it\n",
  });
  expect(project.read("out/a.txt")).toBe("mine");
  await project.zr("artifacts", "get", "last", "-o", "out", "--force").expect({ stdout: "out/a.txt\n" });
  expect(project.read("out/a.txt")).toBe("a\n");
});

test("clean removes what is meant and nothing else", async () => {
  await using project = await makeProject(KEPT);
  await project.zr("run", "a", "b").expect(quietly);
  await project.zr("artifacts", "clean", "--older-than", "1h").expect({ stdout: "removed 0 files, 0 B\n" });
  await project
    .zr("artifacts", "clean", "--task", "a", "--dry-run")
    .expect({ stdout: "would remove 1 file, 2 B\n" });
  await project.zr("artifacts", "clean", "--task", "a").expect({ stdout: "removed 1 file, 2 B\n" });
  expect(pathsOf(await listed(project))).toEqual([["b", "b.txt"]]);
  await project.zr("artifacts", "clean", "--all").expect({ stdout: "removed 1 file, 2 B\n" });
  expect(readdirSync(project.path(".zr/artifacts"))).toEqual([]);
});

test("a manifest that somebody has changed leads nowhere else", async () => {
  await using project = await makeProject(KEPT);
  await project.zr("run", "a").expect(quietly);
  const [kept] = await listed(project);
  const path = `${kept?.folder}/manifest.json`;
  const text = readFileSync(path, "utf8");
  for (const hostile of ["../../x", "/etc/passwd", "a/../../../x", "", "a//b", ".", "C:/x"]) {
    writeFileSync(path, text.replace('"a.txt"', JSON.stringify(hostile)));
    expect(await listed(project)).toEqual([]);
  }
  writeFileSync(path, text);
  // The content replaced by a link to somewhere else.
  const content = `${kept?.folder}/files/a.txt.zst`;
  Bun.spawnSync(["ln", "-sf", "/etc/hostname", content]);
  await project
    .zr("artifacts", "get", "last", "-o", "out")
    .expect({ code: 1, stderr: /its content is gone/ });
  for (const nonsense of ["", "{", "[]", "null", '{"v":2}']) {
    writeFileSync(path, nonsense);
    expect(await listed(project)).toEqual([]);
  }
});

test("what can't be kept is a warning, and the task has done its work", async () => {
  await using project = await makeProject(KEPT);
  project.write(".zr/artifacts", "a file where a folder should be");
  await project.zr("run", "a").expect({ stderr: /warning: artifacts of a: can't be kept: / });
});

test("a file that can't be read is left out with a warning", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "true"
      artifacts = ["*.txt"]
    `,
    "good.txt": "good",
  });
  symlinkSync("nowhere", project.path("broken.txt"));
  await project.zr("run", "a").expect({ stderr: "warning: artifacts of a: broken.txt can't be read\n" });
  expect(pathsOf(await listed(project))).toEqual([["a", "good.txt"]]);
  chmodSync(project.path("good.txt"), 0o600);
});

test("a file whose name holds what is special in globs is got by its name", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.build]
      cmd = "mkdir -p 'out/[id]'; echo page > 'out/[id]/page{1}.html'; echo i > out/i; echo o > out/-o"
      artifacts = ["out"]
    `,
  });
  await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
  const got = (...words: string[]) => project.zr("artifacts", "get", "last", "build", "-o=got", ...words);
  await got("out/[id]/page{1}.html").expect({ stdout: "got/out/[id]/page{1}.html\n" });
  await got("out/[id]", "--force").expect({ stdout: "got/out/[id]/page{1}.html\n" });
  await got("--", "out/-o").expect({ stdout: "got/out/-o\n" });
});
