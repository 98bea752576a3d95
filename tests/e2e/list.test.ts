import { describe, expect, test } from "bun:test";
import { expectGolden } from "#tests/support/golden";
import { anything } from "#tests/support/run";
import { makeProject, type Project } from "#tests/support/project";

const SAMPLE = {
  "zr.toml": `
    [workspace]
    members = ["lib"]

    [tasks.build]
    cmd = "true"
    description = "Build everything"
    deps = ["gen", "lib:build"]
    tags = ["ci"]
    aliases = ["b"]

    [tasks.gen]
    cmd = "true"
    group = "Code"
    description = "Generate sources"

    [tasks._hidden]
    cmd = "true"

    [tasks.deploy]
    cmd = "true"
    group = "Release"
    args = [{ name = "env", required = true, choices = ["prod", "dev"] }, { name = "dry" }]
  `,
  "lib/zr.toml": '[tasks.build]\ncmd = "true"\ndescription = "Build the library"\ntags = ["ci", "lib"]\n',
};
const sample = (): Promise<Project> => makeProject(SAMPLE);

describe("zr list", () => {
  test.each([
    [[], "list/plain.txt"],
    [["--all"], "list/all.txt"],
    [["--tree"], "list/tree.txt"],
    [["--tags", "lib"], "list/tags.txt"],
    [["--package", "lib"], "list/package.txt"],
    [["*:build"], "list/pattern.txt"],
    [["dep"], "list/word.txt"],
    [["nothing-like-it"], "list/none.txt"],
    [["--json"], "list/json.txt"],
  ] as const)("with %p prints what its golden says", async (words, name) => {
    await using project = await sample();
    const { stdout } = await project.zr("list", ...words).expect({ stdout: anything });
    expectGolden(name, project.normalize(stdout));
  });

  test("in a package shows the package's tasks first", async () => {
    await using project = await sample();
    const { stdout } = await project.zrWith({ cwd: "lib" }, "list").expect({ stdout: anything });
    expectGolden("list/in-package.txt", stdout);
  });

  test("is what zr does without a word where there is no terminal", async () => {
    await using project = await sample();
    const listed = await project.zr("list").expect({ stdout: anything });
    await project.zr().expect({ stdout: listed.stdout });
  });

  test("ends quietly where nobody reads on", async () => {
    await using project = await makeProject({});
    const tasks = Array.from(
      { length: 5000 },
      (_, index) => `[tasks.task-${index}]\ncmd = "true"\ndescription = "${"x".repeat(60)}"\n`,
    );
    project.write("zr.toml", tasks.join(""));
    const { ensureBinary } = await import("#tests/support/binary");
    const zr = (await ensureBinary()).map((word) => `'${word}'`).join(" ");
    const ran = Bun.spawnSync(
      ["bash", "-c", `set -o pipefail; ${zr} list | head -1; echo "\${PIPESTATUS[0]}" >&2`],
      { cwd: project.root, env: project.environment() },
    );
    expect(ran.stdout.toString()).toMatch(/^ {2}task-0 +x/);
    expect(ran.stderr.toString().trim()).toMatch(/^(0|141)$/);
  });
});

describe("colour", () => {
  const ESCAPE = "\u001b";

  test("is not used in a pipe, nor where NO_COLOR is set", async () => {
    await using project = await sample();
    const piped = await project.zrWith({ env: { NO_COLOR: undefined } }, "list").expect({ stdout: anything });
    expect(piped.stdout).not.toContain(ESCAPE);
    const refused = await project
      .zrWith({ env: { NO_COLOR: undefined } }, "run", "nope")
      .expect({ code: 2, stderr: anything });
    expect(refused.stderr).not.toContain(ESCAPE);
  });

  test("is used where it is asked for, over NO_COLOR, and not where it is refused, over FORCE_COLOR", async () => {
    await using project = await sample();
    const asked = await project.zr("list", "--color", "always").expect({ stdout: anything });
    expect(asked.stdout).toContain(ESCAPE);
    for (const words of [["--color=never"], ["--no-color"]]) {
      const refused = await project
        .zrWith({ env: { NO_COLOR: undefined, FORCE_COLOR: "1" } }, "list", ...words)
        .expect({ stdout: anything });
      expect(refused.stdout).not.toContain(ESCAPE);
    }
    const forced = await project
      .zrWith({ env: { NO_COLOR: undefined, FORCE_COLOR: "1" } }, "list")
      .expect({ stdout: anything });
    expect(forced.stdout).toContain(ESCAPE);
  });

  test("changes nothing but colour", async () => {
    await using project = await sample();
    const plain = await project.zr("list", "--tree").expect({ stdout: anything });
    const coloured = await project.zr("list", "--tree", "--color=always").expect({ stdout: anything });
    expect(Bun.stripANSI(coloured.stdout)).toBe(plain.stdout);
  });

  test("data is never coloured", async () => {
    await using project = await sample();
    for (const words of [["list"], ["show", "build"], ["graph"], ["which", "build"], ["explain", "build"]]) {
      const { stdout } = await project.zr(...words, "--json", "--color=always").expect({ stdout: anything });
      expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    }
  });
});
