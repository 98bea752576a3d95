import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { Sandbox } from "#engine/exec/sandbox";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { testUnless } from "#tests/support/left-out";

const tried = Bun.spawnSync(["unshare", "--user", "--map-root-user", "--mount", "--net", "true"], {
  stdout: "ignore",
  stderr: "ignore",
});
const noNamespaces = tried.success ? undefined : "no namespaces for users here";
const inLinux = testUnless(noNamespaces);

const FILES = { "src/a.txt": "a\n", "other/b.txt": "b\n", "package.txt": "p\n" };

inLinux(`a task in a sandbox finds its inputs and nothing else of the workspace`, async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.good]
      cmd = "cat src/a.txt; find . -type f -not -path './.zr/*'; pwd"
      inputs = ["src/**"]
      sandbox = "inputs"

      [tasks.bad]
      cmd = "cat src/a.txt other/b.txt"
      inputs = ["src/**"]
      sandbox = "inputs"
    `,
    ...FILES,
  });
  const { stdout } = await project.zr("run", "good").expect({ stdout: anything });
  expect(stdout).toBe(`a\n./src/a.txt\n${project.root}\n`);
  await project.zr("run", "bad").expect({
    code: 1,
    stdout: "a\n",
    stderr: /other\/b\.txt: No such file or directory/,
  });
});

inLinux(`outputs come out of a sandbox, in the place of older ones, and nothing else does`, async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.build]
      cmd = "mkdir -p dist/deep; cat src/a.txt > dist/deep/a; ln -s deep/a dist/link; echo x > src/a.txt; echo junk > junk"
      inputs = ["src/**"]
      outputs = ["dist/**"]
      cache = true
      sandbox = "inputs"
    `,
    ...FILES,
    "dist/old": "old\n",
  });
  await project.zr("run", "build").expect({});
  expect(project.read("dist/deep/a")).toBe("a\n");
  expect(project.read("dist/link")).toBe("a\n");
  expect(project.read("src/a.txt")).toBe("a\n");
  expect([project.exists("junk"), project.exists("dist/old")]).toEqual([false, false]);
  project.remove("dist");
  await project.zr("run", "build").expect({ stderr: /cached/ });
  expect(project.read("dist/deep/a")).toBe("a\n");
});

inLinux(`a task in a sandbox finds what the tasks that it needs have made`, async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.first]
      cmd = "mkdir -p gen; cat src/a.txt > gen/one"
      inputs = ["src/**"]
      outputs = ["gen/**"]
      sandbox = "inputs"

      [tasks.both]
      deps = ["first"]

      [tasks.second]
      cmd = "cat gen/one"
      deps = ["both"]
      inputs = ["package.txt"]
      sandbox = "inputs"
    `,
    ...FILES,
  });
  await project.zr("run", "second", "--raw").expect({ stdout: "a\n", stderr: anything });
});

inLinux(`a task without network reaches nobody, and one without writes leaves nothing`, async () => {
  using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("hello\n") });
  const ask = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${server.port} && echo reached'`;
  await using project = await makeProject({
    "zr.toml": `
      [tasks.open]
      cmd = ${JSON.stringify(ask)}
      sandbox = { net = true }

      [tasks.closed]
      cmd = ${JSON.stringify(ask)}
      sandbox = { net = false }

      [tasks.writes]
      cmd = "touch out/a; touch $TMPDIR/x && echo temporary; touch src/new; touch $HOME/x; touch ../outside; test -e out/a"
      outputs = ["out/**"]
      inputs = ["src/**"]
      sandbox = { write = "outputs" }
    `,
    ...FILES,
  });
  await project.zr("run", "open").expect({ stdout: "reached\n" });
  await project.zr("run", "closed").expect({ code: 1, stderr: anything });
  const { stderr } = await project.zr("run", "writes").expect({ stdout: "temporary\n", stderr: anything });
  for (const path of ["src/new", "/x", "../outside"])
    expect(stderr).toMatch(new RegExp(`${path.replaceAll("/", "\\/")}'?: Read-only file system`));
  expect(project.exists("out/a")).toBe(true);
});

