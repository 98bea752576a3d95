import { chmodSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { keptRuns, keptRunsFolder, letFilesAge, run } from "#tests/support/kept-runs";
import type { Shown } from "#tests/support/kept-runs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

/*
 * Runs of which most is as it was for the last one: what nothing has happened to is told of and not looked at, and all else
 * is done as if nothing were known.
 */

const TASK = (name: string, deps: string): string => `
  [tasks.${name}]
  cmd = "echo built ${name} >> ../log; cat ${name}.txt ${deps} > ${name}.out && echo ${name} says $(cat ${name}.txt)"
  cache = true
  inputs = ["${name}.txt"]
  outputs = ["${name}.out"]
  deps = [${deps
    .split(" ")
    .filter((dep) => dep !== "")
    .map((dep) => `"${dep.replace(".out", "")}"`)
    .join(", ")}]
`;

/** `b` and `c` go by `a`; `other` by nothing. */
const FILES: Readonly<Record<string, string>> = {
  "zr.toml": `
    [tasks.all]
    deps = ["a", "b", "c", "other"]
    ${TASK("a", "")}${TASK("b", "a.out")}${TASK("c", "b.out")}${TASK("other", "")}
  `,
  "a.txt": "1",
  "b.txt": "2",
  "c.txt": "3",
  "other.txt": "4",
  ".gitignore": "*.out\n",
};
const MADE = ["a.out", "b.out", "c.out", "other.out"];

/** Runs until a run has told of nothing but what was there, and that is kept. */
async function settle(project: Project, ...words: readonly string[]): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    letFilesAge(project);
    await run(project, ...words);
  }
  letFilesAge(project);
  expect(keptRuns(project).length).toBeGreaterThan(0);
  rmSync(project.path("../log"), { force: true });
}

/** What has been built since, in order. */
const built = (project: Project): readonly string[] =>
  existsSync(project.path("../log")) ? readFileSync(project.path("../log"), "utf8").trim().split("\n") : [];

const made = (project: Project): readonly string[] =>
  MADE.map((name) => readFileSync(project.path(name), "utf8"));

const remove = (project: Project, name: string): void => rmSync(project.path(name), { force: true });

const forget = (project: Project): void => rmSync(keptRunsFolder(project), { recursive: true, force: true });

describe.each([
  ["with the files that git lists", true],
  ["without git", false],
])("a change is seen (%s):", (_, git) => {
  const CHANGES: readonly (readonly [string, (project: Project) => void, readonly string[]])[] = [
    ["of an input of one", (project) => project.write("other.txt", "x"), ["built other"]],
    ["of what others go by", (project) => project.write("a.txt", "x"), ["built a", "built b", "built c"]],
    ["of one in the middle", (project) => project.write("b.txt", "x"), ["built b", "built c"]],
    ["of an output, which is put back", (project) => project.write("b.out", "damaged"), []],
    ["an output that is gone, which is put back", (project) => remove(project, "a.out"), []],
    [
      "of an input and another's output",
      (project) => {
        project.write("other.txt", "x");
        remove(project, "c.out");
      },
      ["built other"],
    ],
    ["of a command", (project) => project.write("zr.toml", `${FILES["zr.toml"]}\n[env]\nNEW = "1"\n`), []],
  ];
  test.each(CHANGES)("%s", async (__, change, expected) => {
    await using project = await makeProject(FILES, { git });
    await using plain = await makeProject(FILES, { git });
    await settle(project, "all");
    change(project);
    change(plain);
    const shown = await run(project, "all");
    expect(shown.code).toBe(0);
    if (expected.length > 0) expect([...built(project)].sort()).toEqual([...expected].sort());
    await plain.zr("run", "all", "--no-cache").result();
    expect(made(project)).toEqual(made(plain));
    // And all of it is known the next time.
    rmSync(project.path("../log"), { force: true });
    letFilesAge(project);
    expect((await run(project, "all")).stderr).toContain("4 cached");
    expect(built(project)).toEqual([]);
    expect(made(project)).toEqual(made(plain));
  });
});

/** Paths of the entries of the cache. */
const entriesOf = (project: Project): readonly string[] => {
  const store = join(project.folders.cache, "zr/results");
  const entries = [...new Bun.Glob("ac/*/*").scanSync({ cwd: store, absolute: true })];
  expect(entries.length).toBeGreaterThan(0);
  return entries;
};

const withoutTimes = (text: string): readonly string[] =>
  text
    .replaceAll(/\b\d+(?:\.\d+)?m?s\b/g, "TIME")
    .replaceAll(
      /"(run|wallMs|at|seq|pid|durationMs|cpuMs|readBytes|writtenBytes)":(?:"[^"]*"|[\d.]+)/g,
      '"$1":_',
    )
    .replaceAll(/ · (critical path|speed-up) [^·\n]*/g, "")
    .split("\n")
    .sort();

