import { chmodSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject } from "#tests/support/project";
import { expectRefused, projectWith, RUNS } from "./refused";
import { asRoot, testUnless, without } from "#tests/support/left-out";

describe("a file that is no TOML is refused with its place", () => {
  test.each([
    ["an unclosed string", '[tasks.build]\ncmd = "touch ran\n', "E100", "zr.toml:2:16"],
    ["an unclosed table", "[tasks\n", "E100", "zr.toml:1:6"],
    ["a value that is missing", "[tasks.build]\ncmd =\n", "E100", "zr.toml:2:5"],
    ["a key without value", "tasks\n", "E100", "zr.toml:1:5"],
    ["a key that is defined twice", `${RUNS}cmd = "x"\n`, "E101", "zr.toml:3:1"],
    ["a table that is defined twice", `${RUNS}${RUNS}`, "E101", "zr.toml:3:2"],
    [
      "an inline table that is added to",
      'tasks.a = { cmd = "x" }\ntasks.a.env.B = "1"\n',
      "E101",
      "zr.toml:2:1",
    ],
    ["text behind a value", 'x = "a" b\n', "E100", "zr.toml:1:9"],
    ["a lone carriage return", '[tasks.build]\rcmd = "x"\n', "E100", "zr.toml:1:15"],
    ["a NUL byte", `# \0\n${RUNS}`, "E102", "zr.toml:1:3"],
    ["a NUL byte in a string", 'x = "a\0b"\n', "E102", "zr.toml:1:7"],
    ["a number that is too large", "[vars]\nx = 123456789012345678901234567890\n", "E105", "zr.toml:2:5"],
    ["a bad escape", 'x = "\\q"\n', "E100", "zr.toml:1:7"],
    ["a surrogate", 'x = "\\ud800"\n', "E100", "zr.toml:1:11"],
    ["a date that is none", "x = 2024-13-45\n", "E100", "zr.toml:1:14"],
    ["something else altogether", "build:\n\tgo build ./...\n", "E100", "zr.toml:1:6"],
    ["JSON", '{ "scripts": { "build": "x" } }\n', "E100", "zr.toml:1:1"],
  ])("%s", async (_, text, code, place) => {
    await using project = await projectWith(text);
    expect(await expectRefused(project, [code])).toContain(`┌─ ${place}\n`);
  });

  test("invalid UTF-8, also inside of a comment or a string that would do as text", async () => {
    for (const text of ["# \xff\n", 'x = "\xc3\x28"\n', "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"]) {
      await using project = await projectWith(
        Buffer.concat([Buffer.from(text, "latin1"), Buffer.from(RUNS)]),
      );
      await expectRefused(project, ["E102"]);
    }
  });

  test("the replacement character itself is a character like any other", async () => {
    await using project = await projectWith(`# \ufffd\n${RUNS}`);
    await project.zr("run", "build").expect({ stderr: anything });
    expect(project.exists("ran")).toBe(true);
  });

  test("binary garbage of every byte", async () => {
    await using project = await projectWith(
      Uint8Array.from({ length: 4096 }, (_, index) => (index * 197) % 256),
    );
    await expectRefused(project, ["E102"]);
  });

  test("nesting of a hundred thousand levels", async () => {
    await using project = await projectWith(`x = ${"[".repeat(100_000)}`);
    await expectRefused(project, ["E104"]);
    await using tables = await projectWith(`x = ${"{a=".repeat(50_000)}`);
    await expectRefused(tables, ["E104"]);
    await using dotted = await projectWith(`${"a.".repeat(50_000)}b = 1\n`);
    await expectRefused(dotted, ["E104"]);
  });
});

