import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "bun:test";
import { artifactDiagnosticCodes } from "#app/artifact-codes";
import { benchDiagnosticCodes } from "#app/bench-codes";
import { diagnosticCodes, fileDiagnosticCodes } from "#app/diagnostic-codes";
import { scaffoldDiagnosticCodes } from "#app/scaffold/codes";
import { splitWords } from "#base/split-words";
import { cacheDiagnosticCodes } from "#core/cache/codes";
import { hookDiagnosticCodes } from "#core/config/hook-codes";
import { tomlDiagnosticCodes } from "#core/config/toml/codes";
import { workflowDiagnosticCodes } from "#core/workspace/workflow-codes";
import { packageDiagnosticCodes } from "#core/workspace/package-codes";
import { releaseDiagnosticCodes } from "#engine/release/codes";
import { languageDiagnosticCodes } from "#languages/codes";
import { coreDiagnosticCodes } from "#core/model/diagnostic-codes";
import { expectGolden } from "#tests/support/golden";
import { anything, type RunResult } from "#tests/support/run";
import { makeProject, type Project } from "#tests/support/project";

const TABLE: Readonly<Record<string, { readonly example: string; readonly exit?: number }>> = {
  ...tomlDiagnosticCodes,
  ...coreDiagnosticCodes,
  ...fileDiagnosticCodes,
  ...workflowDiagnosticCodes,
  ...artifactDiagnosticCodes,
  ...hookDiagnosticCodes,
  ...benchDiagnosticCodes,
  ...packageDiagnosticCodes,
  ...languageDiagnosticCodes,
  ...cacheDiagnosticCodes,
  ...releaseDiagnosticCodes,
  ...scaffoldDiagnosticCodes,
};

/** What an example needs beside its own text. */
const FILES: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>> = {
  E102: { "zr.toml": Uint8Array.of(0x78, 0x20, 0x3d, 0x20, 0xff, 0xfe, 0x0a) },
  E103: { "zr.toml": `# ${"x".repeat(1024 * 1024)}\n`.repeat(65) },
  E104: { "zr.toml": `[vars]\ndeep = ${"[".repeat(201)}${"]".repeat(201)}\n` },
  E137: {
    "a.toml": '[tasks.build]\ncmd = "make"\n',
    "b.toml": '# the other one\n[tasks.build]\ncmd = "ninja"\n',
  },
  E187: { "zr.toml": "# mine\n" },
  E371: { "app/package.json": '{ "name": }' },
  E157: { "zr.toml": 'include = ["more.toml"]\n' },
  E142: { "a/zr.toml": '[package]\nname = "lib"\n', "b/zr.toml": '[package]\nname = "lib"\n' },
};

/** Examples that are no zr.toml. */
const OTHER_PLACE: Readonly<Record<string, string>> = {
  E153: "../home/.config/zr/config.toml",
  E157: "more.toml",
};

/** A problem of one workflow, found when it is planned. */
const OF_ONE_WORKFLOW = "E263";

/** Problems of one task, found when it is planned; other tasks of the file can be run. */
const OF_ONE_TASK: ReadonlySet<string> = new Set([
  "E168",
  "E171",
  "E172",
  "E173",
  "E174",
  "E175",
  "E176",
  "E177",
  "E178",
  "E179",
  "E189",
  "E263",
]);

/** Codes that keep nothing from being run. */
const WARNINGS: ReadonlySet<string> = new Set(["E144"]);

/** Codes of command lines whose example makes the mistake in the file. */
const MADE_IN_A_FILE: ReadonlySet<string> = new Set(["E163"]);

interface Case {
  readonly code: string;
  readonly toml: string;
  readonly words: readonly string[];
  readonly exit: number;
}

/** Codes without an example yield to nothing but what somebody has done to a file of the state folder. */
const yielded = Object.entries(TABLE).filter(([, { example }]) => example !== "");

const cases = yielded.map(([code, { example, exit: ownExit = 3 }]): Case => {
  const exit = WARNINGS.has(code) ? 0 : MADE_IN_A_FILE.has(code) ? 3 : ownExit;
  const command = /^\$ zr (.*)$/m.exec(example);
  const toml = command === null ? example : example.slice(0, command.index).trimEnd();
  return { code, toml, words: command === null ? ["validate"] : splitWords(command[1] ?? ""), exit };
});

async function projectOf({ code, toml }: Case): Promise<Project> {
  const project = await makeProject({}, { env: { XDG_CONFIG_HOME: undefined } });
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(project.path(path)), { recursive: true });
    writeFileSync(project.path(path), content);
  };
  if (toml !== "") write(OTHER_PLACE[code] ?? "zr.toml", toml);
  if (OTHER_PLACE[code] !== undefined) write("zr.toml", "");
  for (const [path, content] of Object.entries(FILES[code] ?? {})) write(path, content);
  return project;
}

