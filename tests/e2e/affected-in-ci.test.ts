import { describe, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const task = (name: string): string =>
  `[package]\nname = "${name}"\n[tasks]\ntest = "echo testing ${name}"\n`;

const FILES: Readonly<Record<string, string>> = {
  "zr.toml": '[workspace]\nmembers = ["packages/*"]\n',
  ".gitignore": ".zr\nevent.json\n",
  "packages/app/zr.toml": task("app"),
  "packages/docs/zr.toml": task("docs"),
};
const CI = { CI: "true" };
const GITHUB = { ...CI, GITHUB_ACTIONS: "true" };
const GONE = "0123456789abcdef0123456789abcdef01234567";
const ZEROS = "0".repeat(40);

function commit(project: Project, path: string): void {
  project.write(path, "text");
  project.git("add", "--all");
  project.git("commit", "--quiet", "--message", "change");
}

/** The base and the affected packages. */
async function affected(project: Project, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await project.zrWith({ env }, "affected", "--list", "--json").expect({ stdout: /^/ });
  const { base, packages } = JSON.parse(stdout);
  return `${base.from}: ${packages.map((one: { name: string }) => one.name).join(", ")}`;
}

/** An event as GitHub Actions writes it. */
function event(project: Project, said: unknown): Readonly<Record<string, string>> {
  project.write("event.json", JSON.stringify(said));
  return { ...GITHUB, GITHUB_EVENT_PATH: project.path("event.json") };
}

describe("in CI", () => {
  test("a job that others have pushed past on the default branch compares with the commit before", async () => {
    await using project = await makeProject(FILES, { git: true });
    commit(project, "packages/app/new");
    const job = project.git("rev-parse", "HEAD").trim();
    commit(project, "packages/docs/new");
    project.git("update-ref", "refs/remotes/origin/main", "HEAD");
    project.git("checkout", "--quiet", "--detach", job);
    expect(await affected(project, CI)).toBe("the commit before: app");
  });

  test.each<[string, (project: Project) => Readonly<Record<string, string>>]>([
    ["GitHub Actions", (of) => event(of, { before: ZEROS, repository: { default_branch: "trunk" } })],
    ["GitLab", () => ({ ...CI, GITLAB_CI: "true", CI_COMMIT_BEFORE_SHA: ZEROS, CI_DEFAULT_BRANCH: "trunk" })],
  ])("the first push of a branch is compared with the default branch that %s names", async (_, env) => {
    await using project = await makeProject(FILES, { git: true });
    project.git("update-ref", "refs/remotes/origin/trunk", "HEAD");
    project.git("branch", "--quiet", "--move", "main", "topic");
    commit(project, "packages/app/new");
    commit(project, "packages/docs/new");
    expect(await affected(project, env(project))).toBe("the default branch: app, docs");
  });

  test("the first push of a branch that CircleCI tells of counts from the commit before its first", async () => {
    await using project = await makeProject(FILES, { git: true });
    project.git("branch", "--quiet", "--move", "main", "trunk");
    commit(project, "packages/app/new");
    const first = project.git("rev-parse", "--short=12", "HEAD").trim();
    commit(project, "packages/docs/new");
    const url = `https://example.com/o/r/compare/${first}^...fedcba654321`;
    expect(await affected(project, { ...CI, CIRCLE_COMPARE_URL: url })).toBe("CIRCLE_COMPARE_URL: app, docs");
  });

  test("after a forced push to the default branch nobody can tell what has changed, so all is run", async () => {
    await using project = await makeProject(FILES, { git: true });
    commit(project, "packages/app/new");
    commit(project, "packages/docs/new");
    const env = event(project, { before: GONE, forced: true });
    const reason = `'${GONE}' (the commit before the push) is no commit of this repository`;
    await project.zrWith({ env }, "affected", "test").expect({ code: 2, stderr: `error[E361]: ${reason}\n` });
    const { stderr } = await project
      .zrWith({ env }, "ci", "run", "test", "--output", "quiet")
      .expect({ stdout: /^/, stderr: /^/ });
    expect(stderr).toContain(reason);
    expect(project.read(".zr/ci/junit.xml")).toMatch(/app[^]*docs/);
    // Another branch has the default one.
    project.git("branch", "start", "HEAD~2");
    project.git("branch", "--quiet", "--move", "main", "topic");
    project.git("branch", "--quiet", "--move", "start", "main");
    expect(await affected(project, env)).toBe("the default branch: app, docs");
  });

  test.each<[string, readonly string[], string]>([
    ["the clone has not", [], "E361"],
    ["a shallow clone has not", ["--depth", "2"], "E362"],
  ])("the first push of a branch has no base where %s the default branch", async (_, depth, code) => {
    await using project = await makeProject(FILES, { git: true });
    project.git("checkout", "--quiet", "-b", "topic");
    for (const path of ["packages/app/new", "packages/docs/new", "packages/docs/newer"])
      commit(project, path);
    project.git("checkout", "--quiet", "main");
    const clone = ["clone", "--quiet", "--single-branch", "--branch", "topic", ...depth];
    project.git(...clone, `file://${project.root}`, "../clone");
    const env = { ...CI, GITLAB_CI: "true", CI_COMMIT_BEFORE_SHA: ZEROS, CI_DEFAULT_BRANCH: "main" };
    await project
      .zrWith({ cwd: "../clone", env }, "affected", "test")
      .expect({ code: 2, stderr: new RegExp(`^error\\[${code}\\]: .*origin/main.*the default branch`) });
  });

  test("a pull request of which only the merge is cloned is compared with what the event says", async () => {
    await using project = await makeProject(FILES, { git: true });
    const before = project.git("rev-parse", "HEAD").trim();
    project.git("checkout", "--quiet", "-b", "topic");
    commit(project, "packages/app/new");
    project.git("checkout", "--quiet", "main");
    commit(project, "packages/docs/new");
    const sha = project.git("rev-parse", "HEAD").trim();
    project.git("checkout", "--quiet", "-b", "merge");
    project.git("merge", "--quiet", "--no-edit", "topic");
    project.git(
      "clone",
      "--quiet",
      "--depth",
      "2",
      "--branch",
      "merge",
      `file://${project.root}`,
      "../clone",
    );
    const env = {
      ...event(project, { pull_request: { base: { sha } }, before }),
      GITHUB_BASE_REF: "main",
    };
    await project
      .zrWith({ cwd: "../clone", env }, "affected", "--list", "--verbose")
      .expect({ stdout: "app\n", stderr: /since .* \(the pull request's base, / });
  });
});
