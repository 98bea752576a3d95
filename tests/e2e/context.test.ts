import { expect, test } from "bun:test";
import { encode } from "gpt-tokenizer";
import { parse } from "yaml";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";

const FILES = {
  "zr.toml": `
    [workspace]
    members = ["packages/*"]
    [tools]
    node = "22"
    bun = { version = "1.4" }
    [tasks.build]
    description = "Build everything"
    deps = ["^build"]
    [tasks.deploy]
    description = "Ship it"
    cmd = "true"
    args = [{ name = "env", required = true }]
    [workflows.release]
    description = "Build and ship"
    stages = [{ name = "all", tasks = ["build"] }]
  `,
  "README.md": "# The shop\n\nSells things.\n",
  "docs/guide.md": "# How to\n",
  ".github/CODEOWNERS": "* @all\n/packages/web/ @web @ui # the page\n",
  "packages/web/package.json": '{"name":"web","version":"1.2.0","dependencies":{"lib":"*"}}',
  "packages/lib/package.json": '{"name":"lib"}',
  "packages/lib/zr.toml": '[package]\ntags = ["core"]\n[tasks]\nbuild = "true"\n',
};

async function context(project: Project, ...args: readonly string[]): Promise<string> {
  const { stdout } = await project.zr("context", ...args).expect({ stdout: anything });
  return stdout;
}

test("zr context describes documents, tools, packages, tasks, workflows and changes, in a stable order", async () => {
  await using project = await makeProject(FILES, { git: true });
  const said = (await context(project)).replaceAll(/\b[0-9a-f]{7,12}\b/g, "COMMIT");
  expect(said).toBe(`# project

## Read first
- README.md: The shop
- docs/guide.md: How to

## Tools
- bun 1.4
- node 22

## Packages
- project (.); owned by @all
- lib (packages/lib); tags core; from package.json; owned by @all
- web (packages/web, 1.2.0); needs lib; from package.json; owned by @web, @ui

## Tasks (zr run NAME)
- build: Build everything; after ^build
- deploy <env!>: Ship it
- lib:build

## Workflows (zr workflow NAME)
- release: Build and ship; stages all

## Recent changes
- project: 2024-01-01 COMMIT initial
- lib: 2024-01-01 COMMIT initial
- web: 2024-01-01 COMMIT initial
`);
  expect(await context(project)).toBe(await context(project));
});

test("the forms for programs hold the same", async () => {
  await using project = await makeProject(FILES, { git: true });
  const data = JSON.parse(await context(project, "--json"));
  expect(data).toMatchObject({
    v: 1,
    name: "project",
    tools: { bun: "1.4", node: "22" },
    omitted: [],
  });
  expect(data.packages[2]).toMatchObject({
    name: "web",
    version: "1.2.0",
    deps: ["lib"],
    owners: ["@web", "@ui"],
  });
  expect(parse(await context(project, "--format", "yaml"))).toEqual(data);
});

test("a scope is a package with what it depends on", async () => {
  await using project = await makeProject(FILES);
  const names = async (...args: readonly string[]): Promise<string[]> =>
    JSON.parse(await context(project, "--json", ...args)).packages.map(({ name }: { name: string }) => name);
  expect(await names("--scope", "web")).toEqual(["lib", "web"]);
  expect(await names("--scope", "lib")).toEqual(["lib"]);
  await project.zr("context", "--scope", "wbe").expect({ code: 2, stderr: /E132[^]*web/ });
});

test("a budget is kept, and the least important goes first", async () => {
  const files: Record<string, string> = { ...FILES };
  for (let index = 0; index < 150; index += 1) {
    files[`packages/part-${index}/zr.toml`] = `
      [package]
      name = "part-${index}"
      deps = [${index > 0 ? `"part-${index - 1}"` : ""}]
      [tasks.build]
      description = "Compile part ${index} with all of its generated sources"
      cmd = "true"
      [tasks.check]
      cmd = "true"
    `;
  }
  await using project = await makeProject(files, { git: true });
  const whole = encode(await context(project)).length;
  expect(whole).toBeGreaterThan(8000);
  for (const format of ["md", "json", "yaml"])
    for (const budget of [200, 500, 1000, 2000, 4000, 6000, 8000]) {
      const said = await context(project, "--budget", String(budget), "--format", format);
      const tokens = encode(said).length;
      expect({ format, budget, isWithin: tokens <= budget }).toEqual({ format, budget, isWithin: true });
      // A budget is there to be used.
      if (format === "md" && budget < whole) expect(tokens).toBeGreaterThan(budget / 4);
    }
  const some = await context(project, "--budget", "4000");
  expect(some).toContain("Left out for want of room");
  expect(some).toContain("- changes\n");
  expect(some).toContain("part-149");
  const few = await context(project, "--budget", "500");
  expect(few).toMatch(/\d+ of \d+ packages/);
  expect(few).toContain("README.md");
  expect(await context(project, "--budget", "1000000")).toBe(await context(project));
});
