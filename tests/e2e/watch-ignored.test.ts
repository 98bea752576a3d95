import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { end, reruns, waits } from "./watching";

describe("what is not followed", () => {
  const ignoring = {
    ".gitignore": "*.log\n/dist/\n",
    "src/.gitignore": "!kept.log\nsecret\n",
    "src/a": "",
    "zr.toml": `
      [watch]
      ignore = ["**/*.tmp"]
      [tasks]
      all = "true"
      named = { cmd = "true", watch = ["dist/manifest.json", ".git/HEAD", "node_modules/mine/**"] }
      source = { cmd = "true", watch = { paths = ["src/**"], ignore = ["src/generated/**"] } }
    `,
  };
  const silent = [
    "x.log",
    "src/x.log",
    "dist/x",
    "src/secret",
    "node_modules/a/b",
    "src/node_modules/a",
    ".zr/x",
    "src/a.tmp",
    "dist/deep/manifest.json",
    ".git/config",
  ];

  test.each([true, false])(
    "what git ignores, state and packages, unless a task names it (in git: %p)",
    async (git) => {
      await using project = await makeProject(ignoring, { git });
      const run = project.zr("watch", "all", "named", "source");
      await waits(run, 1);
      for (const path of silent) project.put(path, "changed");
      project.put("src/kept.log", "1");
      await waits(run, 2);
      project.put("dist/manifest.json", "1");
      await waits(run, 3);
      project.put("node_modules/mine/x", "1");
      await waits(run, 4);
      project.put(".git/HEAD", "ref: refs/heads/other\n");
      await waits(run, 5);
      project.put("src/generated/x", "1");
      await waits(run, 6);
      expect(reruns(run)).toEqual([
        "changed: src/kept.log → all, source",
        "changed: dist/manifest.json → named",
        "changed: node_modules/mine/x → named",
        "changed: .git/HEAD → named",
        "changed: src/generated/x → all",
      ]);
      await end(run);
    },
  );

  test("a change of an ignore file counts at once", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks]\nt = "true"`,
      ".gitignore": "/late/\n",
      "gen/old": "",
      "late/old": "",
    });
    const run = project.zr("watch", "t");
    await waits(run, 1);
    project.put(".gitignore", "/gen/\n");
    await waits(run, 2);
    project.put("gen/new", "1");
    project.put("other", "1");
    await waits(run, 3);
    project.put(".gitignore", "# nothing\n");
    await waits(run, 4);
    project.put("gen/old", "1");
    await waits(run, 5);
    project.put("late/old", "1");
    await waits(run, 6);
    expect(reruns(run).map((line) => line.replace(" → t", ""))).toEqual([
      "changed: .gitignore",
      "changed: other",
      "changed: .gitignore",
      "changed: gen/old",
      "changed: late/old",
    ]);
    await end(run);
  });

  test.each([[["watch", "t"]], [["watch", "t", "--poll=50ms"]]])(
    "what an ignore file lets in that came with it counts: zr %p",
    async (words) => {
      await using project = await makeProject({
        "zr.toml": `[tasks.t]\ncmd = "true"\nwatch = ["**/*.txt"]`,
        ".gitignore": "/gen/\n/a.txt\n",
        "new/.gitignore": "",
        "new/gen/b.txt": "",
        "new/a.txt": "",
      });
      const run = project.zr(...words);
      await waits(run, 1);
      run.kill("SIGSTOP");
      await Bun.$`mv new/gen new/a.txt new/.gitignore .`.cwd(project.path(".")).quiet();
      run.kill("SIGCONT");
      await run.waitForOutput("a.txt", "stderr");
      await waits(run, 2);
      expect(reruns(run).join()).toContain("gen/b.txt");
      await end(run);
    },
  );

  test("what the tasks declare that they write: outputs, redirected output, artifacts", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.gen]
        cmd = "mkdir -p gen kept; date +%N > gen/x; date +%N > kept/y; date +%N; echo done"
        outputs = ["gen/**"]
        artifacts = ["kept/**"]
        io = { stdout = "file:out.txt" }
        [tasks.after]
        cmd = "true"
        deps = ["gen"]
      `,
    });
    const run = project.zr("watch", "after");
    await waits(run, 1);
    for (let round = 0; round < 3; round += 1) {
      project.put("source", `${round}`);
      await waits(run, round + 2);
    }
    expect(new Set(reruns(run))).toEqual(new Set(["changed: source → gen, after"]));
    expect(reruns(run).length).toBe(3);
    await end(run);
  });

  test("files that each run writes without declaring it: after a few runs they are named and left alone", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.t]\ncmd = "date +%N > generated; echo ran >> .git/runs"\n[watch]\ndebounce = "5ms"`,
      ".git/runs": "",
    });
    const run = project.zr("watch", "t");
    await run.waitForOutput("not run again: the runs themselves write generated.", "stderr");
    expect(project.read(".git/runs").trim().split("\n").length).toBe(5);
    project.put("source", "1");
    await run.waitForOutput("changed: source → t");
    await end(run);
  });

  test("a file that is written again as it was", async () => {
    await using project = await makeProject({
      "zr.toml": `[tasks.t]\ncmd = "true"\nwatch = ["src/**"]`,
      "src/a": "a",
      "src/mark": "",
    });
    const run = project.zr("watch", "t");
    await waits(run, 1);
    project.put("src/a", "b");
    await waits(run, 2);
    project.put("src/a", "b");
    await Bun.spawn(["touch", project.path("src/a")]).exited;
    project.put("src/mark", "1");
    await waits(run, 3);
    expect(reruns(run)).toEqual(["changed: src/a → t", "changed: src/mark → t"]);
    await end(run);
  });
});
