import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { testUnless, without } from "#tests/support/left-out";

const PLATFORMS = ["github-actions", "gitlab", "circleci", "buildkite"] as const;
const TYPES = ["basic", "monorepo", "release"] as const;

const FILES = {
  ".gitignore": ".zr\nzr.local.toml\n",
  "zr.toml": `
    [workspace]
    members = ["packages/*"]
    default_base = "main"

    [tasks]
    release = "echo released"
  `,
  "packages/a/zr.toml": '[tasks]\ntest = "echo testing a"\n',
  "packages/b/zr.toml": '[tasks]\ntest = "echo testing b"\n',
};

type Yaml = null | string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml };

/** Every text below a key of one of these names, in their order: the commands of a file, whatever its service. */
function commandsOf(
  value: Yaml,
  keys: readonly string[] = ["run", "script", "before_script", "commands"],
): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const isCommand = keys.includes(key);
    if (isCommand && typeof item === "string") return [item];
    if (isCommand && Array.isArray(item) && item.every((one) => typeof one === "string")) return item;
    return commandsOf(item, keys);
  });
}

const parsed = (text: string): Yaml => parse(text) as Yaml;

/** A shell script as the service would run it, with zr on PATH and nothing to be downloaded. */
async function runAsService(
  project: Project,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const [binary = "zr"] = await ensureBinary();
  const child = Bun.spawn(["bash", "-euo", "pipefail", "-c", script], {
    cwd: project.root,
    env: {
      ...project.environment(),
      ...env,
      PATH: `${project.path("fake")}:${dirname(binary)}:${process.env["PATH"]}`,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [code, out, err] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()]);
  if (code !== 0) throw new Error(`${script}\nended with ${code}\n${out}${err}`);
  return out;
}

/** A `curl` that gives an empty script, which is what `sh` then runs. */
function fakeCurl(project: Project): void {
  mkdirSync(project.path("fake"));
  writeFileSync(project.path("fake/curl"), "#!/bin/sh\necho 'echo installed \"$@\"'\n");
  chmodSync(project.path("fake/curl"), 0o755);
}

const SERVICE: Readonly<Record<(typeof PLATFORMS)[number], Readonly<Record<string, string>>>> = {
  "github-actions": { GITHUB_ACTIONS: "true", CI: "true", GITHUB_BASE_REF: "main" },
  gitlab: { GITLAB_CI: "true", CI: "true", CI_NODE_INDEX: "1", CI_NODE_TOTAL: "1" },
  circleci: { CIRCLECI: "true", CI: "true", CIRCLE_NODE_INDEX: "0", CIRCLE_NODE_TOTAL: "1", ZR_BASE: "" },
  buildkite: { BUILDKITE: "true", CI: "true", BUILDKITE_PIPELINE_DEFAULT_BRANCH: "main" },
};

describe("every file is YAML, and its commands run:", () => {
  for (const platform of PLATFORMS)
    for (const type of TYPES)
      test(`${platform}, ${type}`, async () => {
        await using project = await makeProject(FILES, { git: true });
        fakeCurl(project);
        project.git("branch", "-M", "main");
        project.git("checkout", "--quiet", "-b", "topic");
        project.write("packages/a/new.txt", "changed");
        const words = [
          "--platform",
          platform,
          "--type",
          type,
          "--setup",
          'echo "set up: $PWD"',
          "-o",
          "ci.yml",
        ];
        await project.zr("ci", "generate", ...words).expect({ stderr: "created ci.yml\n" });
        const commands = commandsOf(parsed(project.read("ci.yml")));
        expect(commands.some((command) => command.includes("set up"))).toBe(true);
        const script = commands
          .filter((command) => !command.includes("needs.check.result"))
          .map((command) => command.replace("${{ matrix.job }}", "1/1"))
          .map((command) => (platform === "buildkite" ? command.replaceAll("$$", "$") : command))
          .join("\n");
        const env = { ...SERVICE[platform], BASH_ENV: "", ZR_BASE: "main" };
        const out = await runAsService(project, script.replace('>> "$BASH_ENV"', ""), env);
        expect(out).toContain(`set up: ${project.root}`);
        expect(out).toContain(type === "release" ? "released" : "testing a");
        expect(out).not.toContain("testing b");
        expect(
          existsSync(project.path(".zr/ci/junit.xml")) || existsSync(project.path(".zr/ci/junit-1-of-1.xml")),
        ).toBe(type !== "release");
      });
});

testUnless(without("actionlint"))("actionlint has nothing to say of those of GitHub Actions", async () => {
  await using project = await makeProject({
    ...FILES,
    "zr.toml": `${FILES["zr.toml"]}\n[tools]\nnode = "20"\n`,
  });
  for (const type of TYPES) {
    await project
      .zr("ci", "generate", "--platform", "github-actions", "--type", type, "-o", `${type}.yml`)
      .result();
    const linted = Bun.spawnSync(["actionlint", project.path(`${type}.yml`)]);
    expect(linted.stdout.toString()).toBe("");
    expect(linted.exitCode).toBe(0);
  }
});

test("several jobs of a monorepo are as many as are asked for, and one waits for all of them", async () => {
  await using project = await makeProject(FILES);
  await project.zr("ci", "generate", "--shards", "4", "--platform", "github-actions").expect({
    stderr: "created .github/workflows/zr.yml\n",
  });
  const file = parsed(project.read(".github/workflows/zr.yml"));
  expect(file).toMatchObject({
    on: { push: { branches: ["main"] } },
    jobs: {
      check: { strategy: { matrix: { job: ["1/4", "2/4", "3/4", "4/4"] } } },
      done: { needs: ["check"] },
    },
  });
});

test("where packages have dependencies to install and no command is given for it, that is said", async () => {
  await using project = await makeProject({
    "package.json": '{ "name": "x", "scripts": { "test": "t" }, "devDependencies": { "t": "1" } }',
  });
  const says = 'the jobs install no dependencies: --setup "zr setup deps" has them do so first\n';
  const made = async (...words: readonly string[]): Promise<string> =>
    (await project.zr("ci", "generate", ...words).result()).stderr;
  expect(await made()).toBe(`created .github/workflows/zr.yml\n${says}`);
  expect(await made()).toBe(`unchanged .github/workflows/zr.yml\n${says}`);
  expect(await made("-q")).toBe("");
  expect(await made("--check")).toBe(".github/workflows/zr.yml is up to date\n");
  expect(await made("--force", "--setup", "zr setup deps")).toBe("changed .github/workflows/zr.yml\n");
  expect(project.read(".github/workflows/zr.yml")).toContain("- run: zr setup deps\n");
});

test("the service is the one whose files are there, else that of the clone, else GitHub Actions", async () => {
  await using project = await makeProject(FILES, { git: true });
  const made = async (): Promise<string> => (await project.zr("ci", "generate", "-n").result()).stderr;
  expect(await made()).toBe("would create .github/workflows/zr.yml\n");
  project.git("remote", "add", "origin", "git@gitlab.example.com:a/b.git");
  expect(await made()).toBe("would create .gitlab-ci.yml\n");
  mkdirSync(project.path(".buildkite"));
  expect(await made()).toBe("would create .buildkite/pipeline.yml\n");
  expect(existsSync(project.path(".github"))).toBe(false);
  const listed = await project.zr("ci", "list").result();
  expect(listed.stdout).toContain("* buildkite       basic     .buildkite/pipeline.yml\n");
  const data: { files: unknown[] } = JSON.parse((await project.zr("ci", "list", "--json").result()).stdout);
  expect(data.files).toHaveLength(PLATFORMS.length * TYPES.length);
});

test("the type follows the number of packages, and the branch the configuration", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks]\ntest = "true"\n' });
  const single: { type: string; text: string } = JSON.parse(
    (await project.zr("ci", "generate", "--json", "-n").result()).stdout,
  );
  expect(single.type).toBe("basic");
  expect(single.text).not.toContain("matrix");
  project.write("zr.toml", `${FILES["zr.toml"].replace('"main"', '"trunk"')}`);
  project.write("packages/a/zr.toml", FILES["packages/a/zr.toml"]);
  const several: { type: string; text: string } = JSON.parse(
    (await project.zr("ci", "generate", "--json", "-n").result()).stdout,
  );
  expect(several.type).toBe("monorepo");
  expect(parsed(several.text)).toMatchObject({ on: { push: { branches: ["trunk"] } } });
});

