import { ciHeader, ciPathOf, enterLines, installLine, yamlItems, yamlPath, yamlText } from "./ci-file";
import type { CiFile } from "./ci-file";

/** A pipeline of GitLab, with one job. */
export function gitlabFile(file: CiFile): string {
  const { type, branch, shards, setup, commands } = file;
  const isRelease = type === "release";
  const rules = isRelease
    ? `    - if: $CI_COMMIT_TAG =~ /^v/\n`
    : `    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n    - if: ${yamlText(`$CI_COMMIT_BRANCH == "${branch}"`)}\n`;
  const parallel = shards > 1 ? `  parallel: ${shards}\n` : "";
  const before = [installLine(file), 'export PATH="$HOME/.local/bin:$PATH"', ...enterLines(file), ...setup];
  const kept = `  cache:
    key: "zr-$CI_NODE_INDEX"
    paths: [${yamlPath(ciPathOf(file, ".zr/cache/"))}]
  artifacts:
    when: always
    paths: [${yamlPath(ciPathOf(file, ".zr/ci/"))}]
    reports:
      junit: ${yamlPath(ciPathOf(file, ".zr/ci/junit*.xml"))}
`;
  return `${ciHeader(file)}${isRelease ? "release" : "check"}:
  image: buildpack-deps:stable
  rules:
${rules}  variables:
    # zr looks for what has changed in the history.
    GIT_DEPTH: "0"
${parallel}  before_script:
${yamlItems(before, "    ")}  script:
${yamlItems(commands, "    ")}${isRelease ? "" : kept}`;
}
