import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { COPY, cacheRun, cacheRunWith, copying, runsOf } from "./cache-runs";
import { eventsOf, outcomesOf, outputOf } from "./events";

test("a task whose inputs are as they were is not run: its outputs are put back and its log is told again", async () => {
  await using project = await copying();
  await project.zr("run", "build").expect({ stdout: "built\n", stderr: "warned\n" });
  project.remove("dist");
  const { stdout } = await project
    .zr("run", "build", "--events", "-")
    .expect({ stdout: anything, stderr: anything });
  expect(outcomesOf(stdout)["build"]).toMatchObject({ state: "cached", reason: { kind: "cache" } });
  expect(outputOf(stdout, "build")).toBe("built\n");
  expect(outputOf(stdout, "build", "stderr")).toBe("warned\n");
  expect(eventsOf(stdout).some(({ type }) => type === "instance.started")).toBe(false);
  expect(project.read("dist/out")).toBe("a\n");
  expect(runsOf(project)).toBe(1);
});

test("the summary counts what was cached and the time that saved", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [defaults.tasks]
      cache = true
      [tasks.a]
      cmd = "sleep 0.1; touch a.ran"
      inputs = []
      [tasks.b]
      cmd = "sleep 0.1; touch b.ran"
      inputs = []
    `,
  });
  await project.zr("run", "a", "b").expect({ stderr: anything });
  await project.zr("run", "a", "b").expect({ stderr: /2 tasks: 2 cached · .* · <time> saved/ });
});

test("a result that only a second try has made is stored", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.flaky]
      cmd = "test -e tried || { touch tried; exit 1; }; echo well"
      cache = true
      inputs = []
      retry = 1
    `,
  });
  expect((await cacheRun(project, "flaky")).states).toEqual({ flaky: "success" });
  const second = await cacheRun(project, "flaky");
  expect([second.states, outputOf(second.stdout, "flaky")]).toEqual([{ flaky: "cached" }, "well\n"]);
});

test("stages of a workflow and tasks around a run are cached as others are", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "echo a >> log"
      cache = true
      inputs = []
      [tasks.b]
      cmd = "echo b >> log"
      deps = ["a"]
      cache = true
      inputs = []
      [workflows.ci]
      stages = [{ name = "one", tasks = ["a"] }, { name = "two", tasks = ["b"] }]
    `,
  });
  for (const _ of [1, 2]) await project.zr("workflow", "ci").expect({ stdout: anything, stderr: anything });
  expect(project.read("log")).toBe("a\nb\n");
});

test("a failure is not cached, and neither is what was made while inputs were edited", async () => {
  await using project = await copying();
  project.write(
    "zr.toml",
    `[tasks.bad]\ncmd = "exit 3"\ncache = true\n[tasks.fmt]\ncmd = "echo formatted > src/a.txt"\ncache = true`,
  );
  await cacheRun(project, "bad");
  expect((await cacheRun(project, "bad")).states).toEqual({ bad: "failed" });
  const first = await cacheRun(project, "fmt");
  expect(first.notes).toEqual(["the result of fmt is not stored: while it ran, input src/a.txt changed"]);
  expect((await cacheRun(project, "fmt")).states).toEqual({ fmt: "success" });
  expect((await cacheRun(project, "fmt")).states).toEqual({ fmt: "cached" });
});

test("--no-cache and --force run what is stored; the second stores it anew", async () => {
  await using project = await copying();
  for (const args of [[], ["--no-cache"], ["--force"], ["--cache=remote:off,local:w"], ["--repeat", "2"]])
    await project.zr("run", "build", ...args).expect({ stdout: anything, stderr: anything });
  expect(runsOf(project)).toBe(6);
  await project.zr("run", "build", "--cache=local:r").expect({ stdout: anything, stderr: anything });
  expect(runsOf(project)).toBe(6);
  project.write("src/a.txt", "other");
  for (const _ of [1, 2])
    await project.zr("run", "build", "--cache=local:r").expect({ stdout: anything, stderr: anything });
  expect(runsOf(project)).toBe(8);
  await project.zr("run", "build", "--cache=everything").expect({ code: 2, stderr: /local:rw,remote:r/ });
});

test.each([["enabled = false"], ['mode = "off"']])(
  "[cache] %s switches it off, and a profile switches it on again",
  async (setting) => {
    await using project = await copying();
    project.write(
      "zr.toml",
      `[cache]\n${setting}\n[profiles.ci.cache]\nenabled = true\nmode = "read-write"\n${COPY}`,
    );
    for (const _ of [1, 2]) await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
    expect(runsOf(project)).toBe(2);
    for (const _ of [1, 2])
      await project.zr("run", "build", "--profile=ci").expect({ stdout: anything, stderr: anything });
    expect(runsOf(project)).toBe(3);
  },
);

test("a folder that can't be used for the cache is a warning, and the run goes on", async () => {
  await using project = await copying({ file: "" });
  project.write("zr.toml", `[cache]\nlocal_dir = "file/below"\n${COPY}`);
  await project
    .zr("run", "build")
    .expect({ stdout: "built\n", stderr: /the run goes on without a cache: .*file\/below/ });
});

test("log = hash shows the key instead of the log, log = none nothing", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.hash]
      cmd = "echo said"
      cache = { log = "hash" }
      [tasks.none]
      cmd = "echo said"
      cache = { log = "none" }
    `,
  });
  for (const task of ["hash", "none"]) await project.zr("run", task).expect({ stdout: "said\n" });
  await project.zr("run", "hash").expect({ stderr: /^cached under [0-9a-f]{64}\n/ });
  await project.zr("run", "none").expect({ stderr: /none cached: saved <time>/ });
});