test("--check says whether the file is what would be written, and writes nothing", async () => {
  await using project = await makeProject(FILES);
  const check = (): Promise<{ readonly code: number | null }> =>
    project.zr("ci", "generate", "--check").result();
  expect((await check()).code).toBe(1);
  expect(existsSync(project.path(".github"))).toBe(false);
  await project.zr("ci", "generate", "-q").expect({});
  expect((await check()).code).toBe(0);
  project.write(".github/workflows/zr.yml", `${project.read(".github/workflows/zr.yml")}# mine\n`);
  expect((await check()).code).toBe(1);
});

test("the first line of a file is the command that writes it again", async () => {
  await using project = await makeProject(FILES);
  await project.zr("ci", "generate", "--setup", "echo 'it''s'", "--platform", "gitlab", "-q").expect({});
  const text = project.read(".gitlab-ci.yml");
  const command = /`zr (.*)`/.exec(text)?.[1] ?? "";
  const [binary = "zr"] = await ensureBinary();
  const again = Bun.spawnSync(["sh", "-c", `"${binary}" ${command} --check`], {
    cwd: project.root,
    env: project.environment(),
  });
  expect(again.exitCode).toBe(0);
});

test("a file that is there is not overwritten, unless forced", async () => {
  await using project = await makeProject({ ...FILES, ".github/workflows/zr.yml": "name: mine\n" });
  await project.zr("ci", "generate").expect({
    code: 2,
    stderr:
      "error[E591]: .github/workflows/zr.yml exists already and is not what would be written; --force overwrites it\n",
  });
  expect(project.read(".github/workflows/zr.yml")).toBe("name: mine\n");
  await project.zr("ci", "generate", "--force").expect({ stderr: "changed .github/workflows/zr.yml\n" });
  await project.zr("ci", "generate").expect({ stderr: "unchanged .github/workflows/zr.yml\n" });
});

