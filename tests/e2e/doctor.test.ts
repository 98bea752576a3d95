import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { makeProject } from "#tests/support/project";
import type { Project, ProjectOptions } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { ToolSite } from "#tests/support/tool-site";

interface Found {
  readonly check: string;
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly hint?: string;
  readonly fix?: string;
  readonly canFix: boolean;
}

interface Diagnosis {
  readonly ok: boolean;
  readonly findings: readonly Found[];
  readonly mended: readonly { readonly name: string; readonly isDone: boolean; readonly detail: string }[];
  readonly code: number;
}

async function diagnose(project: Project, ...words: readonly string[]): Promise<Diagnosis> {
  const { code, stdout, stderr } = await project.zr("doctor", "--json", ...words).result();
  if (stdout === "") throw new Error(stderr);
  return { ...(JSON.parse(stdout) as Omit<Diagnosis, "code">), code: code ?? -1 };
}

const one = ({ findings }: Diagnosis, check: string, name: string): Found | undefined =>
  findings.find((finding) => finding.check === check && finding.name === name);

const make = (text: string, files: Readonly<Record<string, string>> = {}, options: ProjectOptions = {}) =>
  makeProject({ "zr.toml": text, ...files }, options);

describe("the report", () => {
  test("names every check, is good in a working copy in which all is well, and exits with 0", async () => {
    await using project = await make('[tasks.a]\ncmd = "true"\n', {}, { git: true });
    const found = await diagnose(project);
    expect(found.code).toBe(0);
    expect(found.ok).toBe(true);
    expect([...new Set(found.findings.map(({ check }) => check))]).toEqual([
      "config",
      "docker",
      "git",
      "cache",
      "disk",
      "path",
      "shell",
      "watch",
      "limits",
    ]);
    expect(found.findings.filter(({ state }) => state === "failed")).toEqual([]);
    expect(one(found, "config", "zr.toml")?.detail).toBe("1 file, 1 task");
  });

  test("says of what is wrong how to mend it, and exits with 1", async () => {
    await using project = await make(
      '[doctor.checks.db]\ncmd = "echo refused >&2; exit 2"\nhint = "start it"\nfix = "true"\n',
    );
    await project.zr("doctor", "checks").expect({
      code: 1,
      stdout: `
        checks
          ✗ db           failed   'echo refused >&2; exit 2': exit 2: refused
            → start it
            → run: true

        1 failed
        zr doctor --fix mends 1 of them
      `,
    });
  });

  test("of some checks only, or of one of one's own; an unknown one is refused with the nearest", async () => {
    await using project = await make('[doctor.checks.a]\ncmd = "true"\n[doctor.checks.b]\ncmd = "false"\n');
    expect((await diagnose(project, "a")).findings.map(({ name }) => name)).toEqual(["a"]);
    expect((await diagnose(project, "path")).findings.map(({ check }) => check)).toEqual(["path"]);
    await project
      .zr("doctor", "pth")
      .expect({ code: 2, stderr: /^error\[E626\]: there is no check 'pth'[^]*path/ });
  });

  test("leaves out what [doctor] skip names", async () => {
    await using project = await make(
      '[doctor]\nskip = ["docker", "b"]\n[doctor.checks.a]\ncmd = "true"\n[doctor.checks.b]\ncmd = "false"\n',
    );
    const found = await diagnose(project);
    expect(found.findings.filter(({ check, name }) => check === "docker" || name === "b")).toEqual([]);
    expect(one(found, "checks", "a")?.state).toBe("ok");
  });

  test("-q says only what is wrong", async () => {
    await using project = await make('[doctor.checks.a]\ncmd = "true"\n');
    await project.zr("doctor", "-q", "checks").expect();
  });
});

describe("the configuration", () => {
  test("that is no TOML is a finding with its place, and the machine is looked at all the same", async () => {
    await using project = await make("[tasks\n");
    const found = await diagnose(project);
    expect(found.code).toBe(1);
    expect(one(found, "config", "zr.toml:1")).toMatchObject({ state: "failed" });
    expect(one(found, "disk", "tools")?.state).toBe("ok");
  });

  test("with a mistake is a finding that names its explanation", async () => {
    await using project = await make('[tasks.a]\ncmd = "true"\ndeps = ["b"]\n');
    const found = await diagnose(project, "config");
    expect(found.findings[0]).toMatchObject({ name: "zr.toml:3", state: "failed", fix: "zr help E130" });
  });
});

