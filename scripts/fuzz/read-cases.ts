import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseCase } from "./case-file";
import type { FuzzCase, FuzzTarget } from "./fuzz-target";

/** The cases of `tests/fuzz-corpus/NAME`, by file: what a target starts from, and what once went wrong. */
export function keptCases(root: string, target: FuzzTarget): ReadonlyMap<string, FuzzCase> {
  const folder = join(root, "tests/fuzz-corpus", target.name);
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  return new Map(names.map((name) => [name, parseCase(readFileSync(join(folder, name), "utf8"))]));
}

/** All that a target starts from. */
export const corpusOf = (root: string, target: FuzzTarget): readonly FuzzCase[] => [
  ...keptCases(root, target).values(),
  ...target.seeds(root),
];
