import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync } from "node:fs";
import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { eventsOf } from "#tests/e2e/events";
import { letFilesAge } from "#tests/support/kept-runs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

/*
 * A workspace of packages that need each other by their manifests. Every task makes its outputs anew from what its key
 * has to know: names, contents, modes and targets of links of the sources, the packages before it, a shared file.
 */
const BUILD = `set -e
rm -rf dist; mkdir -p dist/sub
find src -type f -o -type l | LC_ALL=C sort | while read -r file; do
  echo "== $file"
  if [ -h "$file" ]; then readlink "$file"; else cat "$file"; [ -x "$file" ] && echo executable || true; fi
done > dist/out
for dep in $(sed -n 's/.*"dep": "\\(.*\\)".*/\\1/p' package.json); do cat ../$dep/dist/out; done > dist/sub/deps
cat ../../shared >> dist/out
ln -s out dist/link
`;
const LIST = `set -e
rm -rf x y; mkdir -p x y/z
find src -type f -o -type l | LC_ALL=C sort > x/list.txt
cp x/list.txt y/z/copy.txt
`;
const TASKS = `
  [tasks.build]
  cmd = "sh ../../build.sh"
  cache = true
  outputs = ["dist/**"]
  inputs = ["src/**", "package.json"]
  deps = ["^build"]
  [tasks.list]
  cmd = "sh ../../list.sh"
  cache = true
  outputs = ["{x,y}/**/*.txt"]
`;
const PACKAGES = 4;

const manifest = (number: number, deps: readonly number[], name = `n${number}`): string =>
  JSON.stringify(
    {
      name,
      dependencies: Object.fromEntries(deps.map((dep) => [`n${dep}`, "workspace:*"])),
      x: deps.map((dep) => ({ dep: `p${dep}` })),
    },
    undefined,
    1,
  );

const FILES: Readonly<Record<string, string>> = {
  "zr.toml": `[global]\nlog_format = "json"\n[workspace]\nglobal_inputs = ["shared", "*.sh"]\n[tasks.all]\ndeps = ["*:build", "*:list"]\n`,
  "package.json": '{"name":"root","workspaces":["packages/*"]}',
  "build.sh": BUILD,
  "list.sh": LIST,
  shared: "s",
  ".gitignore": "dist/\nx/\ny/\n.zr/\n",
  ...Object.fromEntries(
    Array.from({ length: PACKAGES }, (_, number) => [
      [`packages/p${number}/package.json`, manifest(number, number === 0 ? [] : [number - 1])],
      [`packages/p${number}/zr.toml`, TASKS],
      [`packages/p${number}/src/a`, `a${number}`],
      [`packages/p${number}/src/b`, "b"],
    ]).flat(),
  ),
};

const KINDS = [
  "write",
  "remove",
  "mode",
  "link",
  "rename",
  "swap",
  "unseen",
  "old",
  "dep",
  "shared",
  "script",
  "damage",
  "stale",
  "folder",
  "kind",
  "copy",
] as const;

interface Edit {
  readonly kind: (typeof KINDS)[number];
  readonly number: number;
  readonly file: string;
  readonly output: string;
  readonly text: string;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    number: fc.nat(PACKAGES - 1),
    file: fc.constantFrom("src/a", "src/b", "src/c", "src/d/e"),
    output: fc.constantFrom("dist/out", "dist/link", "dist/sub/deps", "x/list.txt", "y/z/copy.txt"),
    text: fc.constantFrom("", "1", "ab", "abc"),
  }),
  { minLength: 3, maxLength: 10 },
);

class Checkout {
  #root: string;
  #copies = 0;
  readonly #deps = new Map<number, boolean>();

