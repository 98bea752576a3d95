/** The repository's text files as the checks see them. */
import { Glob } from "bun";
import { join } from "node:path";
import { projectRoot, runCommand } from "./project";
import { maskSource, type SourceText } from "./source-text";

/** One file: its path in the repository with `/` between folders, and its text. */
export interface SourceFile extends SourceText {
  readonly path: string;
  readonly text: string;
}

/** A rule that a file breaks, at a line from 1. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly reason: string;
}

const FOLDERS_WITHOUT_SOURCE = /(^|\/)(node_modules|dist|\.git|\.zr|\.cache)\//;
const TEXT_FILE = /(\.(ts|tsx|js|json|jsonc|toml|md|sh|css|html|py|rb|go|rs|c|h|yml|yaml|tf)|(^|\/)[\w-]+)$/;

/** Makes a `SourceFile` of a path and a text; only TypeScript is told apart from its comments and strings. */
export function sourceFile(path: string, text: string): SourceFile {
  const masked = isTypeScript(path) ? maskSource(text) : { code: text, uncommented: text };
  return { path, text, ...masked };
}

export function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path);
}

/** `x.test.ts` anywhere, and all of `tests/`. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith("tests/");
}

/** All text files that git tracks or would track; without git, all that lie outside of build and package folders. */
export async function readSourceFiles(root = projectRoot): Promise<readonly SourceFile[]> {
  const paths = (await listPaths(root)).filter((path) => TEXT_FILE.test(path)).toSorted();
  const files: SourceFile[] = [];
  for (const path of paths) {
    const file = Bun.file(join(root, path));
    // A file that git knows may just have been removed.
    if (await file.exists()) files.push(sourceFile(path, await file.text()));
  }
  return files;
}

async function listPaths(root: string): Promise<readonly string[]> {
  const listed = await runCommand(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  const paths =
    listed.exitCode === 0
      ? listed.stdout.split("\0").filter((path) => path !== "")
      : await Array.fromAsync(new Glob("**/*").scan({ cwd: root, dot: true }));
  return paths.filter((path) => !FOLDERS_WITHOUT_SOURCE.test(path));
}