describe.each([
  ["as it comes", ""],
  ["by tasks", '[global]\noutput = "grouped"'],
  ["by lines", '[global]\noutput = "prefixed"'],
  ["as events", '[global]\nlog_format = "json"'],
])("shown %s,", (_, settings) => {
  test("what nothing has happened to looks as it would if it had been looked at", async () => {
    const files = { ...FILES, "zr.toml": `${settings}\n${FILES["zr.toml"]}` };
    await using project = await makeProject(files, { git: true });
    const showChanged = async (isForgotten: boolean, text: string): Promise<Shown> => {
      await settle(project, "all");
      project.write("b.txt", text);
      if (isForgotten) forget(project);
      return run(project, "all");
    };
    const [known, looked] = [await showChanged(false, "x"), await showChanged(true, "y")];
    expect(known.stdout).toContain("other says 4");
    expect(withoutTimes(known.stdout.replaceAll("says x", "says y"))).toEqual(withoutTimes(looked.stdout));
    expect(withoutTimes(known.stderr.replaceAll("says x", "says y"))).toEqual(withoutTimes(looked.stderr));
  });
});

test("the history and the exit code know of all of them, also where one fails", async () => {
  await using project = await makeProject(FILES, { git: true });
  await settle(project, "all");
  project.remove("b.txt");
  const { code, stderr } = await run(project, "all");
  expect(code).toBe(1);
  expect(stderr).toContain("1 failed");
  const { stdout } = await project.zr("history", "last", "--json").result();
  const { instances } = JSON.parse(stdout) as { instances: readonly { id: string; state: string }[] };
  expect(Object.fromEntries(instances.map(({ id, state }) => [id, state]))).toEqual({
    a: "cached",
    all: "blocked",
    b: "failed",
    c: "blocked",
    other: "cached",
  });
});

describe("outputs that are put back without a look at what they are made of:", () => {
  const MANY = `
    [tasks.all]
    deps = ["each"]
    [tasks.each]
    matrix = { n = [${Array.from({ length: 120 }, (_, number) => `"${number}"`).join(", ")}] }
    cmd = "mkdir -p out/\${matrix.n} && cat in.txt > out/\${matrix.n}/text && echo \${matrix.n} >> out/\${matrix.n}/text; echo \${matrix.n} >> ../log"
    cache = true
    inputs = ["in.txt"]
    outputs = ["out/\${matrix.n}/**"]
  `;

  test("very many of them, and those that are other files now", async () => {
    await using project = await makeProject({ "zr.toml": MANY, "in.txt": "x\n", ".gitignore": "out\n" });
    await settle(project, "all");
    rmSync(project.path("out"), { recursive: true });
    project.write("out/7/text", "something else\n");
    project.write("out/8/more", "something else\n");
    expect((await run(project, "all")).stderr).toContain("120 cached");
    for (let number = 0; number < 120; number += 1)
      expect(project.read(`out/${number}/text`)).toBe(`x\n${number}\n`);
    expect(existsSync(project.path("out/8/more"))).toBe(false);
    expect(built(project)).toEqual([]);
  });

  test("very many of one task", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.make]
        cmd = "mkdir -p out/a/b && for n in $(seq 300); do echo $n > out/a/b/$n; done; echo made >> ../log"
        cache = true
        inputs = ["in.txt"]
        outputs = ["out/**"]
      `,
      "in.txt": "x\n",
      ".gitignore": "out\n",
    });
    await settle(project, "make");
    rmSync(project.path("out"), { recursive: true });
    project.write("out/a/more", "x\n");
    expect((await run(project, "make")).stderr).toContain("cached");
    for (let number = 1; number <= 300; number += 1)
      expect(project.read(`out/a/b/${number}`)).toBe(`${number}\n`);
    expect(existsSync(project.path("out/a/more"))).toBe(false);
    expect(built(project)).toEqual([]);
  });

  test("what the cache does not hold any more is made anew, and what is behind it is looked at", async () => {
    await using project = await makeProject(FILES, { git: true });
    await settle(project, "all");
    for (const path of entriesOf(project)) rmSync(path);
    remove(project, "a.out");
    expect((await run(project, "all")).code).toBe(0);
    expect(built(project)).toEqual(["built a", "built b", "built c"]);
    expect(made(project)).toEqual(["1", "21", "321", "4"]);
  });

  test("what can't be put where it belongs is run, for it to say so or to find a way", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.make]
        cmd = "mkdir -p out/in && cat in.txt > out/in/text && echo made >> ../log"
        cache = true
        inputs = ["in.txt"]
        outputs = ["out/in/**"]
      `,
      "in.txt": "x\n",
      ".gitignore": "out\n",
    });
    await settle(project, "make");
    renameSync(project.path("out"), project.path("../elsewhere"));
    symlinkSync(project.path("../elsewhere"), project.path("out"));
    rmSync(project.path("../elsewhere/in/text"));
    await run(project, "make");
    expect(built(project)).toEqual(["made"]);
  });

  test("what is damaged in the cache is made anew", async () => {
    await using project = await makeProject(FILES, { git: true });
    await settle(project, "all");
    for (const path of entriesOf(project)) writeFileSync(path, "damaged");
    for (const name of MADE) remove(project, name);
    expect((await run(project, "all")).code).toBe(0);
    expect([...built(project)].sort()).toEqual(["built a", "built b", "built c", "built other"]);
    expect(made(project)).toEqual(["1", "21", "321", "4"]);
  });
});

