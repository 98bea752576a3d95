import { chmodSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { COPY, IGNORE, cacheRun, cacheRunWith, copying, runsOf } from "./cache-runs";
import { eventsOf } from "./events";

test("each cause of a miss is named", async () => {
  await using project = await copying({ "root.lock": "1\n" });
  const config = (cmd: string, more = ""): string =>
    `[workspace]\nmembers = []\nglobal_inputs = ["root.lock"]\n[tasks.build]\ncmd = "${cmd}"\ncache = true\ninputs = ["src/**"]\nenv_inputs = ["MODE", "VITE_*"]\n${more}`;
  const why = async (
    options: { env?: Record<string, string> } = {},
    ...args: string[]
  ): Promise<string | undefined> => (await cacheRunWith(project, options, "build", ...args)).why["build"];
  project.write("zr.toml", config("true"));
  expect(await why()).toBe("no result of it is stored");
  expect(await why()).toBeUndefined();
  project.write("src/a.txt", "b\n");
  expect(await why()).toBe("input src/a.txt changed");
  project.write("src/new.txt", "");
  expect(await why()).toBe("input src/new.txt is new");
  project.remove("src/new.txt");
  project.write("src/a.txt", "c\n");
  expect(await why()).toBe("input src/a.txt changed, input src/new.txt is gone");
  project.write("zr.toml", config("exit 0"));
  expect(await why()).toBe("command changed");
  project.write("root.lock", "2\n");
  expect(await why()).toBe("global input root.lock changed");
  expect(await why({ env: { MODE: "fast" } })).toBe("variable MODE changed");
  expect(await why({ env: { MODE: "fast", VITE_X: "1" } })).toBe("variable VITE_X added");
  expect(await why({ env: { MODE: "fast", VITE_X: "1", OTHER: "1" } })).toBeUndefined();
  project.write("zr.toml", config("exit 0", 'env = { LEVEL = "2" }'));
  expect(await why()).toMatch(/variable LEVEL added/);
  project.write("zr.toml", config("exit 0", "shell = 'bash'"));
  expect(await why()).toMatch(/shell changed/);
  expect(await why({}, "-e", "FLAG=1")).toMatch(/variable FLAG added/);
  project.write("zr.toml", config("exit 0", "io = { stdin = 'file:stdin.txt' }"));
  project.write("stdin.txt", "1");
  expect(await why()).toMatch(/redirections added, .*input stdin.txt is new/);
  expect(await why({}, "--force")).toBe("--force");
});

test("salt and platform are part of a key where a task asks for it, and a result is not used after its ttl", async () => {
  await using project = await makeProject({});
  const why = async (cache: string): Promise<string | undefined> => {
    project.write("zr.toml", `[tasks.build]\ncmd = "true"\ncache = ${cache}\ninputs = []`);
    return (await cacheRun(project, "build")).why["build"];
  };
  await why("true");
  expect(await why('{ salt = "1" }')).toBe("salt added");
  expect(await why('{ salt = "2" }')).toBe("salt changed");
  expect(await why('{ salt = "2", platform = true }')).toBe("platform added");
  expect(await why('{ salt = "2", platform = true, ttl = "1d" }')).toBeUndefined();
  expect(await why('{ salt = "2", platform = true, ttl = "0s" }')).toBe("its result is older than its ttl");
});

test("a change upstream that makes the same outputs goes no further; one that makes others does", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [tasks.gen]
        cmd = "mkdir -p out; head -1 src/a.txt > out/gen"
        cache = true
        inputs = ["src/**"]
        outputs = ["out/**"]
        [tasks.build]
        cmd = "cat out/gen > built"
        deps = ["gen"]
        cache = true
        inputs = []
        outputs = ["built"]
        [tasks.test]
        cmd = "cat built"
        deps = ["build"]
        cache = true
        inputs = []
      `,
      "src/a.txt": "one\n# comment\n",
    },
    { git: true },
  );
  await cacheRun(project, "test");
  project.write("src/a.txt", "one\n# another comment\n");
  expect((await cacheRun(project, "test")).states).toEqual({
    gen: "success",
    build: "cached",
    test: "cached",
  });
  project.write("src/a.txt", "two\n");
  const third = await cacheRun(project, "test");
  expect(third.states).toEqual({ gen: "success", build: "success", test: "success" });
  expect(third.why["test"]).toBe("upstream build changed");
  project.write("src/a.txt", "one\n# comment\n");
  project.remove("built");
  expect((await cacheRun(project, "test")).states).toEqual({
    gen: "cached",
    build: "cached",
    test: "cached",
  });
  expect(project.read("built")).toBe("one\n");
});

test("a change of a task that is not cached reaches the cached ones behind it, also through groups", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [tasks.setup]
        cmd = "true"
        inputs = ["setup.txt"]
        [tasks.all]
        deps = ["setup"]
        [tasks.build]
        cmd = "true"
        deps = ["all"]
        cache = true
        inputs = []
      `,
      "setup.txt": "1",
    },
    { git: true },
  );
  await cacheRun(project, "build");
  expect((await cacheRun(project, "build")).states).toEqual({
    setup: "success",
    all: "success",
    build: "cached",
  });
  project.write("setup.txt", "2");
  expect((await cacheRun(project, "build")).why).toEqual({ build: "upstream all changed" });
});

