import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { keptRuns, keptRunsFolder, letFilesAge, run } from "#tests/support/kept-runs";
import { asRoot, notOn, testUnless } from "#tests/support/left-out";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

/* What zr remembers may be anything: a run does, shows and leaves the same as if nothing were remembered. */

const CONFIG = `
  [tasks.build]
  cmd = "cat src.txt > out.txt; cat out.txt"
  cache = true
  inputs = ["src.txt"]
  outputs = ["out.txt"]
`;

const FILES = { "zr.toml": CONFIG, "src.txt": "one\n", ".gitignore": "out.txt\n" };

const forget = (project: Project): void => rmSync(keptRunsFolder(project), { recursive: true, force: true });

/** Of the contents that the cache holds, those of logs among them. */
function blobsOf(project: Project): readonly string[] {
  const folder = join(project.folders.cache, "zr/results/cas");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const makePipe = (path: string): void => {
  rmSync(path, { force: true });
  expect(Bun.spawnSync(["mkfifo", path]).exitCode).toBe(0);
};

describe("a stored result of which the log", () => {
  const DAMAGES: readonly (readonly [string, (path: string) => void])[] = [
    ["is damaged", (path) => writeFileSync(path, "damaged")],
    ["is gone", (path) => rmSync(path)],
    ["is a folder", (path) => (rmSync(path), mkdirSync(path))],
    ["lies behind a circle of links", (path) => (rmSync(path), symlinkSync(path, path))],
    [
      "lies where a file stands for the folder",
      (path) => {
        const folder = join(path, "..");
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "");
      },
    ],
  ];
  test.each(DAMAGES)("%s is none: the task runs and says what it says", async (_, damage) => {
    await using project = await makeProject(FILES);
    expect((await run(project, "build")).stdout).toBe("one\n");
    forget(project);
    for (const path of blobsOf(project)) damage(path);
    const again = await run(project, "build");
    expect(again).toMatchObject({ code: 0, stdout: "one\n" });
    expect(project.read("out.txt")).toBe("one\n");
    expect(again.stderr).not.toContain("cached");
  });

  test("is damaged is stored anew", async () => {
    await using project = await makeProject(FILES);
    await run(project, "build");
    forget(project);
    for (const path of blobsOf(project)) writeFileSync(path, "damaged");
    await run(project, "build");
    forget(project);
    const again = await run(project, "build");
    expect(again).toMatchObject({ code: 0, stdout: "one\n" });
    expect(again.stderr).toContain("cached");
  });
});

testUnless(notOn("linux", "darwin"))(
  "a pipe in the place of what is remembered is not waited for",
  async () => {
    await using project = await makeProject(FILES);
    await run(project, "build");
    for (const name of ["cache/index", "cache/outputs.jsonl", "make-jobserver"]) {
      makePipe(project.path(`.zr/${name}`));
      forget(project);
      expect(await run(project, "build")).toMatchObject({ code: 0, stdout: "one\n" });
    }
    for (const path of blobsOf(project)) makePipe(path);
    forget(project);
    expect(await run(project, "build")).toMatchObject({ code: 0, stdout: "one\n" });
    const inbox = project.path(".zr/history/inbox");
    const [newest = ""] = readdirSync(inbox);
    makePipe(join(inbox, newest));
    expect((await project.zr("history").result()).stdout).toContain("run build");
    makePipe(project.path(".zr/history.db"));
    const history = await project.zr("history").result();
    expect(history).toMatchObject({ code: 0 });
    expect(history.stderr).toContain("it is no regular file");
  },
);

testUnless(notOn("linux", "darwin"))(
  "a link in the place of what is remembered is replaced, not written through",
  async () => {
    await using project = await makeProject({ ...FILES, precious: "precious" });
    await run(project, "build");
    await project.zr("history").result();
    for (const name of ["cache/index", "cache/outputs.jsonl", "make-jobserver", "history/durations.json"]) {
      rmSync(project.path(`.zr/${name}`), { force: true });
      symlinkSync(project.path("precious"), project.path(`.zr/${name}`));
    }
    project.write("src.txt", "two\n");
    letFilesAge(project);
    expect((await run(project, "build")).stdout).toBe("two\n");
    expect(await project.zr("history").result()).toMatchObject({ code: 0 });
    expect(project.read("precious")).toBe("precious");
  },
);

testUnless(asRoot() ?? notOn("linux", "darwin"))(
  "a state folder that may not be looked into is done without",
  async () => {
    await using project = await makeProject(FILES);
    await run(project, "build");
    chmodSync(project.path(".zr"), 0);
    project.write("src.txt", "two\n");
    letFilesAge(project);
    expect(await run(project, "build")).toMatchObject({ code: 0, stdout: "two\n" });
    chmodSync(project.path(".zr"), 0o700);
  },
);

testUnless(notOn("linux", "darwin"))(
  "a kept run that everybody may write is not believed, and made anew",
  async () => {
    await using project = await makeProject(FILES);
    for (let round = 0; round < 3; round += 1) {
      letFilesAge(project);
      await run(project, "build");
    }
    const [kept = ""] = keptRuns(project);
    chmodSync(kept, 0o666);
    expect(await run(project, "build")).toMatchObject({ code: 0, stdout: "one\n" });
    expect(statSync(kept).mode & 0o002).toBe(0);
  },
);

testUnless(notOn("linux", "darwin"))(
  "a cache folder that is named by a path that is not absolute is not made",
  async () => {
    await using project = await makeProject(FILES);
    const env = { XDG_CACHE_HOME: "relative", XDG_DATA_HOME: "relative", HOME: project.path("home") };
    await project.zrWith({ env }, "run", "build").result();
    expect(readdirSync(project.path(".")).includes("relative")).toBe(false);
    expect(statSync(project.path("home/.cache/zr/results")).isDirectory()).toBe(true);
  },
);

testUnless(notOn("linux", "darwin"))("what two runs have made at the same time is not stored", async () => {
  await using project = await makeProject({
    ...FILES,
    "zr.toml": `${CONFIG.replace('cmd = "', 'cmd = "test -e inner || { touch inner; $ZR_INNER run build; }; ')}
    `,
  });
  const env = { ZR_INNER: (await ensureBinary()).join(" ") };
  const first = await project.zrWith({ env }, "run", "build").result();
  expect(first).toMatchObject({ code: 0 });
  const again = await project.zrWith({ env }, "run", "build").result();
  expect(again).toMatchObject({ code: 0, stdout: "one\n" });
  expect(again.stderr).not.toContain("cached");
  expect((await project.zrWith({ env }, "run", "build").result()).stderr).toContain("cached");
});

testUnless(notOn("linux", "darwin"))("a pipe in the place of a page is replaced by the page", async () => {
  await using project = await makeProject(FILES);
  await run(project, "build");
  const page = project.path(".zr/pages/analytics.html");
  mkdirSync(join(page, ".."), { recursive: true });
  makePipe(page);
  await project.zr("analytics").expect({ code: 0, stdout: /analytics\.html/, stderr: /^/ });
  expect(statSync(page).isFile()).toBe(true);
});
