import { expect, test } from "bun:test";
import { ensureBinary } from "#tests/support/binary";
import { notOn, testUnless } from "#tests/support/left-out";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const FILES = {
  "zr.toml": `
    [tasks]
    build = "echo built > out.txt"
    bad = "echo trouble; exit 4"
    keeps = { cmd = "echo kept > kept.txt", artifacts = ["kept.txt"] }
    [alias]
    b = "run build"
  `,
};

/** What comes to standard output with a command, as the one document that it has to be. */
async function documentOf(
  project: Project,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly document: Record<string, unknown>; readonly code: number | null }> {
  const { stdout, code } = await project.zrWith({ env }, ...words).result();
  return { document: JSON.parse(stdout), code };
}

test.each([
  ["run build --repeat 3 --json", 0, { exitCode: 0 }],
  ["run bad --until-fail --json", 4, { exitCode: 4 }],
  ["bench bad --runs 2 --json", 4, { diagnostics: [{ code: "E296" }] }],
  ["ci run build --json", 0, { exitCode: 0 }],
  ["ci generate --check --json", 1, { state: "created", written: false }],
  ["cache pull --json", 0, { instances: [] }],
  ["artifacts clean --all --json", 0, { dryRun: false, removed: [], bytes: 0 }],
  ["clean --state --yes --json", 0, { dryRun: false }],
  ["alias set c run build --json", 0, { set: { name: "c", expansion: "run build" } }],
  ["alias remove b --json", 0, { removed: { name: "b" } }],
  ["alias --format json", 0, { aliases: [{ name: "b" }] }],
  ["fmt --check --format json", 0, { changed: [] }],
  ["init --force --dry-run --format json", 0, { written: false }],
  ["init --detect --force --dry-run --format json", 0, { written: false }],
] as const)("%s prints one document", async (line, code, says) => {
  await using project = await makeProject(FILES);
  await project.zr("fmt").result();
  const made = await documentOf(project, line.split(" "));
  expect(made).toMatchObject({ code, document: { v: 1, ...says } });
});

test("a run that is repeated or has nothing to repeat is one document too", async () => {
  await using project = await makeProject(FILES);
  await project.zr("run", "build", "bad", "-k").result();
  expect(await documentOf(project, ["rerun", "--json"])).toMatchObject({
    code: 4,
    document: { exitCode: 4, instances: [{}, {}] },
  });
  expect(await documentOf(project, ["rerun", "--failed", "--format", "json"])).toMatchObject({
    code: 4,
    document: { exitCode: 4 },
  });
  await project.zr("run", "build").result();
  for (const words of ["rerun --failed --json", "run --retry-failed --json"])
    expect(await documentOf(project, words.split(" "))).toMatchObject({
      code: 0,
      document: { instances: [] },
    });
});

test("kept files that are fetched are told as data, those that are in the way among them", async () => {
  await using project = await makeProject(FILES);
  await project.zr("run", "keeps").result();
  const path = project.path("got/kept.txt");
  const get = ["artifacts", "get", "last", "-o", "got", "--json"];
  expect(await documentOf(project, get)).toMatchObject({
    code: 0,
    document: { files: [{ path, problem: null }] },
  });
  expect(await documentOf(project, get)).toMatchObject({
    code: 1,
    document: { files: [{ path, problem: expect.any(String) }] },
  });
  expect(await documentOf(project, ["artifacts", "clean", "--all", "--json"])).toMatchObject({
    document: { removed: [{ task: "keeps" }], bytes: 5 },
  });
});

test.each([
  ["--format as a word of its own", ["list", "--nope", "--format", "json"], {}],
  ["ZR_JSON", ["list", "--nope"], { ZR_JSON: "1" }],
  ["ZR_FORMAT", ["list", "--nope"], { ZR_FORMAT: "json" }],
  ["ZR_JSON beside a variable that is wrong", ["list"], { ZR_JSON: "1", ZR_JOBS: "many" }],
] as const)("a command line that can't be read is told as data with %s", async (_how, words, env) => {
  await using project = await makeProject(FILES);
  expect(await documentOf(project, words, env)).toMatchObject({
    code: 2,
    document: { diagnostics: [{ severity: "error" }] },
  });
});

test("a command line that can't be read is told in the colours that it asks for", async () => {
  await using project = await makeProject(FILES);
  const stderrOf = async (words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> =>
    (await project.zrWith({ env }, ...words).result()).stderr;
  for (const words of [
    ["--no-color", "list", "--nope"],
    ["list", "--nope", "--color", "never"],
  ])
    expect(await stderrOf(words, { FORCE_COLOR: "1" })).not.toContain("\u001B");
  expect(await stderrOf(["list", "--nope", "--color=always"], {})).toContain("\u001B");
  expect(await stderrOf(["list", "--nope"], { ZR_COLOR: "always" })).toContain("\u001B");
});

test("a format that a command does not have is refused by every command that has one", async () => {
  await using project = await makeProject(FILES);
  for (const words of ["setup", "doctor", "add task t", "template list", "upgrade", "init", "fmt", "alias"])
    await project
      .zr(...words.split(" "), "--format", "jsn")
      .expect({ code: 2, stderr: /option '--format' must be one of text, json, not 'jsn'/ });
});

test("what a failed benchmark prints is no part of its data", async () => {
  await using project = await makeProject(FILES);
  await project
    .zr("bench", "bad", "--runs", "2", "--csv")
    .expect({ code: 4, stdout: "", stderr: /trouble\n/ });
});

testUnless(notOn("linux"))(
  "a setup whose lines can't be written is told of as any other output",
  async () => {
    const program = await ensureBinary();
    await using project = await makeProject(FILES, {
      program: ["sh", "-c", 'exec "$0" "$@" >/dev/full', ...program],
    });
    await project.zr("setup", "--check").expect({
      code: 2,
      stderr: /^error\[E190\]: can't write standard output: no space left on device\n$/,
    });
  },
);