describe("tools", () => {
  test("that are missing are named with what PATH has instead, and --fix installs them", async () => {
    using site = new ToolSite();
    site.publish("20.11.1", { lts: "Iron" });
    await using project = await make('[tools]\nnode = "20"\n', {}, { env: site.variables });
    const before = await diagnose(project, "tools");
    expect(before.findings[0]).toMatchObject({
      name: "node",
      state: "failed",
      fix: "zr tools install",
      canFix: true,
    });
    const after = await diagnose(project, "tools", "--fix");
    expect(after.code).toBe(0);
    expect(after.mended).toMatchObject([{ name: "node", isDone: true }]);
    expect(after.findings[0]).toMatchObject({ state: "ok" });
    expect(after.findings[0]?.detail).toMatch(/^20 \(20\.11\.1\): \/.*\/node\/20\.11\.1$/);
  });

  test("that tasks start and PATH lacks are warnings which name the tasks, each once", async () => {
    await using project = await make(
      `[tasks]
lint = "no-such-linter check ."
format = { cmd = ["no-such-linter", "format"] }
both = { cmds = ["no-such-linter fix", { cmd = "no-such-step" }] }
last = "no-such-linter x"
more = "no-such-linter y"
there = "known-linter x"

# What can't be said for certain is left alone.
path = "./no-such-file"
shell = "no-such-a && true"
variable = { cmd = ["$NO_SUCH", "x"] }
asked = { cmd = "no-such-b", condition = "false" }
skipped = { cmd = "no-such-c", skip_if = "ci" }
elsewhere = { cmd = "no-such-d", platforms = ["windows"] }
chosen = { cmd = { windows = "no-such-e" } }
own-path = { cmd = "no-such-f", env = { PATH = "bin:$PATH" } }
may-fail = { cmds = [{ cmd = "no-such-g", allow_failure = true }, { cmd = "no-such-h", if = "ci" }] }
python = { cmd = "import os", shell = ["python3", "-c"] }
ruby = { cmd = "puts 1", shell = "ruby" }
login = { cmd = "no-such-i", shell = ["bash", "-lc"] }
`,
    );
    addProgram(project, "known-linter", "true");
    const found = await diagnose(project, "tools");
    expect(found.code).toBe(0);
    expect(found.findings).toEqual([
      {
        check: "tools",
        name: "no-such-linter",
        state: "warning",
        detail: "not on PATH; wanted by lint, format, both and 2 more",
        hint: "install no-such-linter, or ask for it in [tools]",
        canFix: false,
      },
      {
        check: "tools",
        name: "no-such-step",
        state: "warning",
        detail: "not on PATH; wanted by both",
        hint: "install no-such-step, or ask for it in [tools]",
        canFix: false,
      },
    ]);
  });

  test("that only one package's PATH has are missing in the other", async () => {
    await using project = await make('[workspace]\nmembers = ["a", "b"]\n', {
      "a/zr.toml": '[env]\nPATH = "bin:$PATH"\n[tasks]\nlint = "own-linter"\n',
      "b/zr.toml": '[tasks]\nlint = "own-linter"\n',
    });
    mkdirSync(project.path("a/bin"));
    writeFileSync(project.path("a/bin/own-linter"), "#!/bin/sh\n", { mode: 0o755 });
    const { findings } = await diagnose(project, "tools");
    expect(findings).toMatchObject([{ name: "own-linter", detail: "not on PATH; wanted by b:lint" }]);
  });

  test("of the system are looked for on PATH", async () => {
    await using project = await make('[tools]\nnode = "system"\ngo = "system"\n');
    addProgram(project, "node", "true");
    const found = await diagnose(project, "tools");
    expect(one(found, "tools", "node")?.state).toBe("ok");
  });

  test("are held against the versions that files of other tools ask for", async () => {
    await using project = await make("", { "package.json": '{ "name": "x" }', ".nvmrc": "20\n" });
    addProgram(project, "node", "echo v20.11.1");
    expect(one(await diagnose(project, "tools"), "tools", "node")).toMatchObject({ state: "ok" });
    addProgram(project, "node", "echo v18.0.0");
    const found = one(await diagnose(project, "tools"), "tools", "node");
    expect(found).toMatchObject({
      state: "warning",
      hint: 'ask for node = "20" in [tools], or change .nvmrc',
    });
    expect(found?.detail).toMatch(/^\.nvmrc asks for 20; \/.*\/node is 18\.0\.0$/);
    project.write(".nvmrc", "18\n");
    expect(one(await diagnose(project, "tools"), "tools", "node")).toMatchObject({ state: "ok" });
  });

  test("that are newer than a file that names the least version are as good", async () => {
    await using project = await make("", { "go.mod": "module x\n\ngo 1.24\n" });
    addProgram(project, "go", "echo go version go1.26.8 linux/amd64");
    const found = one(await diagnose(project, "tools"), "tools", "go");
    expect(found?.state).toBe("ok");
    expect(found?.detail).toMatch(/^go\.mod asks for >=1\.24; \/.*\/go is 1\.26\.8$/);
    addProgram(project, "go", "echo go version go1.22.1 linux/amd64");
    expect(one(await diagnose(project, "tools"), "tools", "go")).toMatchObject({
      state: "warning",
      hint: 'ask for go = "1.24" in [tools], or change go.mod',
    });
  });

  test("that go by another name are looked for by that", async () => {
    await using project = await make(
      "",
      { ".python-version": "3.12\n", "pyproject.toml": "" },
      { env: { PATH: "" } },
    );
    project.write("bin/python3", "#!/bin/sh\necho Python 3.11.2\n");
    chmodSync(project.path("bin/python3"), 0o755);
    const run = await project
      .zrWith({ env: { PATH: `${project.path("bin")}` } }, "doctor", "tools", "--json")
      .result();
    expect(run.stdout).toMatch(/asks for 3\.12; [^"]*\/bin\/python3 is 3\.11\.2/);
  });

  test("that dependencies need are named where they are missing", async () => {
    await using project = await make("", { "go.mod": "module x\n" }, { env: { PATH: "/nonexistent" } });
    expect((await diagnose(project, "deps")).findings[0]).toMatchObject({
      state: "failed",
      detail: "go is not on PATH; go mod download needs it",
    });
  });
});

describe("dependencies", () => {
  test("are out of date until they are set up, and again when their files change", async () => {
    await using project = await make('[setup.deps]\n"." = { cmd = "true", inputs = ["list"] }\n', {
      list: "1",
    });
    expect((await diagnose(project, "deps")).findings[0]).toMatchObject({
      state: "warning",
      fix: "zr setup deps",
    });
    await project.zr("setup", "deps").expect({ stdout: anything });
    expect((await diagnose(project, "deps")).findings[0]).toMatchObject({ state: "ok" });
    project.write("list", "2");
    expect((await diagnose(project, "deps")).findings[0]).toMatchObject({ state: "warning" });
  });
});

describe(".env", () => {
  test("that lacks a name of its example fails, and --fix adds it", async () => {
    await using project = await make("", { ".env.example": "A=1\nB=2\n", ".env": "A=0\n" });
    expect(one(await diagnose(project, "env"), "env", ".env")).toMatchObject({
      state: "failed",
      detail: "lacks B",
    });
    expect((await diagnose(project, "env", "--fix")).code).toBe(0);
    expect(project.read(".env")).toBe("A=0\nB=2\n");
  });

  test("that is not there is made, for its owner only", async () => {
    await using project = await make("", { ".env.example": "A=1\n" });
    await diagnose(project, "env", "--fix");
    expect(statSync(project.path(".env")).mode & 0o777).toBe(0o600);
  });

  test("that git would take, or that has no value, is warned of", async () => {
    await using project = await make("", { ".env.example": "A=\n" }, { git: true });
    project.write(".env", "A=\n");
    const { findings, code } = await diagnose(project, "env");
    expect(code).toBe(0);
    expect(findings.map(({ detail }) => detail)).toEqual(["has no value for A", "git does not ignore it"]);
    project.write(".gitignore", ".env\n");
    expect((await diagnose(project, "env")).findings).toHaveLength(1);
  });

  test("--fix --dry-run mends nothing", async () => {
    await using project = await make("", { ".env.example": "A=1\n" });
    await diagnose(project, "env", "--fix", "--dry-run");
    expect(project.exists(".env")).toBe(false);
  });
});

describe("checks of one's own", () => {
  test("tcp and http ask a server; one that never answers is given up after its time", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const web = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: ({ url }) => new Response("", { status: url.endsWith("/ok") ? 204 : 500 }),
    });
    const { port } = silent.address() as AddressInfo;
    await using project = await make(`
      [doctor.checks]
      up = { tcp = "127.0.0.1:${port}" }
      down = { tcp = "127.0.0.1:1" }
      good = { http = "http://127.0.0.1:${web.port}/ok" }
      bad = { http = "http://127.0.0.1:${web.port}/bad", optional = true }
      slow = { http = "http://127.0.0.1:${port}/", timeout = "100ms" }
      hangs = { cmd = "sleep 1000", timeout = "100ms" }
    `);
    const found = await diagnose(project, "checks");
    silent.close();
    await web.stop(true);
    const states = Object.fromEntries(found.findings.map(({ name, state }) => [name, state]));
    expect(states).toEqual({
      up: "ok",
      down: "failed",
      good: "ok",
      bad: "warning",
      slow: "failed",
      hangs: "failed",
    });
    expect(one(found, "checks", "hangs")?.detail).toContain("it took longer than 0.1 s");
    expect(project.processes()).toEqual([]);
  });

  test("--fix runs the command of a check that failed, and looks again; one that does not help is said to be so", async () => {
    await using project = await make(`
      [doctor.checks]
      mendable = { cmd = "test -f up", fix = "touch up" }
      hopeless = { cmd = "false", fix = "exit 9" }
    `);
    const found = await diagnose(project, "checks", "--fix");
    expect(found.code).toBe(1);
    expect(found.mended.map(({ name, isDone }) => [name, isDone])).toEqual([
      ["mendable", true],
      ["hopeless", false],
    ]);
    expect(one(found, "checks", "mendable")?.state).toBe("ok");
  });

  test("run in the environment of the root, and show no secret", async () => {
    await using project = await make(
      '[env]\nAPI_TOKEN = "hunter2hunter2"\n[doctor.checks.a]\ncmd = "echo it is $API_TOKEN >&2; false"\n',
    );
    const found = await diagnose(project, "checks");
    expect(found.findings[0]?.detail).toContain("it is ****");
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });
});

