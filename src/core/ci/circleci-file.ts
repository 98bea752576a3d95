import { ciHeader, ciPathOf, installLine, yamlPath, yamlText } from "./ci-file";
import type { CiFile } from "./ci-file";

/** A configuration of CircleCI, with one job. */
export function circleciFile(file: CiFile): string {
  const { type, shards, setup, commands } = file;
  const isRelease = type === "release";
  const name = isRelease ? "release" : "check";
  const inWorkspace = (command: string): string => runStep(command, file.folder);
  const restore = `      - restore_cache:
          keys: ["zr-<< pipeline.git.branch >>-{{ .Environment.CIRCLE_NODE_INDEX }}-", "zr-"]
`;
  const save = `      - save_cache:
          key: zr-<< pipeline.git.branch >>-{{ .Environment.CIRCLE_NODE_INDEX }}-{{ .Revision }}
          paths: [${yamlPath(ciPathOf(file, ".zr/cache"))}]
          when: always
      - store_test_results:
          path: ${yamlPath(ciPathOf(file, ".zr/ci"))}
      - store_artifacts:
          path: ${yamlPath(ciPathOf(file, ".zr/ci"))}
`;
  const filters = `          filters:
            tags:
              only: /^v.*/
            branches:
              ignore: /.*/
`;
  return `${ciHeader(file)}version: 2.1
jobs:
  ${name}:
    docker:
      - image: cimg/base:current
${shards > 1 ? `    parallelism: ${shards}\n` : ""}    environment:
      # The commit before the push.
      ZR_BASE: << pipeline.git.base_revision >>
    steps:
      - checkout
${runStep(installLine(file))}${runStep(`echo 'export PATH="$HOME/.local/bin:$PATH"' >> "$BASH_ENV"`)}${setup
    .map(inWorkspace)
    .join(
      "",
    )}${isRelease ? "" : restore}${commands.map(inWorkspace).join("")}${isRelease ? "" : save}workflows:
  zr:
    jobs:
      - ${name}${isRelease ? `:\n${filters}` : "\n"}`;
}

/** A step; in a folder of the checkout where one is named. */
const runStep = (command: string, folder = ""): string => {
  const text = yamlText(circleText(command));
  return folder === ""
    ? `      - run: ${text}\n`
    : `      - run:\n          command: ${text}\n          working_directory: ${yamlPath(circleText(folder))}\n`;
};

/** `<<` begins a parameter there, unless a backslash is before it. */
const circleText = (text: string): string => text.replaceAll("<<", "\\<<");