test("files that a task has made without declaring them count for those behind it, in the same run already", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [tasks.gen]
        cmd = "echo $(cat seed) > generated"
        [tasks.build]
        cmd = "cat generated > built"
        deps = ["gen"]
        cache = true
        outputs = ["built"]
      `,
      seed: "1",
    },
    { git: true },
  );
  await cacheRun(project, "build");
  expect((await cacheRun(project, "build")).states).toEqual({ gen: "success", build: "cached" });
  project.write("seed", "2");
  expect((await cacheRun(project, "build")).why["build"]).toMatch(
    /^input generated changed, input seed changed/,
  );
  expect(project.read("built")).toBe("2\n");
});

test("what a cached task calls is part of its key, and is not called for a hit", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [tasks.part]
        cmd = "cat part.txt > part.out"
        inputs = ["part.txt"]
        outputs = ["part.out"]
        [tasks.build]
        cmds = [{ task = "part" }, "cat part.out > built"]
        cache = true
        inputs = []
        outputs = ["built"]
      `,
      "part.txt": "1\n",
    },
    { git: true },
  );
  await cacheRun(project, "build");
  const second = await cacheRun(project, "build");
  expect(second.states["build"]).toBe("cached");
  expect(eventsOf(second.stdout).some(({ type }) => type === "instance.started")).toBe(false);
  project.write("part.txt", "2\n");
  expect((await cacheRun(project, "build")).states["build"]).toBe("success");
  expect(project.read("built")).toBe("2\n");
});

test("a cache folder in the workspace is nobody's input", async () => {
  await using project = await copying();
  project.write("zr.toml", `[cache]\nlocal_dir = "results"\n${COPY}`);
  await cacheRun(project, "build");
  expect((await cacheRun(project, "build")).states).toEqual({ build: "cached" });
});