test("a cached task shares its output again", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.version]
      cmd = "echo '{\\"v\\": \\"1.2\\"}'"
      cache = { log = "none" }
      share_output = "json"
      [tasks.use]
      cmd = "echo got \${output.version.v}"
      deps = ["version"]
    `,
  });
  await cacheRun(project, "use");
  const again = await cacheRun(project, "use");
  expect(again.states).toEqual({ version: "cached", use: "success" });
  expect(outputOf(again.stdout, "use")).toBe("got 1.2\n");
});

test("a secret is in no file of the cache, neither its value nor a digest that anybody could try out, and its change is seen", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.deploy]
      cmd = "echo token is $API_TOKEN; touch done"
      cache = true
      inputs = []
      env_inputs = ["API_TOKEN"]
    `,
  });
  const secret = "s3cr3t-value-of-token";
  await cacheRunWith(project, { env: { API_TOKEN: secret } }, "deploy");
  const again = await cacheRunWith(project, { env: { API_TOKEN: secret } }, "deploy");
  expect(again.states).toEqual({ deploy: "cached" });
  expect(outputOf(again.stdout, "deploy")).toMatch(/^token is \*+\n$/);
  const shown = await project
    .zrWith({ env: { API_TOKEN: secret } }, "explain", "deploy", "--json")
    .expect({ stdout: anything });
  const part = JSON.parse(shown.stdout).instances[0].recipe.parts.find(
    (one: { kind: string }) => one.kind === "env",
  );
  expect(part).toMatchObject({ name: "API_TOKEN", digest: expect.stringMatching(/^hmac:[0-9a-f]{64}$/) });
  const plain = new Bun.CryptoHasher("sha256").update(secret).digest("hex");
  const files = [project.folders.cache, project.path(".zr")].flatMap((folder) => [
    ...new Bun.Glob("**/*").scanSync({ cwd: folder, absolute: true, dot: true }),
  ]);
  for (const file of files) {
    const text = readFileSync(file, "latin1");
    expect([file, text.includes(secret), text.includes(plain)]).toEqual([file, false, false]);
  }
  const other = await cacheRunWith(project, { env: { API_TOKEN: "another-value-of-token" } }, "deploy");
  expect(other.why["deploy"]).toBe("variable API_TOKEN changed");
});