describe("large files", () => {
  test("50 MB of comments are read, and a mistake behind them is found", async () => {
    await using project = await projectWith(`${`# ${"x".repeat(1022)}\n`.repeat(50 * 1024)}${RUNS}tag = 1\n`);
    expect(await expectRefused(project, ["E110"])).toContain("┌─ zr.toml:51203:1\n");
  });

  test("50 MB on one line are shown in part", async () => {
    await using project = await projectWith(`x = "${"y".repeat(50 * 1024 * 1024)}"\n${RUNS}`);
    const stderr = await expectRefused(project, ["E111"]);
    expect(stderr.length).toBeLessThan(1000);
  });

  test("a hole of 5 GB is not read at all", async () => {
    await using project = await makeProject({});
    Bun.spawnSync(["truncate", "-s", "5G", project.path("zr.toml")]);
    expect(await expectRefused(project, ["E150"])).toContain("larger than 256 MB");
  });

  test("two thousand problems are all reported", async () => {
    const tasks = Array.from(
      { length: 2000 },
      (_, index) => `[tasks.t${index}]\ncmd = "x"\ndeps = ["no${index}"]\n`,
    );
    await using project = await projectWith(`${RUNS}${tasks.join("")}`);
    const { stderr } = await project.zr("list").expect({ code: 3, stderr: anything });
    expect(stderr.match(/^error/gm)).toHaveLength(2000);
  });
});

describe("what is no regular file", () => {
  test("a folder named zr.toml", async () => {
    await using project = await makeProject({ "zr.toml/x": "" });
    await expectRefused(project, ["E151"]);
  });

  test("a pipe, which would never end", async () => {
    await using project = await makeProject({});
    Bun.spawnSync(["mkfifo", project.path("zr.toml")]);
    expect(await expectRefused(project, ["E150"])).toBe(
      `error[E150]: can't read ${project.path("zr.toml")}: not a regular file\n`,
    );
  });

  test.each(["/dev/zero", "/dev/null", "/dev/tty"])("%s", async (path) => {
    await using project = await makeProject({});
    await project.zr("--config", path, "list").expect({ code: 3, stderr: /^error\[E150\]/ });
  });

  test("a symbolic link to itself", async () => {
    await using project = await makeProject({});
    symlinkSync("zr.toml", project.path("zr.toml"));
    expect(await expectRefused(project, ["E150"])).toContain("a circle of symbolic links");
  });

  test("a link to nowhere is no file, and a link to a file is one", async () => {
    await using project = await makeProject({ "real.toml": RUNS });
    symlinkSync("nowhere.toml", project.path("zr.toml"));
    await expectRefused(project, ["E152"]);
    project.remove("zr.toml");
    symlinkSync("real.toml", project.path("zr.toml"));
    await project.zr("run", "build").expect({ stderr: anything });
  });

  test("included files and the overlay are held to the same", async () => {
    await using project = await makeProject({
      "zr.toml": `include = ["ci.toml"]\n${RUNS}`,
      "zr.local.toml/x": "",
    });
    Bun.spawnSync(["mkfifo", project.path("ci.toml")]);
    await expectRefused(project, ["E150", "E151"]);
  });

  const canDrop = process.getuid?.() === 0 && Bun.which("setpriv") !== null;
  testUnless(asRoot() && without("setpriv"))("a file without permission", async () => {
    await using project = await makeProject({ "zr.toml": RUNS });
    chmodSync(project.path("zr.toml"), 0);
    for (const folder of [project.folders.temp, project.root, project.home]) chmodSync(folder, 0o777);
    const { ensureBinary } = await import("#tests/support/binary");
    const drop = canDrop ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
    const started = Bun.spawn([...drop, ...(await ensureBinary()), "run", "build"], {
      cwd: project.root,
      env: project.environment(),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [code, stderr] = await Promise.all([started.exited, started.stderr.text()]);
    expect(stderr).toBe(`error[E150]: can't read ${project.path("zr.toml")}: permission denied\n`);
    expect(code).toBe(3);
  });
});

describe("what is a valid file after all", () => {
  test.each([
    ["a zero-byte file", ""],
    ["only a byte order mark", "\ufeff"],
    ["only comments", "# nothing\n"],
  ])("%s has no tasks", async (_, text) => {
    await using project = await projectWith(text);
    await project.zr("validate").expect({ stdout: "1 file, 0 tasks: no problems\n" });
  });

  test("a byte order mark and CRLF line ends", async () => {
    await using project = await projectWith(`\ufeff${RUNS.replaceAll("\n", "\r\n")}`);
    await project.zr("run", "build").expect({ stderr: anything });
    expect(project.exists("ran")).toBe(true);
  });

  test("carets stand right behind a byte order mark and with CRLF", async () => {
    await using project = await projectWith('\ufefftask = 1\r\n[tasks.build]\r\ncmd = "x"\r\ntag = 1\r\n');
    await project.zr("list").expect({
      code: 3,
      stderr:
        /zr\.toml:1:[12]\n 1│ task = 1\n {2}│ \^{4} did you mean 'tasks'\?[^]*zr\.toml:4:1\n 4│ tag = 1\n {2}│ \^{3} did you mean 'tags'/,
    });
  });

  test("names in any script", async () => {
    await using project = await projectWith(
      '[tasks."빌드"]\ncmd = "touch ran"\n[tasks."größe"]\ncmd = "true"\n',
    );
    await project.zr("run", "빌드").expect({ stderr: anything });
    expect(project.exists("ran")).toBe(true);
    await project.zr("list").expect({ stdout: /빌드[^]*größe/, stderr: anything });
  });

  test("a line of a megabyte, and a name of ten thousand characters", async () => {
    const name = "n".repeat(10_000);
    await using project = await projectWith(
      `[tasks.build]\ncmd = "true # ${"x".repeat(100_000)}"\n[tasks.${name}]\ncmd = "true"\n`,
    );
    await project.zr("run", "build").expect({ stderr: anything });
    await project.zr("run", name).expect({ stderr: anything });
    await project.zr("list", "--json").expect({ stdout: anything });
  });
});

describe("values that make no sense", () => {
  test.each([
    ['timeout = "5 minutes"', "E115"],
    ['timeout = ""', "E115"],
    ['timeout = "-1s"', "E115"],
    ["timeout = 5", "E112"],
    ['grace_period = "1h 5m"', "E115"],
    ['retry = { delay = "soon" }', "E115"],
    ["retry = 1001", "E114"],
    ["retry = 1.5", "E112"],
    ["retry = nan", "E112"],
    ["retry = { max = inf }", "E112"],
    ['retry = { backoff = "cubic" }', "E113"],
    ["retry = { on_exit = [256] }", "E114"],
    ['retry = { on_output = ["("] }', "E115"],
    ['stop_signal = "SIGNOPE"', "E115"],
    ['platforms = ["amiga"]', "E115"],
    ['platforms = ["linux/mips"]', "E115"],
    ['inputs = ["src/[a"]', "E115"],
    ['inputs = ["{a,b"]', "E115"],
    ['inputs = [""]', "E115"],
    ['cwd = ""', "E115"],
    ['cwd = "a\\u0000b"', "E115"],
    ['resources = { max_memory = "2 parsecs" }', "E115"],
    ['resources = { max_memory = "0%" }', "E115"],
    ["resources = { weight = 0 }", "E114"],
    ["resources = { weight = -3 }", "E114"],
    ["resources = { max_concurrent = 0 }", "E114"],
    ['io = { stdout = "somewhere" }', "E115"],
    ['env = { "A B" = "1" }', "E117"],
    ["env = { A = true }", "E112"],
    ["env = { A = 1 }", "E112"],
    ['args = [{ name = "a b" }]', "E115"],
    ['args = [{ name = "a", type = "float" }]', "E113"],
    ['aliases = ["a b"]', "E115"],
    ['deps = ["a\\u001bb"]', "E115"],
    ['deps = ["a b"]', "E115"],
    ['deps = "build"', "E112"],
    ["deps = [{}]", "E118"],
    ['deps = [{ taks = "build" }]', "E110"],
    ['matrix = { os = "linux" }', "E112"],
    ['ready = { log = "[" }', "E115"],
    ['output = "x"', "E110"],
    ["timeout = 2024-01-01", "E112"],
    ["silent = 'stdin'", "E113"],
  ])("%s", async (line, code) => {
    await using project = await projectWith(`${RUNS}[tasks.other]\ncmd = "true"\n${line}\n`);
    const { stderr } = await project.zr("run", "build").expect({ code: 3, stderr: anything });
    expect(stderr).toContain(`error[${code}]: `);
    expect(stderr).toContain("┌─ zr.toml:5:");
    expect(project.exists("ran")).toBe(false);
  });

  test.each([
    ["[global.resources]\nmax_workers = 0", "E114"],
    ['[global.resources]\nmax_workers = "0%"', "E115"],
    ['[global.resources]\nmax_workers = "101%"', "E115"],
    ["[global.resources]\nmax_cpu_percent = 101", "E114"],
    ['[global]\nlog_max = "big"', "E115"],
    ['[global]\nmin_version = "new"', "E115"],
    ["[concurrency.db]\nmax = 0", "E114"],
    ["[concurrency.db]", "E118"],
    ["[env]\n1A = 'x'", "E117"],
    ["tasks2 = 1", "E111"],
    ["env = 3", "E112"],
    ["include = 3", "E112"],
    ["include = [{ namespace = 'a' }]", "E118"],
    ["include = ['']", "E115"],
    ["[workspace]\nmembers = ['[']", "E115"],
    ["[package]\ndeps = ['nobody']", "E132"],
    ["[profiles.a]\nextends = 'b'", "E140"],
    ["[alias]\nlist = 'run build'", "E141"],
  ])("%s", async (text, code) => {
    await using project = await projectWith(`${text}\n${text.startsWith("[tasks") ? "" : RUNS}`);
    await expectRefused(project, [code]);
  });

  test("a task that can never start is refused before anything runs", async () => {
    await using project = await projectWith(
      `${RUNS}[tasks.big]\ncmd = "true"\ndeps = ["build"]\nresources = { weight = 9 }\n`,
    );
    await project.zr("run", "big").expect({
      code: 3,
      stderr: /^error\[E165\]: task 'big' can never start: it needs 9 worker slots, and there are only 4\n/,
    });
    expect(project.exists("ran")).toBe(false);
  });

  test("a timeout beyond what a timer can count does not end a task at once", async () => {
    await using project = await projectWith(
      '[tasks.build]\ncmd = "touch ran"\ntimeout = "365d"\ngrace_period = "999999999999999999999d"\n',
    );
    await project.zr("run", "build", "--timeout", "60d").expect({ stderr: anything });
    expect(project.exists("ran")).toBe(true);
  });
});

describe("circles", () => {
  test.each([
    [
      "tasks by deps",
      '[tasks.a]\ndeps = ["b"]\n[tasks.b]\ndeps = ["c"]\n[tasks.c]\ndeps = ["a"]\n',
      "E131",
      "a → b → c → a",
    ],
    ["a task by itself", '[tasks.a]\ncmd = "x"\ndeps = ["a"]\n', "E131", "a → a"],
    [
      "tasks by deps_serial and calls",
      '[tasks.a]\ndeps_serial = ["b"]\n[tasks.b]\ncmds = [{ task = "a" }]\n',
      "E131",
      "a → b → a",
    ],
    [
      "tasks by wait_for",
      '[tasks.a]\ncmd = "x"\nwait_for = "b"\n[tasks.b]\ncmd = "x"\ndeps = ["a"]\n',
      "E131",
      "a → b → a",
    ],
    [
      "handlers",
      '[tasks.a]\ncmd = "x"\non_failure = "b"\n[tasks.b]\ncmd = "x"\non_failure = "a"\n',
      "E131",
      "a → b → a",
    ],
    [
      "templates",
      '[templates.a]\nextends = "b"\n[templates.b]\nextends = ["c", "a"]\n[templates.c]\ncmd = "x"\n',
      "E134",
      "a → b → a",
    ],
    ["a template by itself", '[templates.a]\nextends = "a"\n', "E134", "a → a"],
    [
      "tasks by extends",
      '[tasks.a]\ncmd = "x"\nextends = "b"\n[tasks.b]\ncmd = "x"\nextends = "a"\n',
      "E134",
      "a → b → a",
    ],
    ["profiles", '[profiles.a]\nextends = "b"\n[profiles.b]\nextends = "a"\n', "E134", "a → b → a"],
    ["a profile by itself", '[profiles.a]\nextends = "a"\n', "E134", "a → a"],
  ])("%s", async (_, text, code, path) => {
    await using project = await projectWith(`${RUNS}${text}`);
    expect(await expectRefused(project, [code])).toContain(`circle: ${path}\n`);
  });

  test("several circles are all told", async () => {
    await using project = await projectWith(
      `${RUNS}[tasks.a]\ndeps = ["b"]\n[tasks.b]\ndeps = ["a"]\n[tasks.c]\ndeps = ["d"]\n[tasks.d]\ndeps = ["c"]\n`,
    );
    await expectRefused(project, ["E131", "E131"]);
  });

  test("files that include each other", async () => {
    await using project = await makeProject({
      "zr.toml": `include = ["a/a.toml"]\n${RUNS}`,
      "a/a.toml": 'include = ["../b.toml"]',
      "b.toml": 'include = ["a/a.toml"]',
    });
    expect(await expectRefused(project, ["E135"])).toContain(
      "circle: a/a.toml → b.toml → a/a.toml\n  ┌─ b.toml:1:12\n",
    );
  });

  test("shortcuts that lead to each other are a usage error", async () => {
    await using project = await projectWith(`${RUNS}[alias]\nx = "y"\ny = "-q x"\n`);
    await project
      .zr("x")
      .expect({ code: 3, stderr: "error[E134]: aliases extend each other in a circle: x → y → x\n" });
  });

  test("forty levels in which everything extends two others are no hindrance", async () => {
    const levels = Array.from({ length: 40 }, (_, level) => {
      const above = `extends = ["a${level + 1}", "b${level + 1}"]\n`;
      return `[templates.a${level}]\n${above}[templates.b${level}]\n${above}`;
    });
    await using project = await projectWith(
      `${levels.join("")}[templates.a40]\ncmd = "touch ran"\n[templates.b40]\nenv.X = "1"\n[tasks.build]\nextends = "a0"\n`,
    );
    await project.zr("run", "build").expect({ stderr: anything });
    expect(project.exists("ran")).toBe(true);
  });

  test("thirty levels in which every file includes two others are no hindrance", async () => {
    await using project = await makeProject({ "zr.toml": `include = ["a0.toml", "b0.toml"]\n${RUNS}` });
    for (let level = 0; level < 30; level += 1) {
      for (const side of ["a", "b"]) {
        project.write(
          `${side}${level}.toml`,
          level === 29 ? "" : `include = ["a${level + 1}.toml", "b${level + 1}.toml"]\n`,
        );
      }
    }
    await project.zr("run", "build").expect({ stderr: anything });
  });
});

test.each([
  ["list", "text, json"],
  ["show", "text, json"],
  ["graph", "ascii, dot, json, mermaid, html, svg"],
  ["env", "shell, dotenv, json, github"],
  ["run", "text, json"],
])(
  "a --format that `zr %s` does not offer is a usage error that lists what it offers",
  async (command, offered) => {
    await using project = await makeProject({ "zr.toml": RUNS });
    const { code, stderr } = await project.zr(command, "build", "--format", "yaml").result();
    expect({ code, stderr: stderr.split("\n")[0] }).toEqual({
      code: 2,
      stderr: `error[E183]: option '--format' must be one of ${offered}, not 'yaml'`,
    });
    expect(project.exists("ran")).toBe(false);
  },
);

describe("a number of which none makes sense", () => {
  test.each([
    ["history", "--limit"],
    ["analytics", "--limit"],
    ["bench a", "--runs"],
    ["context", "--budget"],
    ["ci generate --type monorepo", "--shards"],
  ])("zr %s %s 0 is a usage error that says the range", async (command, option) => {
    await using project = await makeProject({ "zr.toml": '[tasks]\na = "touch ran"' });
    await project.zr(...command.split(" "), option, "0").expect({
      code: 2,
      stderr: `error[E183]: option '${option}' must be a whole number from 1, not '0'\n`,
    });
    expect(project.exists("ran")).toBe(false);
  });
});
