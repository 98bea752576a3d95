import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const FILES: Readonly<Record<string, string>> = {
  "zr.toml": '[workspace]\nmembers = ["packages/*"]\n',
  ".gitignore": ".zr\n",
  "packages/app/zr.toml":
    '[package]\nname = "app"\ndeps = ["lib"]\n[tasks]\ntest = "echo testing app"\nlint = { cmd = "echo linting app", tags = ["ci"] }\n',
  "packages/lib/zr.toml":
    '[package]\nname = "lib"\n[tasks]\ntest = "echo testing lib; exit 3"\nlint = { cmd = "echo linting lib", tags = ["ci"] }\n',
  "packages/docs/zr.toml": '[package]\nname = "docs"\n[tasks]\ntest = "echo testing docs"\n',
  "packages/docs/d.md": "d",
};

async function changedLib(): Promise<Project> {
  const project = await makeProject(FILES, { git: true });
  project.git("checkout", "--quiet", "-b", "topic");
  project.write("packages/lib/x", "x");
  project.git("add", "--all");
  project.git("commit", "--quiet", "--message", "change");
  return project;
}

const CI = { CI: "true" };

test("zr ci run runs what is affected, goes on after a failure and leaves reports", async () => {
  await using project = await changedLib();
  const { stdout, stderr } = await project
    .zrWith({ env: CI }, "ci", "run", "test")
    .expect({ code: 3, stdout: /^/, stderr: /2 tasks: 1 ok, 1 failed/ });
  expect(stdout + stderr).toContain("testing app");
  expect(stdout + stderr).not.toContain("testing docs");
  expect(project.read(".zr/ci/junit.xml")).toContain('<testcase name="test" classname="lib"');
  expect(project.read(".zr/ci/summary.md")).toContain("lib:test");
  expect(JSON.parse(project.read(".zr/ci/run.json")).exitCode).toBe(3);
});

test("without a task those with the tag ci are meant, and --all leaves no package out", async () => {
  await using project = await changedLib();
  await project.zrWith({ env: CI }, "ci", "run", "-v", "--output", "interleaved").expect({
    stdout: /linting (?:app|lib)\nlinting (?:app|lib)\n/,
    stderr: /no CI service is known here; tasks app:lint, lib:lint/,
  });
  await project.zrWith({ env: CI }, "ci", "run", "docs:test").expect({ stderr: "nothing is affected\n" });
  await project
    .zrWith({ env: CI }, "ci", "run", "docs:test", "--all")
    .expect({ stdout: /testing docs/, stderr: /^/ });
});

test("where nothing is affected the reports are there and empty", async () => {
  await using project = await makeProject(FILES, { git: true });
  project.git("checkout", "--quiet", "-b", "topic");
  await project
    .zrWith({ env: { ...CI, ZR_BASE: "main" } }, "ci", "run", "test")
    .expect({ stderr: "nothing is affected\n" });
  expect(project.read(".zr/ci/junit.xml")).toContain('tests="0"');
  expect(project.read(".zr/ci/summary.md")).toContain("Nothing is affected");
});

test("a change that can't be told runs everything, and says so", async () => {
  await using project = await changedLib();
  const env = { ...CI, ZR_BASE: "nowhere" };
  const { stderr } = await project
    .zrWith({ env }, "ci", "run", "test")
    .expect({ code: 3, stdout: /testing docs/, stderr: /everything is run/ });
  expect(stderr).toContain("error[E361]");
  await project
    .zrWith({ env: CI }, "ci", "run", "test", "--base", "nowhere")
    .expect({ code: 2, stderr: /E361/ });
});

