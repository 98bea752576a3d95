import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { writtenAt } from "#tests/support/written-at";

/** Which listing is kept, and when it was written; undefined where none is. */
function kept(project: Project): string | undefined {
  const folder = join(project.folders.cache, "zr", "listings");
  try {
    const [name] = readdirSync(folder);
    return name === undefined ? undefined : writtenAt(join(folder, name));
  } catch {
    return undefined;
  }
}

const list = async (project: Project): Promise<string> => {
  const { stdout, stderr } = await project.zr("list").expect({ stdout: anything, stderr: anything });
  return stdout + stderr;
};

/** Lists until the listing is kept: what has just been written is too young to be told from what is written next. */
async function listUntilKept(project: Project): Promise<string> {
  for (let round = 0; round < 50; round += 1) {
    const text = await list(project);
    if (kept(project) !== undefined) return text;
  }
  throw new Error("no listing was kept");
}

const CHANGES: readonly (readonly [string, (project: Project) => void, string])[] = [
  [
    "a task is new",
    (project) => project.write("zr.toml", `${project.read("zr.toml")}[tasks.fresh]\ncmd = "true"\n`),
    "fresh",
  ],
  [
    "a description has been edited",
    (project) => project.write("packages/a/zr.toml", '[tasks.one]\ncmd = "true"\ndescription = "edited"\n'),
    "edited",
  ],
  [
    "a package is new",
    (project) => project.write("packages/fresh/zr.toml", '[tasks.two]\ncmd = "true"\n'),
    "fresh:two",
  ],
  [
    "a configuration of one's own appears",
    (project) => project.write("zr.local.toml", '[tasks.mine]\ncmd = "true"\n'),
    "mine",
  ],
  ["a package is gone", (project) => rmSync(project.path("packages/b"), { recursive: true }), ""],
  [
    "the manifest of another language appears",
    (project) => project.write("packages/c/package.json", '{"name":"c","scripts":{"made":"true"}}\n'),
    "c:made",
  ],
];

test.each(CHANGES)("a listing that was kept is not shown where %s", async (_, change, expected) => {
  await using project = await makeProject(
    {
      "zr.toml": `
        [workspace]
        members = ["packages/*"]
        [tasks.all]
        cmd = "true"
      `,
      "package.json": '{"name":"root","workspaces":["packages/*"]}\n',
      "packages/a/zr.toml": '[tasks.one]\ncmd = "true"\ndescription = "of a"\n',
      "packages/b/zr.toml": '[tasks.one]\ncmd = "true"\n',
    },
    { git: true },
  );
  mkdirSync(project.path("packages/c"));
  const first = await listUntilKept(project);
  const before = kept(project);
  expect(await list(project)).toBe(first);
  expect(kept(project)).toBe(before);
  change(project);
  const after = await list(project);
  expect(after).not.toBe(first);
  expect(after).toContain(expected);
});

test("a listing is written for where it goes, whatever was kept", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks.one]\ncmd = "true"\ndescription = "does one thing"\n',
  });
  const plain = await listUntilKept(project);
  const colored = await project.zr("list", "--color", "always").expect({ stdout: anything });
  expect(colored.stdout).not.toBe(plain);
  const json = await project.zr("list", "--json").expect({ stdout: anything });
  expect(JSON.parse(json.stdout).tasks).toHaveLength(1);
  expect(await list(project)).toBe(plain);
});

test("a damaged listing is as good as none", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks.one]\ncmd = "true"\n' });
  const first = await listUntilKept(project);
  const folder = join(project.folders.cache, "zr", "listings");
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "zrkept02 and nothing else");
  expect(await list(project)).toBe(first);
});
