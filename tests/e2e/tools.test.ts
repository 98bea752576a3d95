import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "#tests/support/deadline";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { tarGz } from "#tests/support/tar-bytes";
import { archivePath, nodeEntries, sha256, ToolSite } from "#tests/support/tool-site";

const OLD = "18.20.4";
const MIDDLE = "20.11.1";
const NEW = "22.3.0";
const TASK = '[tasks.v]\ncmd = "node --version"\n';
const CONFIG = `[tools]\nnode = "20"\n${TASK}`;

let site: ToolSite;
let project: Project;

beforeEach(async () => {
  site = new ToolSite();
  site.publish(OLD, { lts: "Hydrogen" });
  site.publish(MIDDLE, { lts: "Iron" });
  site.publish(NEW);
  project = await makeProject({ "zr.toml": CONFIG }, { env: site.variables });
});

afterEach(async () => {
  site[Symbol.dispose]();
  await project[Symbol.asyncDispose]();
});

const installed = (): readonly string[] => {
  const folder = join(project.folders.data, "zr", "tools", "node");
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
};

const install = (...words: readonly string[]): Promise<unknown> =>
  project.zr("tools", "install", ...words).expect({ stderr: anything });

describe("a version request", () => {
  test.each([
    ["20", MIDDLE],
    ["20.11", MIDDLE],
    ["20.11.1", MIDDLE],
    ["v20.11.1", MIDDLE],
    ["latest", NEW],
    ["lts", MIDDLE],
    [">=18 <20", OLD],
    ["^18.1 || ^20", MIDDLE],
  ])("%s means %s", async (request, version) => {
    project.write("zr.toml", `[tools]\nnode = "${request}"\n${TASK}`);
    await install();
    await project.zr("run", "v").expect({ stdout: `v${version}\n` });
    expect(installed()).toEqual([version]);
  });

  test("system means whatever the system has", async () => {
    project.write("zr.toml", `[tools]\nnode = "system"\n${TASK}`);
    const node = project.tool("node");
    const run = project.zr("run", "v");
    (await node.started()).exit(0);
    await run.expect();
    expect(site.asked).toEqual([]);
  });
});

test("the lock pins version, address and digest, and an install by it asks the site for nothing but the archive", async () => {
  await install();
  const bytes = tarGz(nodeEntries(MIDDLE));
  expect(project.read("zr.lock")).toBe(
    [
      "# Written by zr. It pins what [tools] asks for; commit it.",
      "version = 1",
      "",
      "[[tools]]",
      'tool = "node"',
      'request = "20"',
      `version = "${MIDDLE}"`,
      `archives.linux-x64 = { url = "https://nodejs.org/dist${archivePath(MIDDLE)}", sha256 = "${sha256(bytes)}" }`,
      "",
    ].join("\n"),
  );
  await project.zr("tools", "uninstall", "node@20").expect({ stdout: `removed node ${MIDDLE}\n` });
  site.publish("20.99.0");
  site.asked.length = 0;
  await install("--locked");
  expect(site.asked).toEqual([archivePath(MIDDLE)]);
});

test("with --locked a tool that the lock does not pin is an error, and nothing is installed", async () => {
  await install();
  project.write("zr.toml", CONFIG.replace('"20"', '"22"'));
  await project
    .zr("tools", "install", "--locked")
    .expect({ code: 1, stderr: /^error\[E420\]: zr\.lock does not pin node '22'\n/ });
  expect(installed()).toEqual([MIDDLE]);
});

test("entries that nothing asks for any more leave the lock at the next install", async () => {
  await install();
  project.write("zr.toml", CONFIG.replace('"20"', '"22"'));
  await install();
  expect(project.read("zr.lock")).not.toContain(MIDDLE);
  expect(project.read("zr.lock")).toContain(NEW);
});

describe("a tool that is not installed", () => {
  test("is an error where nobody can be asked", async () => {
    await project
      .zr("run", "v")
      .expect({ code: 1, stderr: /^error\[E414\]: node 20 is not installed; zr tools install does that\n/ });
    expect(site.asked).toEqual([]);
  });

  test("is installed with --yes, and the task runs with it", async () => {
    await project.zr("run", "v", "--yes").expect({ stdout: `v${MIDDLE}\n`, stderr: anything });
  });

  test("is installed where auto_install says so, also in CI", async () => {
    project.write("zr.toml", `[global]\nauto_install = true\n${CONFIG}`);
    await project
      .zrWith({ env: { CI: "true" } }, "run", "v")
      .expect({ stdout: `v${MIDDLE}\n`, stderr: anything });
  });

  test("is asked about on a terminal", async () => {
    const terminal = await project.terminal({}, "run", "v");
    await terminal.waitForScreen(/Install node 20\? \[y\/N\]/);
    terminal.type("y\r");
    await terminal.waitForScreen(`v${MIDDLE}`);
    expect((await terminal.exited).code).toBe(0);
  });

  test("is not installed where auto_install is false, terminal or not", async () => {
    project.write("zr.toml", `[global]\nauto_install = false\n${CONFIG}`);
    const terminal = await project.terminal({}, "run", "v");
    expect((await terminal.exited).code).toBe(1);
    expect(installed()).toEqual([]);
  });

  test("of a package of which nothing is run is not missed", async () => {
    project.write("zr.toml", '[workspace]\nmembers = ["a", "b"]\n');
    project.write("a/zr.toml", `[tools]\nnode = "20"\n${TASK}`);
    project.write("b/zr.toml", '[tasks.x]\ncmd = "true"\n');
    await project.zr("run", "b:x").expect({ stderr: anything });
  });
});