for (const sandbox of ['"inputs"', '{ write = "outputs" }'])
  inLinux(
    `an output may be a file of any name and place, and a folder, with sandbox = ${sandbox}`,
    async () => {
      await using project = await makeProject({
        "zr.toml": `
        [tasks.files]
        cmd = "echo app > app; echo tool > bin/tool; echo report > report.txt; echo log > one.log; mkdir dist; echo d > dist/d"
        inputs = ["src/**"]
        outputs = ["app", "bin/tool", "report.txt", "*.log", "dist"]
        sandbox = ${sandbox}
      `,
        ...FILES,
        app: "old\n",
        "old.log": "old\n",
      });
      await project.zr("run", "files").expect({});
      const made = ["app", "bin/tool", "report.txt", "one.log", "dist/d"].map((path) => project.read(path));
      expect(made.join("")).toBe("app\ntool\nreport\nlog\nd\n");
      expect(project.exists("old.log")).toBe(false);
    },
  );

inLinux(`reports of a task that failed in a sandbox come out of it`, async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.test]
      cmd = "echo broken > report.txt; exit 3"
      inputs = ["src/**"]
      outputs = ["report.txt"]
      sandbox = "inputs"
    `,
    ...FILES,
  });
  await project.zr("run", "test").expect({ code: 3, stderr: anything });
  expect(project.read("report.txt")).toBe("broken\n");
  expect(project.exists(".zr/run")).toBe(true);
});

inLinux(`a sandbox is taken down when its task is stopped`, async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.long]
      cmd = "echo up; exec sleep 1000"
      sandbox = { net = false, write = "outputs" }
    `,
    ...FILES,
  });
  const run = project.zr("run", "long");
  await run.waitForOutput("up");
  run.kill("SIGINT");
  await run.exited;
  const mounts = await Bun.file("/proc/self/mountinfo").text();
  expect(mounts).not.toContain(project.root);
});

test("a sandbox that can't be made is a failure that says so, and the task is not run without one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "touch ran"
      sandbox = "inputs"
    `,
    "bin/unshare": "#!/bin/sh\necho unshare: Operation not permitted >&2\nexit 1\n",
  });
  Bun.spawnSync(["chmod", "+x", project.path("bin/unshare")]);
  await project
    .zrWith({ env: { PATH: `${project.path("bin")}:${process.env["PATH"] ?? ""}` } }, "run", "a")
    .expect({ code: 1, stderr: /Operation not permitted[\s\S]*the sandbox can't be made/ });
  expect(project.exists("ran")).toBe(false);
});

inLinux(`what is mounted for a task can't be mounted otherwise by it, nor taken away`, async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = 'mount -o remount,bind,rw /; umount -l "$ZR_ROOT"; cd /; cat "$ZR_ROOT/other/b.txt"; touch "$ZR_ROOT/../outside"'
      inputs = ["src/**"]
      outputs = ["out/**"]
      sandbox = { write = "outputs" }
    `,
    ...FILES,
  });
  const { stderr } = await project.zr("run", "a").expect({ code: 1, stderr: anything });
  expect(stderr).toContain("other/b.txt: No such file or directory");
  expect(stderr).toContain("Read-only file system");
  expect(project.exists("../outside")).toBe(false);
});

inLinux(`a workspace that is the root of the file system is left as it is`, async () => {
  const context = { plan: { root: "/" } };
  // Nothing else of the run is looked at.
  const made = await Sandbox.make({ instance: {}, rule: {}, context } as never, () => {
    throw new Error("files are looked for");
  });
  expect(made).toEqual({
    ok: false,
    error: { kind: "sandbox", message: "the workspace is the root of the file system" },
  });
});

const MEMORY = "/dev/shm";
const otherSystem = statSync(MEMORY, { throwIfNoEntry: false })?.dev;
const isOther = otherSystem !== undefined && otherSystem !== statSync(tmpdir()).dev;
const noOther = isOther ? undefined : "no other file system here";

testUnless(noNamespaces ?? noOther)(`outputs come out of a sandbox on another file system`, async () => {
  const other = mkdtempSync(`${MEMORY}/zr-sandbox-`);
  try {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.build]
        cmd = "mkdir -p dist/empty; cat src/a.txt > dist/a; chmod +x dist/a; ln -s a dist/link"
        inputs = ["src/**"]
        outputs = ["dist/**"]
        sandbox = "inputs"
      `,
      ...FILES,
      "dist/a/old": "old\n",
    });
    symlinkSync(other, project.path(".zr"));
    await project.zr("run", "build").expect({ stderr: anything });
    expect(project.read("dist/link")).toBe("a\n");
    expect(statSync(project.path("dist/a")).mode & 0o111).not.toBe(0);
    expect(project.exists("dist/empty")).toBe(true);
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});