function transcript(words: readonly string[], result: RunResult, project: Project): string {
  const text = `$ zr ${words.join(" ")}\nexit ${result.code}\n\n${result.stdout}${result.stderr}`;
  // Not all that `normalize` replaces: durations are wording here.
  return text
    .replaceAll(project.root, "<root>")
    .replaceAll(project.home, "<home>")
    .replace(/this is \d[\w.-]*/, "this is <version>");
}

describe("each code of the table", () => {
  test.each(cases)("$code is yielded by its example, worded and placed as in its golden", async (one) => {
    await using project = await projectOf(one);
    const result = await project.zr(...one.words).result();
    const severity = WARNINGS.has(one.code) ? "warning" : "error";
    expect(result.stderr).toContain(`${severity}[${one.code}]: `);
    expect(result.code).toBe(one.exit);
    expectGolden(`diagnostics/${one.code}.txt`, transcript(one.words, result, project));
  });

  const ofFiles = cases.filter(({ toml, words }) => words[0] === "validate" && toml !== "");
  test.each(ofFiles.filter(({ code }) => !WARNINGS.has(code)))(
    "$code keeps everything from being run",
    async (one) => {
      await using project = await projectOf(one);
      project.write("zr.local.toml", '[tasks.other]\ncmd = "touch ran"\n');
      const names = [...one.toml.matchAll(/^\[tasks\.(\w+)\]/gm)].map((match) => match[1] ?? "");
      const target = OF_ONE_TASK.has(one.code) ? (names.at(-1) ?? "") : "other";
      const words = one.code === OF_ONE_WORKFLOW ? ["workflow", "release"] : ["run", target];
      await project.zr(...words).expect({ code: 3, stderr: anything });
      expect(existsSync(project.path("ran"))).toBe(false);
    },
  );

  test("what a diagnostic says, its label included, comes from the table and names no placeholder", () => {
    for (const { code } of cases) expect(diagnosticCodes[code]?.message).not.toBe("");
  });
});

