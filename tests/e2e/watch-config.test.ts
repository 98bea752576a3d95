import { rename } from "node:fs/promises";
import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";
import { end, finish, reruns, waits } from "./watching";

describe("rules", () => {
  const files = {
    "zr.toml": `
      [watch.rules]
      "docs/**" = "site"
      "{a,b}.txt" = ["one", "two"]
      [tasks]
      site = { cmd = "echo site", deps = ["prepare"], watch = ["never/**"] }
      prepare = "echo prepare"
      one = "echo one"
      two = "echo two"
      main = { cmd = "echo main", watch = ["main/**"] }
    `,
  };

  test("--all runs what they name when files match, and nothing of it before", async () => {
    await using project = await makeProject(files);
    const run = project.zr("watch", "--all");
    await waits(run, 1);
    expect(run.stdout()).toBe("");
    project.put("docs/x", "1");
    await waits(run, 2);
    project.put("b.txt", "1");
    await waits(run, 3);
    project.put("c.txt", "1");
    project.put("a.txt", "1");
    await waits(run, 4);
    expect(reruns(run)).toEqual([
      "changed: docs/x → prepare, site",
      "changed: b.txt → one, two",
      "changed: a.txt → one, two",
    ]);
    await end(run);
  });

  test("--all beside tasks follows both; without it the rules sleep", async () => {
    await using project = await makeProject(files);
    const both = project.zr("watch", "main", "--all");
    const alone = project.zr("watch", "main");
    await Promise.all([waits(both, 1), waits(alone, 1)]);
    expect(await both.waitForOutput(/^[^]+\n/, "stdout")).toBe("main\n");
    project.put("docs/x", "1");
    await waits(both, 2);
    project.put("main/x", "1");
    await Promise.all([waits(both, 3), waits(alone, 2)]);
    expect(reruns(both)).toEqual(["changed: docs/x → prepare, site", "changed: main/x → main"]);
    expect(reruns(alone)).toEqual(["changed: main/x → main"]);
    await Promise.all([end(both), end(alone)]);
  });
});

describe("a changed configuration", () => {
  test("is read again: what it changes is run, new tasks and folders are followed", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\na = { cmd = "echo a", watch = ["a/**"] }\nb = { cmd = "echo b", watch = ["b/**"], deps = ["a"] }`,
    });
    const run = project.zr("watch", "b", "--output", "prefixed");
    await waits(run, 1);
    project.put(
      "zr.toml",
      `# only a comment\n[tasks]\na = { cmd = "echo a", watch = ["a/**"] }\nb = { cmd = "echo b", watch = ["b/**"], deps = ["a"] }`,
    );
    await waits(run, 2);
    expect(reruns(run)).toEqual([]);
    project.put(
      "zr.toml",
      `[tasks]\na = { cmd = "echo a", watch = ["a/**"] }\nb = { cmd = "echo new", watch = ["new/**"], deps = ["a"] }`,
    );
    await waits(run, 3);
    await run.waitForOutput("new", "stdout");
    project.put("new/x", "1");
    await waits(run, 4);
    expect(reruns(run)).toEqual(["changed: zr.toml → b", "changed: new/x → b"]);
    await end(run);
  });

  test("with an error is told of, and the one from before stays in use", async () => {
    await using project = await makeProject({
      "zr.toml": `include = ["more.toml"]\n[tasks]\na = { cmd = "echo a", watch = ["a/**"] }`,
      "more.toml": `[tasks]\nb = "true"`,
    });
    const run = project.zr("watch", "a");
    await waits(run, 1);
    project.put("more.toml", "[tasks]\nb = 3");
    await run.waitForOutput(/error\[E\d+\][^]*the configuration from before stays in use/, "stderr");
    await waits(run, 2);
    project.put("a/x", "1");
    await waits(run, 3);
    project.put("more.toml", "[tasks]\nb = 'true'");
    await run.waitForOutput("the configuration was read again", "stderr");
    await end(run);
  });

  test("may be what lets a task run that could not be run so far", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.a]\ncmd = "echo hello"\nrequired_env = ["NAME_OF_IT"]\nwatch = ["a/**"]`,
    });
    const run = project.zr("watch", "a");
    await run.waitForOutput(/error\[E\d+\][^]*NAME_OF_IT[^]*watching 1 task/, "stderr");
    project.put(
      "zr.toml",
      `env.NAME_OF_IT = "x"\n[tasks.a]\ncmd = "echo hello"\nrequired_env = ["NAME_OF_IT"]`,
    );
    await waits(run, 2);
    expect(await run.waitForOutput(/^[^]+\n/, "stdout")).toBe("hello\n");
    await end(run);
  });
});

test("a manifest is a source of its package as well as a part of the configuration", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["web"]\n',
    "web/package.json": '{ "name": "web" }',
    "web/zr.toml": '[tasks]\nshow = "cat package.json"\n',
  });
  const run = project.zr("watch", "web:show");
  await waits(run, 1);
  project.put("web/package.json", '{ "name": "web", "version": "1.0.0" }');
  await waits(run, 2);
  expect(reruns(run)).toEqual(["changed: web/package.json → web:show"]);
  project.put("web/zr.toml", '[tasks]\n# as before\nshow = "cat package.json"\n');
  await waits(run, 3);
  expect(reruns(run).length).toBe(1);
  await end(run);
});

test("packages that appear are run and followed, those that go are no more, by name and by pattern", async () => {
  const task = (name: string): string => `[tasks.t]\ncmd = "${cmd(name)}"\npersistent = ${name === "b"}\n`;
  await using project = await makeProject({
    "zr.toml": `[workspace]\nmembers = ["packages/*/*"]`,
    "packages/group/a/zr.toml": task("a"),
    "packages/group/a/file": "",
  });
  const runs = [project.zr("run", "--watch", "t", "--all"), project.zr("watch", "*:t")] as const;
  const each = (work: (run: (typeof runs)[number]) => Promise<unknown>): Promise<unknown> =>
    Promise.all(runs.map(work));
  const finishBoth = async (name: string): Promise<void> => {
    await finish(project, name);
    await finish(project, name);
  };
  await finishBoth("a");
  await each((run) => waits(run, 1));
  project.put("packages/other/b/zr.toml", task("b"));
  const servers = [await project.command("b").started(), await project.command("b").started()];
  await each((run) => waits(run, 2));
  await rename(project.path("packages/other"), project.path("elsewhere"));
  await Promise.all(servers.map((server) => server.signalled("SIGTERM")));
  await each((run) => waits(run, 3));
  project.put("packages/group/a/file", "1");
  await finishBoth("a");
  await each((run) => waits(run, 4));
  for (const run of runs)
    expect(reruns(run)).toEqual([
      "changed: packages/other/b/zr.toml → packages/other/b:t",
      "changed: packages/group/a/file → packages/group/a:t",
    ]);
  await each(end);
});

test("a folder that gets a manifest is a package from then on", async () => {
  const manifest = (name: string): string => JSON.stringify({ name, scripts: { t: "true" } });
  await using project = await makeProject({
    "package.json": JSON.stringify({ name: "root", workspaces: ["packages/*"] }),
    "packages/a/package.json": manifest("a"),
  });
  const run = project.zr("run", "--watch", "t", "--all");
  await waits(run, 1);
  project.put("packages/b/index.js", "1");
  project.put("packages/b/package.json", manifest("b"));
  await waits(run, 2);
  project.put("packages/b/index.js", "2");
  await waits(run, 3);
  expect(reruns(run).at(-1)).toBe("changed: packages/b/index.js → b:t");
  await end(run);
});
