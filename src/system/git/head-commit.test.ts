import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "bun:test";
import { commitAt, headCommit } from "./head-commit";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

async function commitIn(
  files: Readonly<Record<string, string>>,
  at: string,
  ask: (folder: string) => Promise<string | undefined> = headCommit,
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "zr-head-"));
  try {
    mkdirSync(join(folder, at), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await ask(join(folder, at));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each<[string, Readonly<Record<string, string>>, string, string | undefined]>([
  ["a detached head", { ".git/HEAD": `${COMMIT}\n` }, "a/b", COMMIT],
  ["a branch", { ".git/HEAD": "ref: refs/heads/x/y\n", ".git/refs/heads/x/y": `${COMMIT}\n` }, ".", COMMIT],
  [
    "a packed branch",
    {
      ".git/HEAD": "ref: refs/heads/x\n",
      ".git/packed-refs": `# pack\n${COMMIT} refs/heads/x\n^${COMMIT}\n`,
    },
    ".",
    COMMIT,
  ],
  ["a branch before its first commit", { ".git/HEAD": "ref: refs/heads/x\n" }, ".", undefined],
  [
    "a worktree",
    {
      "tree/.git": "gitdir: ../main/.git/worktrees/tree\n",
      "main/.git/worktrees/tree/HEAD": "ref: refs/heads/x\n",
      "main/.git/worktrees/tree/commondir": "../..\n",
      "main/.git/refs/heads/x": `${COMMIT}\n`,
    },
    "tree/sub",
    COMMIT,
  ],
  ["a repository in a repository", { ".git/HEAD": "ref: no\n", "in/.git/HEAD": `${COMMIT}\n` }, "in", COMMIT],
  ["a file that says nothing", { ".git": "nothing\n" }, ".", undefined],
  [
    "a head that leads out to something else",
    { ".git/HEAD": "ref: ../x\n", x: "root:x:0\n" },
    ".",
    undefined,
  ],
])("%s is read", async (_, files, at, commit) => {
  expect(await commitIn(files, at)).toBe(commit);
});

test("the commit of an earlier time is the one that git's log has for it", async () => {
  const other = COMMIT.replaceAll("0", "f");
  const none = "0".repeat(40);
  const log = [
    `${none} ${COMMIT} A <B> C <a@b> 100 +0200\tcommit (initial): > x`,
    `${COMMIT} ${other} A B <a@b> 200 -0130\tcheckout: moving from a to b`,
    "torn li",
  ].join("\n");
  const files = { ".git/HEAD": "ref: refs/heads/x\n", ".git/logs/HEAD": log };
  const at = (wallMs: number) => commitIn(files, "sub", (folder) => commitAt(folder, wallMs));
  expect(await at(99_999)).toBeUndefined();
  expect(await at(100_000)).toBe(COMMIT);
  expect(await at(199_999)).toBe(COMMIT);
  expect(await at(200_000)).toBe(other);
  const without = commitIn({ ".git/HEAD": "ref: refs/heads/x\n" }, ".", (folder) => commitAt(folder, 1));
  expect(await without).toBeUndefined();
});