test("conditions come before the cache, the cache before status and confirm", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.a]
      cmd = "touch ran"
      cache = true
      inputs = []
      status = "echo asked >> asked; false"
      condition = "env.SKIP != '1'"
      confirm = "Sure?"
    `,
  });
  await project.zr("run", "a", "--yes").expect({ stderr: anything });
  await project.zr("run", "a").expect({ stderr: /a cached: saved/ });
  expect(project.read("asked")).toBe("asked\n");
  await project.zrWith({ env: { SKIP: "1" } }, "run", "a").expect({ stderr: /a skipped/ });
});

test("a dry run and explain say what the cache would do, and do nothing", async () => {
  await using project = await copying();
  await project.zr("run", "build", "--dry-run").expect({ stdout: /would miss: no result of it is stored/ });
  await cacheRun(project, "build");
  project.remove("dist");
  await project.zr("run", "build", "--dry-run").expect({ stdout: /asked for · in \. · would hit\n/ });
  await project.zr("run", "build", "--dry-run", "--no-cache").expect({ stdout: /· would run\n/ });
  await project.zr("run", "build", "--dry-run", "--force").expect({ stdout: /would run: --force/ });
  const { stdout } = await project.zr("explain", "build").expect({ stdout: anything });
  expect(stdout).toMatch(/^build  would hit\n/);
  expect(stdout).toMatch(
    /key   [0-9a-f]{64}\n {4}command +command, folder, outputs, shell\n {4}input +\.gitignore, src\/a\.txt\n/,
  );
  project.write("src/a.txt", "b\n");
  await project.zr("explain", "build").expect({ stdout: /^build  would miss: input src\/a\.txt changed\n/ });
  expect(project.exists("dist")).toBe(false);
  expect(runsOf(project)).toBe(1);
});

test("a dry run says of what is behind a miss that it depends on what that makes", async () => {
  await using project = await copying({
    "zr.toml": `${COPY}\n[tasks.test]\ncmd = "cat dist/out"\ndeps = ["build"]\ncache = true\ninputs = ["test.txt"]`,
    "test.txt": "",
  });
  await cacheRun(project, "test");
  project.write("src/a.txt", "b\n");
  await project
    .zr("run", "test", "--dry-run")
    .expect({ stdout: /would hit if build makes what it has made before/ });
  project.write("test.txt", "b\n");
  await project
    .zr("run", "test", "--dry-run")
    .expect({ stdout: /would likely miss: input test\.txt changed/ });
});

test("a task without what it depends on is not cached, since nobody knows what that has made", async () => {
  await using project = await copying({
    "zr.toml": `${COPY}\n[tasks.test]\ncmd = "cat dist/out"\ndeps = ["build"]\ncache = true\ninputs = []`,
  });
  await cacheRun(project, "test");
  for (const text of ["changed by hand\n", "and once more\n"]) {
    writeFileSync(project.path("dist/out"), text);
    await project.zr("run", "test", "--only").expect({ stdout: text, stderr: anything });
  }
});

test("what a run goes on with after a failure has the same key as in a whole run", async () => {
  await using project = await copying({
    "zr.toml": `${COPY}\n[tasks.test]\ncmd = "cat dist/out; test -e fixed"\ndeps = ["build"]\ncache = true\ninputs = []`,
  });
  await project.zr("run", "test").expect({ code: 1, stdout: anything, stderr: anything });
  project.write("fixed", "");
  await project.zr("run", "--retry-failed").expect({ stdout: anything, stderr: anything });
  expect((await cacheRun(project, "test")).states).toEqual({ build: "success", test: "cached" });
});

test.each([
  ["outputs that overlap", 'outputs = ["dist/**"]', "E311"],
  ["outputs that overlap by names", 'outputs = ["dist/*.{css,o*}"]', "E311"],
  ["outputs of a matrix that overlap", 'outputs = ["x/**"]\nmatrix = { os = ["a", "b"] }', "E311"],
  ["outputs outside the workspace", 'outputs = ["../x"]', "E310"],
  ["outputs that are the whole package", 'outputs = ["**"]', "E310"],
  ["inputs outside the workspace", 'inputs = ["../x"]', "E310"],
  ["persistent", "persistent = true", "E179"],
  ["interactive", "interactive = true", "E179"],
])("refused before anything runs, and by validate: %s", async (_what, more, code) => {
  await using project = await copying();
  project.write("zr.toml", `${COPY}\n[tasks.other]\ncmd = "true"\ncache = true\n${more}`);
  await project.zr("run", "other").expect({ code: 3, stderr: new RegExp(code) });
  await project.zr("validate").expect({ code: 3, stdout: anything, stderr: new RegExp(code) });
});

test("allow_overlap, folders of their own and a default for all tasks are fine", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [defaults.tasks]
      cache = true
      [tasks.js]
      cmd = "true"
      outputs = ["dist/js/**", "dist/*.js"]
      [tasks.css]
      cmd = "true"
      outputs = ["dist/*.css"]
      [tasks.all]
      cmd = "true"
      outputs = ["dist"]
      allow_overlap = true
      [tasks.serve]
      cmd = "true"
      persistent = true
    `,
  });
  await project.zr("validate").expect({ stdout: anything });
});
