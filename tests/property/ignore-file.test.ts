import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "bun:test";
import fc from "fast-check";
import { ignoredBy, parseIgnoreFile } from "#base/ignore-file";
import { IgnoredPaths } from "#engine/watch/ignored-paths";
import { readAtOnce } from "#system/fs/read-at-once";

const name = fc.constantFrom("a", "b", "ab", ".c", "d.log", "a b");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const piece = fc.constantFrom(
  "a",
  "b",
  "ab",
  ".c",
  "d.log",
  "*",
  "**",
  "?",
  "a*",
  "*.log",
  "[ab]",
  "[!a]",
  "a b",
  "{a,b}",
  "\\a",
  "a?",
  "+(a)",
);
const rule = fc
  .tuple(
    fc.constantFrom("", "", "!", "!", "\\!"),
    fc.constantFrom("", "/", ""),
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "", "/", " ", "\\ "),
  )
  .map(([negated, top, parts, end]) => negated + top + parts.join("/") + end);
const ignoreFile = fc.array(fc.oneof(rule, fc.constantFrom("", "# comment", "   ")), { maxLength: 5 });

const project = fc.record({
  paths: fc.uniqueArray(path, { minLength: 1, maxLength: 12 }),
  ignores: fc.dictionary(fc.constantFrom(".", "a", "b", "a/b", "a/a"), ignoreFile, { maxKeys: 3 }),
  exclude: ignoreFile,
});

test("what is ignored is what git says, for nested ignore files and any paths", () => {
  fc.assert(
    fc.property(project, ({ paths, ignores, exclude }) => {
      const root = realpathSync(mkdtempSync(join(tmpdir(), "zr-ignore-")));
      try {
        for (const [folder, lines] of Object.entries(ignores)) {
          mkdirSync(join(root, folder), { recursive: true });
          writeFileSync(join(root, folder, ".gitignore"), `${lines.join("\n")}\n`);
        }
        const files = makeTree(root, paths);
        git(root, ["init", "--quiet"]);
        writeFileSync(join(root, ".git/info/exclude"), `${exclude.join("\n")}\n`);
        const listed = git(root, ["ls-files", "-z", "--others", "--exclude-standard"]).split("\0");
        const ours = new IgnoredPaths({ root, read: readAtOnce, userFiles: [] });
        for (const file of files)
          expect([file, ours.ignoredAt(join(root, file), false) === undefined]).toEqual([
            file,
            listed.includes(file),
          ]);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }),
    { numRuns: 150 },
  );
}, 120_000);

/** Makes what can be made: a path below one that is a file can't. */
function makeTree(root: string, paths: readonly string[]): readonly string[] {
  const files: string[] = [];
  for (const file of paths) {
    const isInTheWay = files.some((other) => file.startsWith(`${other}/`));
    if (isInTheWay || existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
    files.push(file);
  }
  return files;
}

function git(cwd: string, args: readonly string[]): string {
  const env = { PATH: process.env["PATH"] ?? "", HOME: cwd, GIT_CONFIG_NOSYSTEM: "1" };
  const { stdout, exitCode, stderr } = Bun.spawnSync(["git", ...args], { cwd, env });
  if (exitCode !== 0) throw new Error(stderr.toString());
  return stdout.toString();
}

test("a line whose bracket is never closed matches nothing, as git has it", () => {
  const rules = parseIgnoreFile("[abc\nx[\n[!a\n[]\n\\[q\n[]]z\n\\\\[k]\n");
  const asked = ["[abc", "x[", "b", "[]", "[q", "]z", "\\k"].map((path) => ignoredBy(rules, path, false));
  expect(asked).toEqual([undefined, undefined, undefined, undefined, true, true, true]);
});