test("a package's version goes over the workspace's, and a task's over both", async () => {
  project.write("zr.toml", `[workspace]\nmembers = ["a", "b"]\n${CONFIG}`);
  project.write(
    "a/zr.toml",
    `[tools]\nnode = "18"\n${TASK}[tasks.new]\ncmd = "node --version"\ntools = { node = "22" }\n`,
  );
  project.write("b/zr.toml", TASK);
  await install();
  expect(installed()).toEqual([OLD, MIDDLE, NEW]);
  await project.zr("run", "a:v").expect({ stdout: `v${OLD}\n` });
  await project.zr("run", "a:new").expect({ stdout: `v${NEW}\n` });
  await project.zr("run", "b:v").expect({ stdout: `v${MIDDLE}\n` });
  await project.zrWith({ cwd: "a" }, "exec", "--", "node").expect({ stdout: `v${OLD}\n` });
});

test("a tool for other systems only is neither installed nor missed", async () => {
  project.write(
    "zr.toml",
    '[tools]\nnode = { version = "20", os = ["darwin", "windows"] }\n[tasks.a]\ncmd = "true"\n',
  );
  await project.zr("tools", "install").expect();
  await project.zr("run", "a").expect({ stderr: anything });
  expect(site.asked).toEqual([]);
});

test("a mirror in the configuration stands for the publisher's site, and the variable goes over it", async () => {
  project.write("zr.toml", `[tools]\nnode = { version = "20", mirror = "${site.url}/" }\n${TASK}`);
  await project
    .zrWith({ env: { ZR_MIRROR_NODE: undefined } }, "tools", "install")
    .expect({ stderr: anything });
  expect(project.read("zr.lock")).toContain("https://nodejs.org/dist/");
  project.write("zr.toml", `[tools]\nnode = { version = "22", mirror = "http://127.0.0.1:1" }\n${TASK}`);
  await install();
});

test("the tool's folders stand before everything on PATH, below what [env] says", async () => {
  project.write(
    "zr.toml",
    `[tools]\nnode = "20"\n[env]\nPATH = "/mine:$PATH"\n[tasks.p]\ncmd = "echo $PATH"\n`,
  );
  await install();
  const { stdout } = await project.zr("run", "p").expect({ stdout: anything });
  const folder = join(project.folders.data, "zr", "tools", "node", MIDDLE, "bin");
  expect(stdout.split(":").slice(0, 2)).toEqual(["/mine", folder]);
  await project
    .zr("env", "--resolve", "PATH")
    .expect({ stdout: /\[tools\] +<data>\/zr\/tools\/node\/20\.11\.1\/bin:/ });
});

test("a tool's version is part of the key of a cached task, the place it is installed in is not", async () => {
  project.write(
    "zr.toml",
    '[tools]\nnode = "20"\n[tasks.c]\ncmd = "node --version > out"\ncache = true\ninputs = []\noutputs = ["out"]\n',
  );
  await install();
  await project.zr("run", "c").expect({ stdout: anything, stderr: anything });
  project.write("zr.toml", project.read("zr.toml").replace('"20"', '"22"'));
  await install();
  await project.zr("run", "c").expect({ stdout: anything, stderr: anything });
  expect(project.read("out")).toBe(`v${NEW}\n`);
  project.write("zr.toml", project.read("zr.toml").replace('"22"', '"20.11.1"'));
  const other = join(project.folders.temp, "other-data");
  await project.zrWith({ env: { XDG_DATA_HOME: other } }, "tools", "install").expect({ stderr: anything });
  const run = await project.zrWith({ env: { XDG_DATA_HOME: other } }, "run", "c").result();
  expect(`${run.stdout}${run.stderr}`).toMatch(/cache/);
  expect(project.read("out")).toBe(`v${MIDDLE}\n`);
});

test("eight processes that install the same tools at once download each once, and all succeed", async () => {
  project.write(
    "zr.toml",
    `[tools]\nnode = "20"\n[tasks.v]\ncmd = "node --version"\ntools = { node = "22" }\n`,
  );
  const runs = Array.from({ length: 8 }, () => project.zr("run", "v", "--yes"));
  for (const run of runs) await run.expect({ stdout: `v${NEW}\n`, stderr: anything });
  const archives = site.asked.filter((path) => path.endsWith(".tar.gz"));
  expect(archives.toSorted()).toEqual([archivePath(MIDDLE), archivePath(NEW)]);
  expect(installed()).toEqual([MIDDLE, NEW]);
});