test("a file that can't be read, as an input, is no result for ever: the task is run without the cache", async () => {
  await using project = await copying();
  Bun.spawnSync(["mkfifo", project.path("src/pipe")]);
  project.write("zr.toml", '[tasks.build]\ncmd = "echo ran >> log"\ncache = true\ninputs = ["src/pipe"]');
  for (const _ of [1, 2])
    await project
      .zr("run", "build")
      .expect({ stderr: /build is not cached: its input src\/pipe can't be read/ });
  expect(runsOf(project)).toBe(2);
});

test("without inputs, every file of the package that git does not ignore counts, not those of packages inside, nor outputs", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [workspace]
        members = ["pkg"]
        [tasks.build]
        cmd = "echo x > made"
        cache = true
        outputs = ["made"]
      `,
      "pkg/zr.toml": "",
      "pkg/a": "",
      ".gitignore": "ignored\n",
      tracked: "",
    },
    { git: true },
  );
  const why = async (): Promise<string | undefined> => (await cacheRun(project, "build")).why["build"];
  await why();
  project.write("ignored", "1");
  project.write("pkg/a", "1");
  project.write("made", "by hand");
  expect(await why()).toBeUndefined();
  expect(project.read("made")).toBe("x\n");
  project.write("untracked", "1");
  expect(await why()).toBe("input untracked is new");
  project.remove("tracked");
  expect(await why()).toBe("input tracked is gone");
});

test("without git the ignore files say what counts", async () => {
  await using project = await makeProject({
    "zr.toml": COPY,
    ".gitignore": IGNORE,
    "src/a.txt": "a\n",
    "src/.gitignore": "*.tmp\n",
  });
  await cacheRun(project, "build");
  project.write("src/b.tmp", "");
  expect((await cacheRun(project, "build")).states).toEqual({ build: "cached" });
  project.write("src/b.txt", "");
  expect((await cacheRun(project, "build")).why["build"]).toBe("input src/b.txt is new");
});

test("inputs may take out, add to the default, reach other packages, and name what git ignores", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `[workspace]\nmembers = ["app", "lib"]`,
      "app/zr.toml": `
        [tasks.build]
        cmd = "true"
        cache = true
        inputs = ["$default", "!docs/**", "//lib/*.h", "cfg/local.json"]
      `,
      "app/docs/a.md": "",
      "app/a.c": "",
      "app/cfg/local.json": "1",
      "lib/zr.toml": "",
      "lib/x.h": "",
      "lib/x.c": "",
      ".gitignore": "cfg/\n",
    },
    { git: true },
  );
  const changed = async (path: string): Promise<string | undefined> => {
    project.write(path, `${path}\n`);
    return (await cacheRun(project, "app:build")).why["app:build"];
  };
  await cacheRun(project, "app:build");
  expect(await changed("app/docs/a.md")).toBeUndefined();
  expect(await changed("lib/x.c")).toBeUndefined();
  expect(await changed("lib/x.h")).toBe("input //lib/x.h changed");
  expect(await changed("app/a.c")).toBe("input a.c changed");
  expect(await changed("app/cfg/local.json")).toBe("input cfg/local.json changed");
});

test("the executable bit, the target of a link, empty files and unusual names are told apart", async () => {
  const odd = `${"long".repeat(50)} ünï€ 'quoted' \t tab`;
  await using project = await copying({ "src/empty": "", [`src/${odd}`]: "1" });
  symlinkSync("a.txt", project.path("src/link"));
  const why = async (): Promise<string | undefined> => (await cacheRun(project, "build")).why["build"];
  await why();
  expect(await why()).toBeUndefined();
  chmodSync(project.path("src/a.txt"), 0o755);
  expect(await why()).toBe("input src/a.txt changed");
  project.remove("src/link");
  symlinkSync("empty", project.path("src/link"));
  expect(await why()).toBe("input src/link changed");
  project.write("src/empty", "x");
  expect(await why()).toBe("input src/empty changed");
  project.write(`src/${odd}`, "2");
  expect(await why()).toBe(`input src/${odd} changed`);
});

test("an edit that leaves size and time of a file as they were is seen", async () => {
  await using project = await copying();
  await cacheRun(project, "build");
  const { atime, mtime } = statSync(project.path("src/a.txt"));
  for (const text of ["b\n", "c\n", "d\n"]) {
    writeFileSync(project.path("src/a.txt"), text);
    utimesSync(project.path("src/a.txt"), atime, mtime);
    expect((await cacheRun(project, "build")).states).toEqual({ build: "success" });
    expect(project.read("dist/out")).toBe(text);
  }
});

test.each([
  ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
  [
    "changed",
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 30), Buffer.from("!"), bytes.subarray(31)]),
  ],
  ["something else", () => Buffer.from("nothing of the kind")],
  ["empty", () => Buffer.alloc(0)],
])("a remembered state of files that is %s is passed over", async (_what, damage) => {
  await using project = await copying();
  const old = new Date("2020-01-01T00:00:00Z");
  utimesSync(project.path("src/a.txt"), old, old);
  await cacheRun(project, "build");
  const index = project.path(".zr/cache/index");
  writeFileSync(index, damage(readFileSync(index)));
  expect((await cacheRun(project, "build")).states).toEqual({ build: "cached" });
  project.write("src/a.txt", "b\n");
  expect((await cacheRun(project, "build")).states).toEqual({ build: "success" });
});

test("a dependency file adds inputs from the second run on, in a fresh checkout too", async () => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [tasks.cc]
        cmd = "cat a.c inc/x.h > a.o; printf 'a.o: a.c \\\\\\n inc/x.h\\n' > a.d"
        cache = true
        inputs = ["*.c"]
        outputs = ["a.o"]
        depfile = "a.d"
      `,
      "a.c": "c\n",
      "inc/x.h": "h1\n",
      ".gitignore": "a.o\na.d\n",
    },
    { git: true },
  );
  await cacheRun(project, "cc");
  expect((await cacheRun(project, "cc")).states).toEqual({ cc: "cached" });
  project.write("inc/x.h", "h2\n");
  expect((await cacheRun(project, "cc")).why["cc"]).toBe("input inc/x.h changed");
  project.remove("a.o");
  project.remove("a.d");
  expect((await cacheRun(project, "cc")).states).toEqual({ cc: "cached" });
  expect(project.read("a.o")).toBe("c\nh2\n");
  project.remove("a.o");
  project.remove("a.d");
  project.write("inc/x.h", "h3\n");
  expect((await cacheRun(project, "cc")).states).toEqual({ cc: "success" });
  expect(project.read("a.o")).toBe("c\nh3\n");
});

