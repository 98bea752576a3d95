import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const PACKAGES = 40;

const nameOf = (number: number): string => `p${String(number).padStart(2, "0")}`;

/** Packages in four chains: each needs the one four before it. */
const packageToml = (number: number, deps = [number - 4]): string => {
  const names = deps.filter((one) => one >= 0).map((one) => `"${nameOf(one)}"`);
  return `[package]\nname = "${nameOf(number)}"\ndeps = [${names.join(", ")}]\n`;
};

const rootToml = (more = ""): string => `[workspace]\nmembers = ["packages/*"]\n${more}`;

async function workspace(): Promise<Project> {
  const files: Record<string, string> = {
    "zr.toml": rootToml(),
    ".gitignore": ".zr\nzr.local.toml\n",
    "docs/text.md": "text\n",
    "package-lock.json": '{ "lockfileVersion": 3, "packages": {} }\n',
  };
  for (let number = 0; number < PACKAGES; number += 1) {
    files[`packages/${nameOf(number)}/zr.toml`] = packageToml(number);
    files[`packages/${nameOf(number)}/src/a.txt`] = "a\n";
  }
  return makeProject(files, { git: true });
}

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function affected(project: Project, cache?: string): Promise<Answer> {
  const env = cache === undefined ? {} : { XDG_CACHE_HOME: cache };
  const { code, stdout, stderr } = await project.zrWith({ env }, "affected", "--list", "--json").result();
  return { code, stdout, stderr };
}

/** What one says who knows nothing of the workspace. */
const afresh = (project: Project): Promise<Answer> =>
  affected(project, mkdtempSync(join(project.folders.tmp, "cache-")));

/** What tells one kept scope from another; undefined where none is kept. */
function kept(project: Project): number | undefined {
  try {
    const folder = join(project.folders.cache, "zr", "scopes");
    const [name] = readdirSync(folder);
    return name === undefined ? undefined : statSync(join(folder, name)).ino;
  } catch {
    return undefined;
  }
}

/** Asks until the packages are kept and used: what has just been written is too young for it. */
async function settle(project: Project): Promise<void> {
  for (let before = kept(project); ; before = kept(project)) {
    await affected(project);
    if (before !== undefined && kept(project) === before) return;
  }
}

const affectedNames = ({ stdout }: Answer): readonly string[] =>
  JSON.parse(stdout).packages.map(({ name }: { readonly name: string }) => name);

test("the packages of a workspace are read again only where one of their files has changed", async () => {
  await using project = await workspace();
  await settle(project);
  const before = kept(project);
  project.write("packages/p30/src/a.txt", "edited\n");
  expect(affectedNames(await affected(project))).toEqual(["p30", "p34", "p38"]);
  project.write("packages/p01/src/deep/new.txt", "new\n");
  expect(affectedNames(await affected(project))).toContain("p37");
  project.git("add", "--all");
  project.git("commit", "--quiet", "--message", "change");
  expect(affectedNames(await affected(project))).toEqual([]);
  expect(kept(project)).toBe(before);
  project.write("packages/p30/zr.toml", packageToml(30, [0]));
  project.git("commit", "--quiet", "--all", "--message", "another edge");
  project.write("packages/p00/src/a.txt", "edited\n");
  expect(affectedNames(await affected(project))).toContain("p30");
});

/** What may be done to a workspace, one after the other; each must be noticed. */
const CHANGES: readonly (readonly [string, (project: Project) => void])[] = [
  ["an edge more", (project) => project.write("packages/p05/zr.toml", packageToml(5, [1, 0]))],
  [
    "another name",
    (project) => project.write("packages/p36/zr.toml", `[package]\nname = "renamed"\ndeps = ["p00"]\n`),
  ],
  ["a new package", (project) => project.write("packages/new/zr.toml", '[package]\ndeps = ["p00"]\n')],
  ["a removed package", (project) => rmSync(project.path("packages/p39"), { recursive: true })],
  ["a moved package", (project) => renameSync(project.path("packages/p38"), project.path("packages/moved"))],
  ["a global input", (project) => project.write("zr.toml", rootToml('global_inputs = ["docs/**"]\n'))],
  ["a local overlay", (project) => project.write("zr.local.toml", '[workspace]\nglobal_inputs = ["none"]\n')],
  ["another base", (project) => project.write("zr.local.toml", '[workspace]\ndefault_base = "HEAD~1"\n')],
  [
    "a manifest beside",
    (project) =>
      project.write("packages/p10/package.json", '{ "name": "ten", "dependencies": { "p00": "*" } }'),
  ],
  ["a lock file", (project) => project.write("package-lock.json", '{ "lockfileVersion": 3 }')],
  ["a configuration that does not parse", (project) => project.write("packages/p11/zr.toml", "[package\n")],
  ["one that is right again", (project) => project.write("packages/p11/zr.toml", packageToml(11))],
  [
    "a package that needs nothing that is there",
    (project) => project.write("packages/p12/zr.toml", '[package]\ndeps = ["nobody"]\n'),
  ],
  ["one that needs another again", (project) => project.write("packages/p12/zr.toml", packageToml(12, [1]))],
  [
    "a folder of packages that is not there",
    (project) => project.write("zr.toml", rootToml().replace("/*", '/*", "more/*')),
  ],
  ["a package in it", (project) => project.write("more/one/zr.toml", '[package]\ndeps = ["p00"]\n')],
];

test("whatever is done to a workspace, its kept packages say what the ones on the disk say", async () => {
  await using project = await workspace();
  project.write("docs/text.md", "another text\n");
  project.write("packages/p00/src/a.txt", "edited\n");
  project.git("add", "--all");
  project.git("commit", "--quiet", "--message", "change");
  project.write("packages/p00/src/a.txt", "edited again\n");
  project.write("docs/text.md", "edited\n");
  for (const [what, change] of CHANGES) {
    // After a mistake nothing is kept.
    if ((await affected(project)).code === 0) await settle(project);
    const before = await affected(project);
    change(project);
    const after = await affected(project);
    expect({ what, ...after }).toEqual({ what, ...(await afresh(project)) });
    expect({ what, isSame: Bun.deepEquals(before, after) }).toEqual({ what, isSame: false });
  }
});
