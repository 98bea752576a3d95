import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnosticCodes } from "#app/diagnostic-codes";

/** Real texts of zr.toml below `root` to start from: the examples', this repository's, those of diagnostics and of tests. */
export function readCorpus(root: string): readonly string[] {
  const files = [...new Bun.Glob("{zr.toml,examples/**/zr.toml}").scanSync({ cwd: root })].toSorted();
  const texts = files.map((path) => readFileSync(join(root, path), "utf8"));
  const examples = Object.values(diagnosticCodes).map((entry) => entry.example.replace(/\n*^\$ zr .*$/m, ""));
  return [...new Set([...texts, ...examples, ...testTexts(root)])].filter((text) => text.trim() !== "");
}

function testTexts(root: string): string[] {
  const paths = [...new Bun.Glob("{src,tests}/**/*.test.ts").scanSync({ cwd: root })].toSorted();
  return paths.flatMap((path) => {
    const source = readFileSync(join(root, path), "utf8");
    const blocks = [...source.matchAll(/`([^`$]*\[(?:tasks|templates|profiles|env|workspace)[^`$]*)`/g)].map(
      (match) => match[1] ?? "",
    );
    const strings = [
      ...source.matchAll(
        /'((?:[^'\\\n]|\\.)*\[(?:tasks|templates|profiles|env|workspace)(?:[^'\\\n]|\\.)*)'/g,
      ),
    ];
    return [
      ...blocks,
      ...strings.map((match) => (match[1] ?? "").replaceAll("\\n", "\n").replaceAll("\\'", "'")),
    ];
  });
}