test("Ctrl-C ends the checks with exit code 130, and leaves nothing running", async () => {
  await using project = await make(`[doctor.checks.long]\ncmd = "${cmd("long")}"\ntimeout = "10m"\n`);
  const run = project.zr("doctor", "long");
  await project.command("long").started();
  run.kill("SIGINT");
  await run.expect({ code: 130, stdout: anything });
  expect(project.processes()).toEqual([]);
});

describe("ports", () => {
  test("that are in use are named with who has them", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await using project = await make(`
      [doctor]
      ports = [${port}]
      [tasks.dev]
      cmd = "true"
      persistent = true
      ready = { http = "http://localhost:1/health" }
    `);
    const found = await diagnose(project, "ports");
    server.close();
    expect(one(found, "ports", String(port))).toMatchObject({ state: "warning" });
    if (process.platform === "linux")
      expect(one(found, "ports", String(port))?.fix).toBe(`kill ${process.pid}`);
    expect(one(found, "ports", "1")).toMatchObject({ state: "ok", detail: "free for dev" });
  });
});

describe("the machine", () => {
  test("a cache that can't be written to fails", async () => {
    await using project = await make('[cache]\nlocal_dir = "file"\n', { file: "" });
    expect((await diagnose(project, "cache")).code).toBe(1);
  });

  test("a remote cache that does not answer is a warning", async () => {
    await using project = await make(
      '[cache.remote]\ntype = "http"\nurl = "http://127.0.0.1:1"\nretries = 0\n',
    );
    expect(one(await diagnose(project, "cache"), "cache", "remote")).toMatchObject({ state: "warning" });
  });

  test("docker is asked for only where a Compose file wants it", async () => {
    await using project = await make("", { "compose.yaml": "" });
    addProgram(project, "docker", "case $1 in info) echo 27.1 ;; compose) echo v2.30 ;; esac");
    expect((await diagnose(project, "docker")).findings.map(({ name, detail }) => [name, detail])).toEqual([
      ["docker", "27.1"],
      ["compose", "v2.30"],
    ]);
    addProgram(project, "docker", "exit 1");
    expect((await diagnose(project, "docker")).findings[0]).toMatchObject({
      state: "failed",
      detail: "its daemon does not answer; compose.yaml wants it",
    });
  });

  test("git hooks of [setup.hooks] that are not in place fail, and --fix writes them", async () => {
    await using project = await make('[setup.hooks]\npre-push = "true"\n', {}, { git: true });
    expect((await diagnose(project, "hooks")).findings[0]).toMatchObject({
      name: "pre-push",
      state: "failed",
      detail: "missing",
    });
    expect((await diagnose(project, "hooks", "--fix")).findings[0]).toMatchObject({ state: "ok" });
    expect(readFileSync(project.path(".git/hooks/pre-push"), "utf8")).toContain("\ntrue\n");
  });

  test("zr itself is looked for on PATH", async () => {
    await using project = await make("");
    expect((await diagnose(project, "path")).findings[0]).toMatchObject({ state: "warning" });
    addProgram(project, "zr", "true");
    expect((await diagnose(project, "path")).findings[0]?.detail).toMatch(/^PATH leads to .*, this is /);
  });

  test("a shell without the hook is told how to get it", async () => {
    await using project = await make("", {}, { env: { SHELL: "/bin/zsh" } });
    expect((await diagnose(project, "shell")).findings[0]?.fix).toBe(
      `echo 'eval "$(zr hook zsh)"' >> ~/.zshrc`,
    );
    expect((await diagnose(project, "shell")).code).toBe(0);
  });
});

/** A program on PATH that is a script. */
function addProgram(project: Project, name: string, script: string): void {
  const folder = project.environment()["PATH"]?.split(":")[0] ?? "";
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}