test("--job runs one part, and so does a service that starts several jobs", async () => {
  await using project = await changedLib();
  const marks: string[] = [];
  const ran = async (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> => {
    const run = await project
      .zrWith({ env: { ...CI, ...env } }, "ci", "run", "lint", "--all", ...args)
      .expect({ stdout: /^/, stderr: /^shard / });
    marks.push(/division ([0-9a-f]{8}):/.exec(run.stderr)?.[1] ?? "");
    return /linting \w+/.exec(run.stdout)?.[0] ?? "";
  };
  const parts = [await ran({}, "--job", "1/2"), await ran({}, "--job", "2/2")];
  expect(new Set(marks).size).toBe(1);
  expect(parts.toSorted()).toEqual(["linting app", "linting lib"]);
  expect(await ran({ GITLAB_CI: "true", CI_NODE_INDEX: "1", CI_NODE_TOTAL: "2" })).toBe(parts[0]!);
  expect(
    await ran({ BUILDKITE: "true", BUILDKITE_PARALLEL_JOB: "1", BUILDKITE_PARALLEL_JOB_COUNT: "2" }),
  ).toBe(parts[1]!);
  expect(project.exists(".zr/ci/junit-1-of-2.xml")).toBe(true);
});

test("the log is grouped in the form of the service", async () => {
  await using project = await changedLib();
  const log = async (env: Readonly<Record<string, string>>): Promise<string> => {
    const { stdout, stderr } = await project
      .zrWith({ env: { ...CI, ...env } }, "ci", "run", "test", "--jobs", "1")
      .expect({ code: 3, stdout: /^/, stderr: /^/ });
    return stdout + stderr;
  };
  expect(await log({ GITHUB_ACTIONS: "true" })).toMatch(/::group::✗ lib:test .*\n[^]*::endgroup::\n/);
  expect(await log({ GITHUB_ACTIONS: "true" })).toMatch(
    /::error file=packages\/lib\/zr\.toml,line=\d+,title=zr run lib%3Atest::/,
  );
  expect(await log({ TF_BUILD: "True" })).toMatch(/##\[group\]✗ lib:test .*\n[^]*##\[endgroup\]\n/);
  expect(await log({ BUILDKITE: "true" })).toMatch(
    /\+\+\+ ✗ lib:test .*\n[^]*--- ✓ app:test .*\n|--- ✓ app:test .*\n[^]*\+\+\+ ✗ lib:test .*\n/,
  );
  expect(await log({ GITLAB_CI: "true" })).toMatch(
    // oxlint-disable-next-line no-control-regex
    /\u001b\[0Ksection_start:\d+:zr_(\d)\[collapsed=true\]\r\u001b\[0K✗ lib:test .*\n[^]*\u001b\[0Ksection_end:\d+:zr_\1\r\u001b\[0K\n/,
  );
});

describe("a comment on the pull request", () => {
  const TOKEN = "ghs_very-secret-token";

  /** As much of the API of GitHub as is asked for. */
  function fakeGithub(refusal?: number) {
    const comments: { id: number; body: string }[] = [{ id: 7, body: "somebody's" }];
    const asked: string[] = [];
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: async (request) => {
        const { pathname } = new URL(request.url);
        asked.push(`${request.method} ${pathname} ${request.headers.get("authorization")}`);
        if (refusal !== undefined) return new Response(`no, ${TOKEN}`, { status: refusal });
        if (request.method === "GET") return Response.json(comments);
        const { body } = (await request.json()) as { body: string };
        if (request.method === "POST") {
          comments.push({ id: 8, body });
          return Response.json({}, { status: 201 });
        }
        comments.find(({ id }) => pathname.endsWith(`/${id}`))!.body = body;
        return Response.json({});
      },
    });
    const env = {
      ...CI,
      GITHUB_ACTIONS: "true",
      GITHUB_TOKEN: TOKEN,
      GITHUB_REPOSITORY: "owner/name",
      GITHUB_REF: "refs/pull/12/merge",
      GITHUB_BASE_REF: "main",
      GITHUB_API_URL: `http://127.0.0.1:${server.port}`,
    };
    return { comments, asked, env, [Symbol.asyncDispose]: () => server.stop(true) };
  }

  test("is written once and then renewed, and the token is nowhere to be seen", async () => {
    await using project = await changedLib();
    await using github = fakeGithub();
    const first = await project
      .zrWith({ env: github.env }, "ci", "run", "test")
      .expect({ code: 3, stdout: /^/, stderr: /^/ });
    const second = await project
      .zrWith({ env: github.env }, "ci", "run", "test")
      .expect({ code: 3, stdout: /^/, stderr: /^/ });
    expect(github.asked.map((line) => line.replace(` Bearer ${TOKEN}`, ""))).toEqual([
      "GET /repos/owner/name/issues/12/comments",
      "POST /repos/owner/name/issues/12/comments",
      "GET /repos/owner/name/issues/12/comments",
      "PATCH /repos/owner/name/issues/comments/8",
    ]);
    expect(github.comments[0]!.body).toBe("somebody's");
    expect(github.comments[1]!.body).toMatch(/^<!-- zr ci run test -->\n## ✗ zr run [^]*lib:test/);
    expect([first, second].map(({ stdout, stderr }) => stdout + stderr).join("")).not.toContain(TOKEN);
  });

  test("that is refused is told and changes nothing, and --no-comment asks nobody", async () => {
    await using project = await changedLib();
    await using github = fakeGithub(403);
    const { stdout, stderr } = await project
      .zrWith({ env: github.env }, "ci", "run", "lint")
      .expect({ stdout: /^/, stderr: /zr: no comment on the pull request: GitHub answers 403\n$/ });
    expect(stdout + stderr).not.toContain(TOKEN);
    expect(github.asked.length).toBe(1);
    await project
      .zrWith({ env: github.env }, "ci", "run", "lint", "--no-comment")
      .expect({ stdout: /^/, stderr: /^/ });
    expect(github.asked.length).toBe(1);
  });
});

test("zr ci says what it can do", async () => {
  await using project = await changedLib();
  await project.zr("ci").expect({ code: 2, stderr: /error\[E184\]/ });
  await project.zr("ci", "rum").expect({ code: 2, stderr: /error\[E185\][^]*run/ });
  await project.zr("ci", "run", "--bogus").expect({ code: 2, stderr: /error\[E180\]/ });
  await project.zr("ci", "run", "tset").expect({ code: 2, stderr: /error\[E160\]/ });
});