  constructor(
    readonly project: Project,
    readonly flags: readonly string[],
  ) {
    this.#root = project.root;
    for (let number = 0; number < PACKAGES; number += 1)
      mkdirSync(join(this.#root, `packages/p${number}/src/empty`));
  }

  apply(edit: Edit): void {
    const dir = join(this.#root, `packages/p${edit.number}`);
    const isDone = editSource(edit, dir) || editOutput(edit, dir);
    if (!isDone) this.#editRest(edit, dir);
  }

  #editRest({ kind, number, text }: Edit, dir: string): void {
    if (kind === "shared") put(join(this.#root, "shared"), text);
    else if (kind === "script") put(join(this.#root, "build.sh"), `${BUILD}# ${text}\n`);
    else if (kind === "dep") {
      const isThere = this.#deps.get(number) ?? true;
      this.#deps.set(number, !isThere);
      put(join(dir, "package.json"), manifest(number, isThere || number === 0 ? [] : [number - 1]));
    } else {
      const copy = join(dirname(this.project.root), `copy${this.#copies}`);
      this.#copies += 1;
      cpSync(this.#root, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
      this.#root = copy;
    }
  }

  /** How a run ends, and what is there then. */
  async run(): Promise<object> {
    const { stderr, code } = await this.project
      .zrWith({ cwd: relative(this.project.root, this.#root) }, "run", "all", "--jobs=3", ...this.flags)
      .result();
    const events = eventsOf(stderr);
    const ends = events.filter((event) => event.type === "instance.finished");
    const failed = ends.filter(({ outcome }) => outcome.state === "failed");
    const planned = events.find((event) => event.type === "run.planned")?.instances ?? [];
    // Each is told of once, whoever has looked at it.
    expect(ends.map(({ id }) => id).sort()).toEqual(planned.map(({ id }) => id).sort());
    return { code, failed, made: this.#made() };
  }

  /** Runs so often that the next run may go by what is kept: after two rounds of one that had nothing to do. */
  async settle(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      letFilesAge(this.project);
      await this.run();
    }
    letFilesAge(this.project);
  }

  /** Outputs by path: text, target of a link. An empty folder of the sources stays. */
  #made(): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    const add = (path: string, isMeant: (name: string) => boolean): void => {
      for (const entry of readdirSync(join(this.#root, path), { withFileTypes: true })) {
        const name = `${path}/${entry.name}`;
        const full = join(this.#root, name);
        if (entry.isDirectory()) add(name, isMeant);
        else if (entry.isSymbolicLink()) found[name] = `-> ${readlinkSync(full)}`;
        else if (isMeant(name)) found[name] = `${statSync(full).mode & 0o111} ${readFileSync(full, "utf8")}`;
      }
    };
    for (let number = 0; number < PACKAGES; number += 1) {
      const dir = `packages/p${number}`;
      add(`${dir}/dist`, () => true);
      for (const folder of ["x", "y"]) add(`${dir}/${folder}`, (name) => name.endsWith(".txt"));
      found[`${dir}/src/empty`] = String(existsSync(join(this.#root, `${dir}/src/empty`)));
    }
    return found;
  }
}

/** Whether the edit is one of a source. */
function editSource({ kind, file, text }: Edit, dir: string): boolean {
  const path = join(dir, file);
  const isFile = existsSync(path) && lstatSync(path).isFile();
  const [a, b] = [join(dir, "src/a"), join(dir, "src/b")];
  if (kind === "write") put(path, text);
  else if (kind === "remove") rmSync(path, { force: true });
  else if (kind === "link") {
    rmSync(path, { force: true });
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(text === "" ? "a" : text, path);
  } else if (kind === "swap") {
    if (!existsSync(a) || !existsSync(b)) return true;
    renameSync(a, `${a}-`);
    renameSync(b, a);
    renameSync(`${a}-`, b);
  } else if (!["mode", "rename", "unseen", "old"].includes(kind)) return false;
  else if (!isFile) return true;
  else if (kind === "mode") chmodSync(path, text === "" ? 0o755 : 0o644);
  else if (kind === "rename") renameSync(path, join(dir, "src/renamed"));
  else if (kind === "unseen") rewriteUnseen(path);
  else utimesSync(path, 1_000_000_000, 1_000_000_000);
  return true;
}

/** Whether the edit is one of an output. */
function editOutput({ kind, output, text }: Edit, dir: string): boolean {
  const path = join(dir, output);
  if (kind === "damage") {
    if (existsSync(path)) (text === "" ? rewriteUnseen : (one: string) => put(one, text))(path);
  } else if (kind === "stale") put(join(dirname(path), "more/stale.txt"), text);
  else if (kind === "folder") rmSync(dirname(path), { recursive: true, force: true });
  else if (kind === "kind") {
    rmSync(path, { recursive: true, force: true });
    put(join(path, "in"), text);
  } else return false;
  return true;
}

function put(path: string, text: string): void {
  const isOther = lstatSync(path, { throwIfNoEntry: false })?.isFile() === false;
  if (isOther) rmSync(path, { recursive: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Another content of the same size, at the same time. */
function rewriteUnseen(path: string): void {
  const { atime, mtime } = statSync(path);
  const text: string = readFileSync(path, "utf8");
  writeFileSync(path, [...text].reverse().join(""));
  utimesSync(path, atime, mtime);
}

test.each([
  ["at once", 0],
  ["after a while", 1],
  ["to what nothing had to be done for", 3],
])(
  "whatever is done %s in a workspace, a cached run makes what one without a cache does",
  async (_, rounds) => {
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        await using cachedProject = await makeProject(FILES, { git: true });
        await using plainProject = await makeProject(FILES, { git: true });
        const cached = new Checkout(cachedProject, []);
        const plain = new Checkout(plainProject, ["--no-cache"]);
        for (const checkout of [cached, plain]) await checkout.run();
        for (const change of changes) {
          if (rounds > 0) await cached.settle(rounds - 1);
          for (const checkout of [cached, plain]) checkout.apply(change);
          expect(await cached.run()).toEqual(await plain.run());
        }
      }),
      { numRuns: 5 },
    );
  },
  120_000,
);
