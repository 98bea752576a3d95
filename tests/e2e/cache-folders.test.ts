import { mkdirSync } from "node:fs";
import { expect, test } from "bun:test";
import { testUnless, withoutMounts } from "#tests/support/left-out";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const CONFIG = `
  [tasks.pages]
  cmd = "mkdir -p x/deep; cat src/a > x/deep/a.txt; cat src/a > b.txt"
  cache = true
  inputs = ["src/**"]
  outputs = ["{x,y}/**/*.txt", "*.txt"]
`;

/** The search for such outputs begins in the package itself. */
async function built(): Promise<Project> {
  const project = await makeProject(
    { "zr.toml": CONFIG, "src/a": "one\n", ".gitignore": "*.txt\n" },
    { git: true },
  );
  for (const folder of ["uploads/incoming", "src/drafts", "x/mine"])
    mkdirSync(project.path(folder), { recursive: true });
  await project.zr("run", "pages").expect({ stderr: /^/ });
  return project;
}

const expectOwnFolders = (project: Project): void => {
  for (const folder of ["uploads/incoming", "src/drafts", "x/mine"])
    expect([folder, project.exists(folder)]).toEqual([folder, true]);
};

test("a result that is put back leaves empty folders alone that are no outputs", async () => {
  await using project = await built();
  project.remove("b.txt");
  project.write("x/deep/other/stale.txt", "stale");
  await project.zr("run", "pages").expect({ stderr: /cached/ });
  expect(project.read("b.txt")).toBe("one\n");
  expect(project.exists("x/deep/other")).toBe(false);
  expectOwnFolders(project);
});

test("a folder in the place of an output makes room for it, with the stale outputs in it", async () => {
  await using project = await built();
  project.remove("x/deep/a.txt");
  project.write("x/deep/a.txt/b/c.txt", "stale");
  project.remove("b.txt");
  mkdirSync(project.path("b.txt"));
  await project.zr("run", "pages").expect({ stderr: /cached/ });
  expect([project.read("x/deep/a.txt"), project.read("b.txt")]).toEqual(["one\n", "one\n"]);
});

test("zr clean removes the folders that outputs were in, but no other empty ones", async () => {
  await using project = await built();
  await project.zr("clean").expect({ stderr: /^/, stdout: /^/ });
  expect([project.exists("b.txt"), project.exists("x/deep")]).toEqual([false, false]);
  expectOwnFolders(project);
});

/** Task `build` of package `a`, and its outputs next to those of `b`. */
const pair = (ours: string, theirs: string): Promise<Project> =>
  makeProject({
    "zr.toml": '[workspace]\nmembers = ["a", "b"]\n',
    "a/zr.toml": `[tasks.build]\ncmd = "true"\ncache = true\ninputs = []\n${ours}\n`,
    "b/zr.toml": `[tasks.build]\ncmd = "true"\ncache = true\ninputs = []\n${theirs}\n`,
  });

test.each([
  ["a folder of the workspace", 'outputs = ["//dist/**"]', 'outputs = ["//dist/b/*.js"]'],
  ["the same files", 'outputs = ["//dist/*.js"]', 'outputs = ["//dist/b*"]'],
  ["a folder of the other package", 'outputs = ["//b/dist/**"]', 'outputs = ["dist/app.js"]'],
])("tasks of two packages can't both write to %s", async (_where, ours, theirs) => {
  await using project = await pair(ours, theirs);
  await project.zr("run", "a:build").expect({
    code: 3,
    stderr: /^error\[E311\]: outputs of task 'a:build' and of task 'b:build' overlap/,
  });
  // Of both together it is told once.
  for (const words of [["validate"], ["run", "build"]])
    await project.zr(...words).expect({ code: 3, stdout: /^/, stderr: /^(?!(?:[^]*E311){2})[^]*E311/ });
});

test.each([
  ["folders of their own", 'outputs = ["//dist/a/**"]', 'outputs = ["//dist/b/**"]'],
  [
    "folders by the name of the package",
    'outputs = ["//dist/${package.name}/**"]',
    'outputs = ["//dist/${package.name}/**"]',
  ],
  ["what one of them allows", 'outputs = ["//dist/**"]', 'outputs = ["//dist/b"]\nallow_overlap = true'],
])("tasks of two packages may write to the workspace: %s", async (_what, ours, theirs) => {
  await using project = await pair(ours, theirs);
  await project.zr("run", "build").expect({ stdout: /^/, stderr: /2 ok/ });
});

test("what a killed restoring has left beside an output that is named is no input, and goes with the next one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.page]
      cmd = "echo page > site.html"
      cache = true
      outputs = ["site.html"]
    `,
  });
  await project.zr("run", "page").expect({});
  const left = `.zr-${Bun.spawnSync(["true"]).pid}-1.tmp`;
  project.write(left, "half");
  await project.zr("run", "page").expect({ stderr: /cached/ });
  project.remove("site.html");
  await project.zr("run", "page").expect({ stderr: /cached/ });
  expect([project.exists("site.html"), project.exists(left)]).toEqual([true, false]);
});

test("a result stays stored that can't be put back since something that is no output is in its way", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.page]
      cmd = "mkdir -p dist && echo page > dist/a.html"
      cache = true
      inputs = []
      outputs = ["dist/a.html"]
    `,
  });
  await project.zr("page").expect({});
  project.remove("dist");
  project.write("dist", "a file");
  await project.zr("page").expect({ code: 1, stderr: /page failed/, stdout: /^/ });
  expect(project.read("dist")).toBe("a file");
  project.remove("dist");
  await project.zr("page").expect({ stderr: /page cached/ });
  expect(project.read("dist/a.html")).toBe("page\n");
});

testUnless(withoutMounts())("where the cache's disk is full, one warning says so for all tasks", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [cache]
      local_dir = "store"
      [tasks.make]
      cmd = "head -c 80000 /dev/urandom > made-\${matrix.n}"
      cache = true
      inputs = []
      outputs = ["made-\${matrix.n}"]
      matrix = { n = ["1", "2", "3"] }
    `,
  });
  const store = project.path("store");
  mkdirSync(store);
  expect(Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", store]).exitCode).toBe(0);
  try {
    const run = project.zr("make", "--jobs", "1");
    await run.exited;
    expect(run.stderr().match(/^warning: .*$/gm)).toEqual([
      "warning: the result of make[n=1] is not stored: ENOSPC: no space left on device, write",
    ]);
    expect(["1", "2", "3"].filter((n) => project.exists(`made-${n}`))).toEqual(["1", "2", "3"]);
  } finally {
    Bun.spawnSync(["umount", store]);
  }
});