test("what a killed install has left is cleared away by the next one", async () => {
  const place = join(project.folders.data, "zr", "tools", "node");
  mkdirSync(join(place, `.new-${MIDDLE},99999`), { recursive: true });
  mkdirSync(join(place, MIDDLE, "bin"), { recursive: true });
  writeFileSync(join(place, MIDDLE, "bin", "node"), "half");
  await install();
  expect(installed()).toEqual([MIDDLE]);
  await project.zr("run", "v").expect({ stdout: `v${MIDDLE}\n` });
});

test("zr validate says which tools and versions are none, without asking anybody", async () => {
  project.write(
    "zr.toml",
    '[tools]\nnode = "twenty"\nnoed = "1"\n"nmp:x" = "1"\n[tasks.a]\ncmd = "true"\ntools = { go = "one" }\n',
  );
  const { stderr } = await project.zr("validate").expect({ code: 3, stdout: anything, stderr: anything });
  expect(stderr.match(/error\[E41.\]: [^\n]*/g)).toEqual([
    "error[E411]: 'twenty' is no version of node that could be asked for",
    "error[E410]: there is no tool 'noed'",
    "error[E410]: there is no tool 'nmp:x'",
    "error[E411]: 'one' is no version of go that could be asked for",
  ]);
  expect(site.asked).toEqual([]);
});

test("Ctrl-C while a tool is on its way ends it, and leaves nothing behind", async () => {
  site.answer(
    archivePath(MIDDLE),
    () => new Response(new ReadableStream({ pull: () => new Promise<void>(() => undefined) })),
  );
  const run = project.zrWith({ env: { ZR_DOWNLOAD_TIMEOUT: "1m" } }, "tools", "install");
  await until(
    () => site.asked.includes(archivePath(MIDDLE)),
    "the archive to be asked for",
    () => project.transcript(),
  );
  run.kill("SIGINT");
  await run.expect({ code: 130, stderr: anything });
  expect(installed()).toEqual([]);
});

test("Ctrl-C while a registry's client is at work ends that too", async () => {
  const cargo = project.tool("cargo");
  project.write("zr.toml", '[tools]\n"cargo:thing" = "1"\n[tasks.t]\ncmd = "true"\n');
  const run = project.zr("tools", "install");
  await cargo.started();
  run.kill("SIGINT");
  await run.expect({ code: 130, stderr: anything });
  expect(project.processes()).toEqual([]);
  const task = project.zr("run", "t", "--yes");
  await cargo.started();
  task.kill("SIGINT");
  await task.expect({
    code: 130,
    stderr: /^error\[E426\]: the installation of cargo:thing 1 was interrupted\n/m,
  });
  expect(project.processes()).toEqual([]);
});

test("a task of a workflow runs with its own tools", async () => {
  project.write(
    "zr.toml",
    `${CONFIG}[tasks.new]\ncmd = "node --version"\ntools = { node = "22" }\n[[workflows.w.stages]]\ntasks = ["v"]\n[[workflows.w.stages]]\ntasks = ["new"]\n`,
  );
  await install();
  const { stdout } = await project
    .zr("workflow", "w", "--raw")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout).toContain(`v${MIDDLE}\nv${NEW}\n`);
});

test("a task that takes its tools from a template runs with them, and its lock entry stays", async () => {
  project.write(
    "zr.toml",
    `[templates.old]\ntools = { node = "18" }\n[tasks.v]\nextends = "old"\ncmd = "node --version"\n`,
  );
  await install();
  await project.zr("run", "v").expect({ stdout: `v${OLD}\n` });
  await install();
  expect(project.read("zr.lock")).toContain(OLD);
});

test("a hook runs with the tools of its package", async () => {
  project.write("zr.toml", `[hooks]\nbefore_run = "node --version"\n${CONFIG}`);
  await install();
  const { stdout } = await project.zr("run", "v").expect({ stdout: anything, stderr: anything });
  expect(stdout).toBe(`v${MIDDLE}\nv${MIDDLE}\n`);
});

test("tools of the user's own configuration are there in every project, with a lock beside that", async () => {
  mkdirSync(join(project.folders.config, "zr"), { recursive: true });
  writeFileSync(join(project.folders.config, "zr", "config.toml"), '[tools]\nnode = "18"\n');
  project.write("zr.toml", TASK);
  await install();
  expect(existsSync(join(project.folders.config, "zr", "zr.lock"))).toBe(true);
  expect(project.exists("zr.lock")).toBe(false);
  await project.zr("run", "v").expect({ stdout: `v${OLD}\n` });
  project.write("zr.toml", CONFIG);
  await install();
  await project.zr("run", "v").expect({ stdout: `v${MIDDLE}\n` });
});

test("explain and --show-env know the tools, and install nothing", async () => {
  await project.zr("run", "v", "--show-env").expect({ stdout: anything });
  await project.zr("explain", "v").expect({ stdout: anything });
  expect(site.asked).toEqual([]);
  await install();
  await project
    .zr("run", "v", "--show-env")
    .expect({ stdout: /PATH="<data>\/zr\/tools\/node\/20\.11\.1\/bin:/ });
});
