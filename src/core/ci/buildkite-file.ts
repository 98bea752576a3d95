import { ciHeader, ciPathOf, enterLines, installLine, yamlItems } from "./ci-file";
import type { CiFile } from "./ci-file";

/** A pipeline of Buildkite, with one step. Its commands share one shell. */
export function buildkiteFile(file: CiFile): string {
  const { type, shards, setup, commands } = file;
  const isRelease = type === "release";
  const name = isRelease ? "release" : "check";
  const all = [
    installLine(file),
    'export PATH="$HOME/.local/bin:$PATH"',
    ...enterLines(file),
    ...setup,
    ...commands,
  ];
  return `${ciHeader(file)}steps:
  - label: ${name}
    key: ${name}
${isRelease ? "    if: build.tag =~ /^v/\n" : ""}${shards > 1 ? `    parallelism: ${shards}\n` : ""}    commands:
${yamlItems(all.map(buildkiteText), "      ")}${isRelease ? "" : `    artifact_paths: ${JSON.stringify(ciPathOf(file, ".zr/ci/*"))}\n`}`;
}

/** A dollar sign would be filled in before the step runs, unless it is doubled. */
const buildkiteText = (text: string): string => text.replaceAll("$", "$$$$");