test("a file whose name is no UTF-8 can't be looked at: the task is run without the cache", async () => {
  await using project = await copying();
  Bun.spawnSync(["sh", "-c", `echo x > "$(printf 'src/\\377')"`], { cwd: project.root });
  for (const _ of [1, 2]) {
    const { notes, states } = await cacheRun(project, "build");
    expect(states).toEqual({ build: "success" });
    expect(notes[0]).toMatch(/^build is not cached: the name of its input src\/.* is no UTF-8$/);
  }
});

test.each([
  ["a file", "touch \"dist/$(printf 'b\\377')\""],
  ["a folder", "mkdir -p \"dist/$(printf 'b\\377')\"; touch \"dist/$(printf 'b\\377')/x\""],
])(
  "a result is not stored without %s that is made beside it under a name that is no UTF-8",
  async (...[, make]) => {
    await using project = await makeProject({
      "in.txt": "1",
      "make.sh": `rm -rf dist; mkdir dist; cp in.txt dist/out; ${make}`,
      "zr.toml": `
      [tasks.build]
      cmd = "sh make.sh"
      cache = true
      inputs = ["in.txt", "make.sh"]
      outputs = ["dist/**"]
    `,
    });
    for (const _ of [1, 2]) {
      const { notes, states } = await cacheRun(project, "build");
      expect(states).toEqual({ build: "success" });
      expect(notes[0]).toMatch(/^the result of build is not stored: the name of dist\/b.* is not UTF-8$/);
    }
  },
);

test("two checkouts share results, wherever they lie", async () => {
  await using project = await makeProject({});
  for (const checkout of ["one", "deep/two"]) {
    project.write(`${checkout}/zr.toml`, `${COPY}\nenv = { PLACE = "\${workspace.root}/x" }`);
    project.write(`${checkout}/src/a.txt`, "a\n");
    project.write(`${checkout}/.gitignore`, IGNORE);
  }
  await cacheRunWith(project, { cwd: "one" }, "build");
  const second = await cacheRunWith(project, { cwd: "deep/two" }, "build");
  expect(second.states).toEqual({ build: "cached" });
  expect(project.read("deep/two/dist/out")).toBe("a\n");
});

test("what runs before a task makes is none of its own inputs, however far before and whether git ignores it", async () => {
  await using project = await makeProject(
    {
      "zr.toml": '[workspace]\nmembers = ["a", "b"]\n',
      "a/zr.toml": `
        [package]
        name = "a"
        [tasks.first]
        cmd = "echo first > made.txt"
        cache = true
        inputs = ["source.txt"]
        outputs = ["made.txt"]
        [tasks.last]
        cmd = "cat made.txt > end.txt"
        cache = true
        outputs = ["end.txt"]
        deps = ["b:between"]
      `,
      "b/zr.toml": `
        [package]
        name = "b"
        [tasks.between]
        cmd = "true"
        cache = true
        deps = ["a:first"]
      `,
      "a/source.txt": "a\n",
    },
    { git: true },
  );
  await cacheRun(project, "a:last");
  const cached = { "a:first": "cached", "b:between": "cached", "a:last": "cached" };
  expect((await cacheRun(project, "a:last")).states).toEqual(cached);
  project.remove("a/made.txt");
  project.remove("a/end.txt");
  expect((await cacheRun(project, "a:last")).states).toEqual(cached);
});
