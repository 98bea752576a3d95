import { ciHeader, ciPathOf, yamlPath, yamlText } from "./ci-file";
import type { CiFile } from "./ci-file";

/** A workflow of GitHub Actions. */
export function githubFile(file: CiFile): string {
  const { type, branch } = file;
  const isRelease = type === "release";
  const on = isRelease
    ? `  push:\n    tags: ["v*"]\n`
    : `  push:\n    branches: [${yamlText(branch)}]\n  pull_request:\n`;
  const permissions = isRelease ? "  contents: write\n" : "  contents: read\n  pull-requests: write\n";
  return `${ciHeader(file)}name: ${isRelease ? "zr release" : "zr"}
on:
${on}permissions:
${permissions}concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}
jobs:
${isRelease ? releaseJob(file) : checkJob(file)}`;
}

function checkJob(file: CiFile): string {
  const { shards } = file;
  const jobs = Array.from({ length: shards }, (_, index) => `"${index + 1}/${shards}"`);
  const isSplit = shards > 1;
  const strategy = `    strategy:
      fail-fast: false
      matrix:
        job: [${jobs.join(", ")}]
`;
  const part = isSplit ? "-${{ strategy.job-index }}" : "";
  const done = `  # For the rules of the branch: good when all jobs are.
  done:
    if: \${{ always() }}
    needs: [check]
    runs-on: ubuntu-latest
    steps:
      - run: test "\${{ needs.check.result }}" = success
`;
  return `  check:
    runs-on: ubuntu-latest
${isSplit ? strategy : ""}${workingFolder(file)}    steps:
${firstSteps(file)}      - uses: actions/cache@v4
        with:
          path: ${yamlPath(ciPathOf(file, ".zr/cache"))}
          key: zr-\${{ runner.os }}${part}-\${{ github.sha }}
          restore-keys: zr-\${{ runner.os }}${part}-
${commandSteps(file, isSplit ? " --job ${{ matrix.job }}" : "")}      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: zr-reports${part}
          path: ${yamlPath(ciPathOf(file, ".zr/ci"))}
          include-hidden-files: true
          if-no-files-found: ignore
${isSplit ? done : ""}`;
}

const releaseJob = (file: CiFile): string => `  release:
    runs-on: ubuntu-latest
${workingFolder(file)}    steps:
${firstSteps(file)}${commandSteps(file, "")}`;

/** Where the commands of a job run, unless that is the repository's top. */
const workingFolder = ({ folder }: CiFile): string =>
  folder === "" ? "" : `    defaults:\n      run:\n        working-directory: ${yamlPath(folder)}\n`;

function firstSteps({ action, version, setup }: CiFile): string {
  const use = `      - uses: ${action}@${version === undefined ? "main" : `v${version}`}\n`;
  const pinned = version === undefined ? "" : `        with:\n          version: ${yamlText(version)}\n`;
  return `      - uses: actions/checkout@v5
        with:
          fetch-depth: 0
${use}${pinned}${setup.map((line) => `      - run: ${yamlText(line)}\n`).join("")}`;
}

function commandSteps({ commands }: CiFile, behind: string): string {
  const last = commands.length - 1;
  return commands
    .map(
      (command, index) => `      - run: ${yamlText(command + (index === last ? behind : ""))}
        env:
          GITHUB_TOKEN: \${{ github.token }}
`,
    )
    .join("");
}