test("a release runs the workflow or task that is there, and asks for one where there is none", async () => {
  await using project = await makeProject(FILES);
  const text = async (...words: readonly string[]): Promise<string> =>
    (await project.zr("ci", "generate", "--type", "release", "-o", "-", ...words).result()).stdout;
  expect(await text()).toContain("zr run release --yes");
  project.write("zr.toml", `${FILES["zr.toml"]}\n[workflows.ship]\nstages = [{ tasks = ["release"] }]\n`);
  expect(await text("--task", "ship")).toContain("zr workflow ship --yes");
  await project.zr("ci", "generate", "--type", "release", "--task", "no; rm -rf x").expect({
    code: 2,
    stderr: "error[E590]: there is no task or workflow 'no; rm -rf x' to release with\n",
  });
});

test("what can't be is refused", async () => {
  await using project = await makeProject(FILES);
  const refused = async (code: string, ...words: readonly string[]): Promise<void> => {
    const run = await project.zr("ci", ...words).result();
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`error[${code}]`);
  };
  await refused("E183", "generate", "--shards", "0");
  await refused("E183", "generate", "--platform", "jenkins");
  await refused("E183", "generate", "--setup", "a\njobs: evil");
  await refused("E185", "generate", "more");
  await refused("E185", "generat");
  await refused("E180", "run", "--platform", "gitlab");
  await refused("E185", "list", "more");
  expect(existsSync(join(project.root, ".github"))).toBe(false);
});

test.each(["github-actions", "gitlab"])(
  "--check agrees where the working copy doesn't tell the default branch: that of %s, and a linked one",
  async (platform) => {
    await using project = await makeProject({ "first/zr.toml": '[tasks]\ntest = "true"\n' });
    const git = (folder: string, ...words: readonly string[]): string => project.git("-C", folder, ...words);
    const generate = (cwd: string, ...words: readonly string[]) =>
      project.zrWith({ cwd }, "ci", "generate", "--platform", platform, ...words);
    git("first", "init", "--quiet", "--initial-branch", "develop");
    git("first", "add", "--all");
    git("first", "commit", "--quiet", "--message", "first");
    project.git("clone", "--quiet", "first", "clone");
    git("clone", "worktree", "add", "--quiet", "../linked", "-b", "topic");
    await generate("linked", "-q").expect({});
    git("linked", "add", "--all");
    git("linked", "commit", "--quiet", "--message", "second");
    mkdirSync(project.path("service"));
    git("service", "init", "--quiet");
    git("service", "fetch", "--quiet", "../clone", "topic");
    git("service", "checkout", "--quiet", "--detach", "FETCH_HEAD");
    await generate("service", "--check").expect({ stderr: /is up to date\n$/ });
    await generate("clone", "--out", "-").expect({ stdout: /develop/ });
  },
);
