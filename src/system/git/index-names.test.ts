import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { indexNames } from "./index-names";

const NAMES = ["a", "folder/long-name-1", "folder/long-name-2", `${"deep/".repeat(60)}z`, "é \n'"].sort();

/** The folder of a repository with those files in its index, written by git. */
function repository(...init: readonly string[]): {
  readonly git: (...args: readonly string[]) => void;
  readonly folder: string;
} {
  const folder = mkdtempSync(join(tmpdir(), "index-"));
  const git = (...args: readonly string[]): void => {
    const { success, stderr } = Bun.spawnSync(["git", ...args], {
      cwd: folder,
      env: { PATH: process.env["PATH"] },
    });
    if (!success) throw new Error(stderr.toString());
  };
  git("init", "--quiet", ...init);
  for (const name of NAMES) {
    git(
      "update-index",
      "--add",
      "--cacheinfo",
      `100644,${"1".repeat(init.includes("--object-format=sha256") ? 64 : 40)},${name}`,
    );
  }
  return { git, folder };
}

const SUBMODULE = ["update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},module`];

test.each<[string, readonly (readonly string[])[]]>([
  ["the second version", [["update-index", "--index-version", "2"]]],
  ["the third version, of which an entry has more flags", [["update-index", "--skip-worktree", "a"]]],
  ["the fourth version", [["update-index", "--index-version", "4"]]],
  ["submodules", [SUBMODULE]],
])("%s is read", (_, steps) => {
  const { git, folder } = repository();
  for (const step of steps) git(...step);
  const bytes = readFileSync(join(folder, ".git/index"));
  expect(indexNames(bytes, { hashBytes: 20 })).toEqual({ names: NAMES, shared: undefined });
  rmSync(folder, { recursive: true });
});

test("hashes may be longer", () => {
  const { folder } = repository("--object-format=sha256");
  expect(indexNames(readFileSync(join(folder, ".git/index")), { hashBytes: 32 })?.names).toEqual(NAMES);
  rmSync(folder, { recursive: true });
});

test("a split index names the other part", () => {
  const { git, folder } = repository();
  git("update-index", "--split-index");
  git("update-index", "--add", "--cacheinfo", `100644,${"2".repeat(40)},later`);
  const split = indexNames(readFileSync(join(folder, ".git/index")), { hashBytes: 20 });
  expect(split?.names).toEqual(["later"]);
  const shared = readFileSync(join(folder, `.git/sharedindex.${split?.shared ?? ""}`));
  expect(indexNames(shared, { hashBytes: 20 })?.names).toEqual(NAMES);
  rmSync(folder, { recursive: true });
});

test("what is no index, or only a part of one, is nothing", () => {
  const { folder } = repository();
  const bytes = readFileSync(join(folder, ".git/index"));
  writeFileSync(join(folder, "other"), "no index");
  expect(indexNames(readFileSync(join(folder, "other")), { hashBytes: 20 })).toBeUndefined();
  for (let length = 0; length < 200; length += 7)
    expect(indexNames(bytes.subarray(0, length), { hashBytes: 20 })).toBeUndefined();
  rmSync(folder, { recursive: true });
});
