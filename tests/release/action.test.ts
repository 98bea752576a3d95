import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { parse } from "yaml";
import type { SigningKey } from "#scripts/releasing/sign";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { startOwnServer } from "#tests/support/own-cache-server";
import { makeKey, releaseEntries, ReleaseSite, script } from "#tests/support/release-site";
import { testUnless, without } from "#tests/support/left-out";

/*
 * What action.yml runs on Linux and macOS, with the files and variables that a runner gives it, against a server of releases
 * on loopback.
 */

const VERSION = "9.8.7";
const root = mkdtempSync(join(tmpdir(), "zr-action-"));
let key: SigningKey;
let site: ReleaseSite;

beforeAll(async () => {
  key = await makeKey();
  mkdirSync(join(root, "scripts/action"), { recursive: true });
  const installer = readFileSync(join(REPOSITORY, "scripts/install.sh"), "utf8");
  writeFileSync(
    join(root, "scripts/install.sh"),
    installer.replace(/ZR_KEY='.*'/, `ZR_KEY='${key.publicKey}'`),
  );
  writeFileSync(
    join(root, "scripts/action/setup.sh"),
    readFileSync(join(REPOSITORY, "scripts/action/setup.sh")),
  );
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeEach(async () => {
  site = new ReleaseSite(key);
  await site.publish(VERSION);
});

afterEach(() => site[Symbol.dispose]());

/** A job of a runner: its files, its tool cache, and what its steps have said. */
class Job {
  readonly folder = mkdtempSync(join(root, "job-"));

  read(name: string): string {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  get config(): string {
    return this.read("home/.config/zr/config.toml");
  }

  get outputs(): string {
    return this.read("output").replaceAll(this.folder, "");
  }

  get environment(): Record<string, string> {
    return { PATH: process.env["PATH"] ?? "", HOME: join(this.folder, "home"), TMPDIR: this.folder };
  }

  async setUp(inputs: Readonly<Record<string, string>> = {}): Promise<{ code: number; said: string }> {
    const { folder } = this;
    mkdirSync(join(folder, "home"), { recursive: true });
    const given = Object.entries({ releases: site.url, ...inputs }).map(([name, value]) => [
      `INPUT_${name.toUpperCase().replaceAll("-", "_")}`,
      value,
    ]);
    const child = Bun.spawn(["sh", join(root, "scripts/action/setup.sh")], {
      cwd: folder,
      env: {
        ...this.environment,
        RUNNER_TOOL_CACHE: join(folder, "tools"),
        GITHUB_PATH: join(folder, "path"),
        GITHUB_ENV: join(folder, "env"),
        GITHUB_OUTPUT: join(folder, "output"),
        ...Object.fromEntries(given),
      },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, error, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { code, said: out + error };
  }

  /** What a later step has: the variables and the PATH that this one asked for. */
  stepEnvironment(): Record<string, string> {
    const set = [...this.read("env").matchAll(/^(\w+)<<(\w+)\n(.*)\n\2$/gm)];
    const path = this.read("path").trimEnd().split("\n").toReversed();
    return {
      ...this.environment,
      ...Object.fromEntries(set.map(([, name = "", , value = ""]) => [name, value])),
      PATH: [...path, this.environment["PATH"]].join(delimiter),
    };
  }
}

test("the action installs the version it is asked for, and later steps find it", async () => {
  const job = new Job();
  expect(await job.setUp({ version: `v${VERSION}` })).toEqual({ code: 0, said: `installed zr ${VERSION}\n` });
  expect(job.outputs).toMatch(/^version=9\.8\.7\npath=\/tools\/zr\/9\.8\.7\/[\w]+\n$/);
  const found = Bun.spawnSync(["sh", "-c", "zr --version"], { env: job.stepEnvironment() });
  expect(found.stdout.toString()).toBe(`zr ${VERSION}\n`);
  expect(job.read("env")).toBe("");
  expect(readdirSync(join(job.folder, "tools/zr"))).toEqual([VERSION]);
  expect(readdirSync(join(job.folder, "home"))).toEqual([]);
});

test("a version that is in the tool cache needs no network", async () => {
  const job = new Job();
  await job.setUp({ version: VERSION });
  const asked = site.asked.length;
  const again = await job.setUp({ version: VERSION, releases: "http://127.0.0.1:1" });
  expect(again).toEqual({ code: 0, said: `zr ${VERSION} is in the tool cache\n` });
  expect(site.asked.length).toBe(asked);
  expect(job.outputs.match(/version=9\.8\.7/g)).toHaveLength(2);
});

test("the latest version is asked for each time, and takes the place of none that is there", async () => {
  const job = new Job();
  await job.setUp();
  await site.publish("9.9.0", { entries: releaseEntries("9.9.0", script("9.9.0")) });
  expect((await job.setUp({ version: "latest" })).said).toBe("installed zr 9.9.0\n");
  expect((await job.setUp({ version: "latest" })).said).toBe("installed zr 9.9.0\n");
  expect(readdirSync(join(job.folder, "tools/zr")).toSorted()).toEqual([VERSION, "9.9.0"]);
  expect(job.read("path").trimEnd().split("\n").at(-1)).toContain("9.9.0");
});

test("two jobs that install at the same time both get a whole program", async () => {
  const job = new Job();
  const done = await Promise.all([job.setUp(), job.setUp(), job.setUp()]);
  expect(done.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(readdirSync(join(job.folder, "tools/zr"))).toEqual([VERSION]);
});

test("with a signature that is wrong, or none where one is needed, the action fails with an error of the runner's form", async () => {
  await site.publish("9.9.1", { key: await makeKey() });
  const job = new Job();
  expect(await job.setUp({ version: "9.9.1", "need-signature": "true" })).toEqual({
    code: 1,
    said: "::error title=zr::the signature of the release is wrong\n",
  });
  site.answer(`download/v${VERSION}/SHA256SUMS.minisig`, () => new Response("", { status: 404 }));
  const none = await job.setUp({ version: VERSION, "need-signature": "true" });
  expect(none.code).toBe(1);
  expect(none.said).toStartWith("::error title=zr::the release has no signature: http");
  expect(job.read("path") + job.read("output")).toBe("");
  expect(existsSync(join(job.folder, "tools/zr")) ? readdirSync(join(job.folder, "tools/zr")) : []).toEqual(
    [],
  );
});

test("zr in later steps uses the remote cache that the action was given, and no file of zr has the token", async () => {
  const [program = ""] = await ensureBinary();
  const version = Bun.spawnSync([program, "--version"]).stdout.toString().trim().replace("zr ", "");
  await site.publish(version, { entries: releaseEntries(version, readFileSync(program)) });
  const server = await startOwnServer();
  try {
    const job = new Job();
    const inputs = { "remote-cache-url": server.url, "remote-cache-token": "zr-test" };
    const { code, said } = await job.setUp(inputs);
    expect([code, said]).toEqual([
      0,
      `::add-mask::zr-test\ninstalled zr ${version}\nremote cache: as ${job.folder}/home/.config/zr/config.toml says\n`,
    ]);
    expect(job.config).not.toContain("zr-test");
    const project = join(job.folder, "project");
    mkdirSync(project);
    writeFileSync(
      join(project, "zr.toml"),
      '[tasks.build]\ncmd = "echo built > out"\ncache = true\noutputs = ["out"]\n',
    );
    const zr = (env: Record<string, string>, ...words: readonly string[]) =>
      Bun.spawnSync(["sh", "-c", `zr ${words.join(" ")}`], { cwd: project, env });
    const env = job.stepEnvironment();
    expect(zr(env, "cache", "status").stdout.toString()).toMatch(/remote +.*: reachable/);
    expect(zr({ ...env, ZR_REMOTE_CACHE_TOKEN: "x" }, "cache", "status").stdout.toString()).not.toContain(
      ": reachable",
    );
    expect(zr(env, "run", "build").exitCode).toBe(0);
    // Another machine: nothing but what is shared.
    rmSync(join(project, "out"));
    rmSync(join(job.folder, "home/.cache"), { recursive: true });
    const again = zr({ ...env, XDG_CACHE_HOME: join(job.folder, "other-cache") }, "run", "build", "--json");
    expect(again.stdout.toString()).toContain('"state": "cached"');
    expect(readFileSync(join(project, "out"), "utf8")).toBe("built\n");
    // A machine that is used for the next job.
    expect((await job.setUp({ ...inputs, "remote-cache-mode": "read" })).code).toBe(0);
    expect(job.config).toContain('mode = "read"\n');
  } finally {
    await server.stop();
  }
});

test("a configuration that somebody wrote stays as it is", async () => {
  const job = new Job();
  mkdirSync(join(job.folder, "home/.config/zr"), { recursive: true });
  writeFileSync(join(job.folder, "home/.config/zr/config.toml"), "[ui]\n");
  const { code, said } = await job.setUp({ "remote-cache-url": "http://127.0.0.1:1" });
  expect([code, said.split(": put")[0]]).toEqual([
    1,
    `::error title=zr::${job.folder}/home/.config/zr/config.toml is there already`,
  ]);
  expect(job.config).toBe("[ui]\n");
});

const HOSTILE: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ["a version with a command in it", { version: "1;touch x" }, /'1;touch x' is no version/],
  ["a version with a line break", { version: "1\n::warning::x" }, /'1 ::warning::x' is no version/],
  ["a version that leaves the folder", { version: "../../x" }, /is no version/],
  ["a version of dots", { version: ".." }, /is no version/],
  ["a version with an escape", { version: "1%0A::warning::x" }, /'1%250A::warning::x' is no version/],
  ["a version that there is not", { version: "0.0.1" }, /the release 0\.0\.1 can't be had: .*404/],
  ["an address nobody answers at", { releases: "http://127.0.0.1:1/a'b\"c" }, /can't be had/],
  ["an address with a line break", { releases: "http://127.0.0.1:1/\n::warning::x" }, /can't be had/],
  [
    "an unknown type",
    { "remote-cache-url": "x", "remote-cache-type": "x\n[a]" },
    /remote-cache-type is 'x \[a\]'/,
  ],
  [
    "an unknown mode",
    { "remote-cache-url": "x", "remote-cache-mode": 'read"' },
    /remote-cache-mode is 'read"'/,
  ],
  [
    "a quote in the address",
    { "remote-cache-url": 'x"\nauth = "y' },
    /remote-cache-url has more than one line/,
  ],
  [
    "a backslash in the address",
    { "remote-cache-url": "http://x/\\u0022" },
    /remote-cache-url is no address/,
  ],
  ["a token of two lines", { "remote-cache-token": "a\nb" }, /remote-cache-token has more than one line/],
];

test.each(HOSTILE)(
  "%s ends in one line of error, and in nothing that later steps would read",
  async (_, inputs, expected) => {
    const job = new Job();
    const { code, said } = await job.setUp(inputs);
    expect(code).toBe(1);
    expect(said).toMatch(/^::error title=zr::[^\n]+\n$/);
    expect(said).toMatch(expected);
    expect(job.read("path") + job.read("output") + job.read("env") + job.config).toBe("");
    expect(readdirSync(job.folder)).not.toContain("x");
  },
);

test("a token with the characters that the runner escapes is masked as it is", async () => {
  const job = new Job();
  const { said } = await job.setUp({
    "remote-cache-url": "http://127.0.0.1:1",
    "remote-cache-token": "a%0Ab$(x)'\"",
  });
  expect(said).toStartWith("::add-mask::a%250Ab$(x)'\"\n");
  expect(job.stepEnvironment()["ZR_REMOTE_CACHE_TOKEN"]).toBe("a%0Ab$(x)'\"");
});

interface Step {
  readonly if: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

test("action.yml hands every input to its script by a variable, and never into its text", () => {
  // Its shape is what is tested.
  const action = parse(readFileSync(join(REPOSITORY, "action.yml"), "utf8")) as {
    readonly inputs: Readonly<Record<string, { readonly description: string }>>;
    readonly outputs: Readonly<Record<string, { readonly value: string }>>;
    readonly runs: { readonly using: string; readonly steps: readonly Step[] };
  };
  expect(action.runs.using).toBe("composite");
  const wanted = Object.keys(action.inputs).map((name) => [
    `INPUT_${name.toUpperCase().replaceAll("-", "_")}`,
    `\${{ inputs.${name} }}`,
  ]);
  expect(action.runs.steps).toHaveLength(2);
  for (const step of action.runs.steps) {
    expect(Object.entries(step.env)).toEqual(wanted as [string, string][]);
    expect(step.run).not.toContain("${{");
    const script = /scripts\/action\/setup\.\w+/.exec(step.run)?.[0] ?? "";
    const text = readFileSync(join(REPOSITORY, script), "utf8");
    for (const [name = ""] of wanted) expect(text).toContain(name);
  }
  expect(Object.keys(action.outputs)).toEqual(["version", "path"]);
});

testUnless(without("actionlint"))("actionlint has nothing to say of the workflows", () => {
  const folder = join(REPOSITORY, ".github/workflows");
  const files = readdirSync(folder).map((name) => join(folder, name));
  const said = Bun.spawnSync(["actionlint", "-no-color", ...files]);
  expect(said.stdout.toString() + said.stderr.toString()).toBe("");
  expect(files.length).toBeGreaterThan(1);
});

test("the workflows run scripts that are there, and what a caller chooses reaches them by variables only", () => {
  const folder = join(REPOSITORY, ".github/workflows");
  for (const name of readdirSync(folder)) {
    // Their shape is what actionlint tests.
    const { jobs } = parse(readFileSync(join(folder, name), "utf8")) as {
      readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
    };
    for (const { run = "" } of Object.values(jobs).flatMap(({ steps }) => steps)) {
      expect(run).not.toContain("${{");
      for (const [script] of run.matchAll(/\.\/scripts\/[\w-]+/g))
        expect([script, existsSync(join(REPOSITORY, script))]).toEqual([script, true]);
    }
  }
});

test("what the site's workflow builds is what it publishes, at the path that it is published at", () => {
  const workflow = readFileSync(join(REPOSITORY, ".github/workflows/site.yml"), "utf8");
  expect(workflow).toContain('run: ./scripts/site --base "${BASE_PATH%/}/"');
  expect(workflow).toMatch(/upload-pages-artifact@\S+\n\s+with:\n\s+path: dist\/site\n/);
  // `/` for a site of its own, `/zr` for one of several.
  for (const [given, base] of [
    ["", "/"],
    ["/", "/"],
    ["/zr", "/zr/"],
  ]) {
    const shown = Bun.spawnSync(["sh", "-c", 'printf %s "${BASE_PATH%/}/"'], { env: { BASE_PATH: given } });
    expect(shown.stdout.toString()).toBe(base ?? "");
  }
});