test("one change after another, with no run between them that has nothing to do: all else is known all the same", async () => {
  const numbers = Array.from({ length: 100 }, (_, number) => `${number}`);
  await using project = await makeProject({
    "zr.toml": `
      [tasks.all]
      deps = ["each"]
      [tasks.each]
      matrix = { n = ${JSON.stringify(numbers)} }
      cmd = "cat in/\${matrix.n}.txt > out/\${matrix.n} && echo \${matrix.n} >> ../log; echo \${matrix.n} says $(cat in/\${matrix.n}.txt)"
      cache = true
      inputs = ["in/\${matrix.n}.txt"]
      outputs = ["out/\${matrix.n}"]
    `,
    ...Object.fromEntries(numbers.map((number) => [`in/${number}.txt`, "1"])),
    "out/.keep": "",
    ".gitignore": "out\n",
  });
  const runAll = async (): Promise<Shown> => {
    letFilesAge(project);
    rmSync(project.path("../log"), { force: true });
    return run(project, "all");
  };
  await runAll();
  project.write("in/7.txt", "2");
  await runAll();
  expect(built(project)).toEqual(["7"]);
  // What is not looked at is not missed in the cache.
  for (const path of entriesOf(project)) rmSync(path);
  project.write("in/8.txt", "2");
  const shown = await runAll();
  expect([...built(project)].sort()).toEqual(["7", "8"]);
  expect(shown.stderr).toContain("98 cached");
  expect(shown.stdout.trim().split("\n").sort()).toEqual(
    numbers.map((number) => `${number} says ${number === "7" || number === "8" ? 2 : 1}`).sort(),
  );
  for (const number of numbers)
    expect(project.read(`out/${number}`)).toBe(number === "7" || number === "8" ? "2" : "1");
});

test("one change after another from the beginning: git lists the files of the workspace once", async () => {
  const packages = Array.from({ length: 70 }, (_, number) => `p${number}`);
  await using project = await makeProject(
    {
      "zr.toml": '[workspace]\nmembers = ["p*"]\n',
      ".gitignore": "out\n",
      "../bin/git": `#!/bin/sh\ncase $1 in ls-files) echo asked >> "$ASKED" ;; esac\nexec "$GIT" "$@"\n`,
      ...Object.fromEntries(
        packages.flatMap((name) => [
          [`${name}/in.txt`, "1"],
          [
            `${name}/zr.toml`,
            `[tasks.make]\ncmd = "cat *.txt > out && echo ${name} >> ../../log"\ncache = true\noutputs = ["out"]\n`,
          ],
        ]),
      ),
    },
    { git: true },
  );
  chmodSync(project.path("../bin/git"), 0o755);
  const asked = project.path("../asked");
  const { PATH = "" } = process.env;
  const runAll = async (isAtOnce = false): Promise<readonly string[]> => {
    if (!isAtOnce) letFilesAge(project);
    rmSync(project.path("../log"), { force: true });
    rmSync(asked, { force: true });
    const env = { PATH: `${project.path("../bin")}:${PATH}`, ASKED: asked, GIT: Bun.which("git") ?? "" };
    expect((await project.zrWith({ env }, "run", "make").result()).code).toBe(0);
    return built(project);
  };
  await runAll();
  expect(existsSync(asked)).toBe(true);
  // Also what has been written so short before that nobody can tell whether it is written again.
  letFilesAge(project);
  project.write("p7/in.txt", "2");
  expect(await runAll(true)).toEqual(["p7"]);
  project.write("p7/in.txt", "3");
  expect(await runAll(true)).toEqual(["p7"]);
  expect(existsSync(asked)).toBe(false);
  project.write("p8/in.txt", "3");
  expect([...(await runAll())].sort()).toEqual(["p8"]);
  expect(existsSync(asked)).toBe(false);
  // A file more is seen, by whoever lists the files then.
  project.write("p7/more.txt", "4");
  expect(await runAll()).toEqual(["p7"]);
  expect(project.read("p7/out")).toBe("34");
});
