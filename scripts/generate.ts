/**
 * `bun run generate`: writes the files that are derived from the program's tables.
 * `bun run generate --check`: writes nothing and fails when one of them is not what the tables say.
 */
import { join } from "node:path";
import { commandsPage } from "./generators/commands";
import { comparisonPage } from "./generators/comparison";
import { configurationPage } from "./generators/configuration";
import { errorsPage } from "./generators/errors";
import { exampleMessagesFile } from "./generators/example-messages";
import type { GeneratedFile } from "./generators/generated-file";
import { troubleshootingPage } from "./generators/troubleshooting";
import { projectRoot } from "./project";
import type { Violation } from "./source-files";

/** Makes one file from the tables of the source; no output besides the returned value. */
export type Generator = () => GeneratedFile | Promise<GeneratedFile>;

/** All generators, one a file. */
export const GENERATORS: readonly Generator[] = [
  configurationPage,
  commandsPage,
  errorsPage,
  exampleMessagesFile,
  troubleshootingPage,
  comparisonPage,
];

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

/** Writes or checks all generated files; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--check")) {
    const violations = await staleFiles(GENERATORS);
    for (const { path, line, reason } of violations) console.error(`${path}:${line}: ${reason}`);
    return violations.length === 0 ? 0 : 1;
  }
  for (const path of await writeGenerated(GENERATORS)) console.log(`wrote ${path}`);
  return 0;
}

/** Writes the files whose text differs; returns their paths. */
export async function writeGenerated(
  generators: readonly Generator[],
  root = projectRoot,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const generator of generators) {
    const { path, text } = await generator();
    if ((await textOf(join(root, path))) === text) continue;
    await Bun.write(join(root, path), text);
    written.push(path);
  }
  return written;
}

/** A violation for each file that is missing or differs, at the first line that does. */
export async function staleFiles(
  generators: readonly Generator[],
  root = projectRoot,
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const generator of generators) {
    const { path, text } = await generator();
    const current = await textOf(join(root, path));
    if (current === text) continue;
    const line = current === undefined ? 1 : firstDifferentLine(current, text);
    const reason = `${current === undefined ? "is missing" : "is stale"}: run \`bun run generate\``;
    violations.push({ path, line, rule: "generated", reason });
  }
  return violations;
}

async function textOf(path: string): Promise<string | undefined> {
  const file = Bun.file(path);
  return (await file.exists()) ? await file.text() : undefined;
}

function firstDifferentLine(left: string, right: string): number {
  const [leftLines, rightLines] = [left.split("\n"), right.split("\n")];
  const index = leftLines.findIndex((line, at) => line !== rightLines[at]);
  return index === -1 ? leftLines.length : index + 1;
}