describe("problems are reported together", () => {
  test("all of one file, in the order of their places", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.deploy]
        cmd = "true"
        deps = ["biuld", "lint"]
        timeout = "soon"

        [tasks.build]
        cmd = "true"
        retry = -1
        descripton = "x"

        [globl]
        shell = "sh"
      `,
    });
    await project.zr("run", "build").expect({
      code: 3,
      stderr: `
        error[E130]: dependency 'biuld' of task 'deploy' does not exist
          ┌─ zr.toml:3:9
         3│ deps = ["biuld", "lint"]
          │         ^^^^^^^ did you mean 'build'?
          = tasks here: deploy, build

        error[E130]: dependency 'lint' of task 'deploy' does not exist
          ┌─ zr.toml:3:18
         3│ deps = ["biuld", "lint"]
          │                  ^^^^^^
          = tasks here: deploy, build

        error[E115]: 'timeout' of task 'deploy' must be a duration such as "500ms", "30s" or "1h30m", not 'soon'
          ┌─ zr.toml:4:11
         4│ timeout = "soon"
          │           ^^^^^^

        error[E114]: 'retry' of task 'build' must be between 0 and 1000, not -1
          ┌─ zr.toml:8:9
         8│ retry = -1
          │         ^^

        error[E110]: unknown key 'descripton' in task 'build'
          ┌─ zr.toml:9:1
         9│ descripton = "x"
          │ ^^^^^^^^^^ did you mean 'description'?

        error[E111]: unknown section 'globl'
          ┌─ zr.toml:11:2
        11│ [globl]
          │  ^^^^^ did you mean 'global'?
      `,
    });
  });

  test("of all files: includes, members, overlays and broken ones, sorted by file and place", async () => {
    await using project = await makeProject({
      "zr.toml": 'include = ["ci.toml"]\n[workspace]\nmembers = ["app"]\n[tasks.a]\ncmd = 1\n',
      "ci.toml": '[tasks.b]\ncmd = "true"\ntimeout = "x"\nretry = "y"\n',
      "app/zr.toml": '[tasks.c]\ncmd = "true"\ntags = 3\n',
      "zr.local.toml": "[tasks.a]\ncmd = \n",
    });
    const { stderr } = await project.zr("list").expect({ code: 3, stderr: anything });
    expect(stderr.match(/┌─ .*/g)).toEqual([
      "┌─ app/zr.toml:3:8",
      "┌─ ci.toml:3:11",
      "┌─ ci.toml:4:9",
      "┌─ zr.local.toml:2:5",
      "┌─ zr.toml:5:7",
    ]);
  });

  test("what only follows from another problem is not said", async () => {
    await using project = await makeProject({
      "zr.toml": `
        include = ["ci.toml"]
        [tasks.a]
        cmd = 3
        [tasks.b]
        cmd = "true"
        deps = ["of-ci", "a"]
      `,
      "ci.toml": "[tasks.of-ci]\ncmd = ",
    });
    const { stderr } = await project.zr("list").expect({ code: 3, stderr: anything });
    expect(stderr.match(/E\d+/g)).toEqual(["E100", "E112"]);
  });

  test("items before a faulty one of a list are looked at, in their own place", async () => {
    await using project = await makeProject({
      "zr.toml": '[tasks.a]\ncmd = "true"\ndeps = ["nowhere", 3, "nobody"]\n',
    });
    const { stderr } = await project.zr("list").expect({ code: 3, stderr: anything });
    expect(stderr.match(/E\d+.*|zr.toml:.*/g)).toEqual([
      "E130]: dependency 'nowhere' of task 'a' does not exist",
      "zr.toml:3:9",
      "E112]: 'deps[1]' of task 'a' must be a string or a table, not the number 3",
      "zr.toml:3:20",
    ]);
  });
});

describe("did you mean", () => {
  const suggestionsFor = async (wrong: string, names: readonly string[]): Promise<string | undefined> => {
    await using project = await makeProject({
      "zr.toml": `${names.map((name) => `[tasks.${name}]\ncmd = "true"\n`).join("")}`,
    });
    const { stderr } = await project.zr("run", wrong).expect({ code: 2, stderr: anything });
    return /did you mean .*/.exec(stderr)?.[0];
  };

  test("at most three names are offered, the nearest first, ties by name", async () => {
    expect(await suggestionsFor("build", ["builds", "guilds", "bild", "built", "unrelated"])).toBe(
      "did you mean 'bild', 'builds' or 'built'?",
    );
  });

  test("three edits are near enough and four are not", async () => {
    expect(await suggestionsFor("deploy-abc", ["deploy-xyz"])).toBe("did you mean 'deploy-xyz'?");
    expect(await suggestionsFor("deploy-abcd", ["deploy-wxyz"])).toBeUndefined();
  });

  test("a name that shares nothing with a short one is not offered", async () => {
    expect(await suggestionsFor("x", ["a", "b"])).toBeUndefined();
  });

  test.each([
    [["run", "build", "--dryrun"]],
    [["run", "--outptu=raw", "build"]],
    [["lsit"]],
    [["run", "build", "--output=groupd"]],
    [["list", "--profile=prdo"]],
    [["graph", "--format=mermade"]],
  ])("options, commands and their values are suggested too: zr %p", async (words) => {
    await using project = await makeProject({
      "zr.toml": '[profiles.prod.env]\nA = "1"\n[tasks.build]\ncmd = "true"\n',
    });
    await project.zr(...words).expect({ code: 2, stderr: /did you mean '/ });
  });
});

describe("--json", () => {
  test("gives diagnostics as data on stdout, with code, message, file, range and suggestions", async () => {
    await using project = await makeProject({
      "zr.toml": '[tasks.deploy]\ncmd = "true"\ndeps = ["biuld"]\n[tasks.build]\ncmd = "true"\n',
    });
    const { stdout } = await project.zr("list", "--json").expect({ code: 3, stdout: anything });
    expectGolden("diagnostics/json.txt", project.normalize(stdout));
  });

  test("a file that is no TOML, and a usage error, are data too", async () => {
    await using project = await makeProject({ "zr.toml": "[tasks\n" });
    const broken = await project.zr("validate", "--json").expect({ code: 3, stdout: anything });
    expect(JSON.parse(broken.stdout).diagnostics[0]).toMatchObject({
      code: "E100",
      range: { start: { line: 1 } },
    });
    const usage = await project
      .zr("run", "--json", "--nope")
      .expect({ code: 2, stdout: anything, stderr: anything });
    expect(JSON.parse(usage.stdout).diagnostics[0]).toMatchObject({ code: "E180" });
  });
});

describe("the frame", () => {
  test("shows the place inside of a string, escapes counted", async () => {
    await using project = await makeProject({});
    writeFileSync(
      project.path("zr.toml"),
      '[tasks.a]\ncmd = "true"\ncondition = "\\u0062ranch == \\"main\\" && brnch"\n',
    );
    await project.zr("validate").expect({
      code: 3,
      stderr: `
        error[E211]: there is no name \`brnch\`
          ┌─ zr.toml:3:41
         3│ condition = "\\u0062ranch == \\"main\\" && brnch"
          │                                         ^^^^^ unknown name; did you mean 'branch' or 'arch'?
      `,
    });
  });

  test("an edge of a circle is shown with its file and line, also over several files", async () => {
    await using project = await makeProject({
      "zr.toml": 'include = ["b.toml"]\n[tasks.a]\ndeps = ["b"]\n',
      "b.toml": '[tasks.b]\ndeps = ["c"]\n[tasks.c]\ncmd = "true"\nfinally = "a"\n',
    });
    await project.zr("list").expect({
      code: 3,
      stderr: `
        error[E131]: tasks depend on each other in a circle: b → c → a → b
          ┌─ b.toml:2:9
         2│ deps = ["c"]
          │         ^^^ b → c
          ┌─ b.toml:5:11
         5│ finally = "a"
          │           --- c → a
          ┌─ zr.toml:3:9
         3│ deps = ["b"]
          │         --- a → b
      `,
    });
  });
});
