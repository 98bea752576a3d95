import { shellWord } from "#base/shell-word";
import type { CiPlatform, CiType } from "./ci-names";

export interface CiFile {
  readonly platform: CiPlatform;
  readonly type: CiType;
  /** The command line that writes the file, for its first line. */
  readonly command: string;
  /** The workspace, from the repository's top; empty where it is that. */
  readonly folder: string;
  /** The branch that is always looked at. */
  readonly branch: string;
  /** Of the type `monorepo`: how many jobs share the work. */
  readonly shards: number;
  /** Of zr; undefined for the newest. */
  readonly version: string | undefined;
  /** `owner/name` of the repository that has zr's action. */
  readonly action: string;
  /** The address of the script that installs zr. */
  readonly installer: string;
  /** Commands that come before zr's. */
  readonly setup: readonly string[];
  /** zr's own commands, in order. */
  readonly commands: readonly string[];
}

/** Where the service looks for its file, from the repository's top; services without a place for several have one. */
export const ciPath = (platform: CiPlatform, type: CiType): string => {
  switch (platform) {
    case "github-actions":
      return type === "release" ? ".github/workflows/zr-release.yml" : ".github/workflows/zr.yml";
    case "gitlab":
      return ".gitlab-ci.yml";
    case "circleci":
      return ".circleci/config.yml";
    case "buildkite":
      return ".buildkite/pipeline.yml";
  }
};

/** What a service's own folder or file is called; where it is there, the service is meant. */
export const CI_MARKS: Readonly<Record<CiPlatform, string>> = {
  "github-actions": ".github",
  gitlab: ".gitlab-ci.yml",
  circleci: ".circleci",
  buildkite: ".buildkite",
};

/** The lines that every file begins with. */
export const ciHeader = ({ command }: CiFile): string =>
  `# Written by \`${command}\`: change it there, then run it again.\n# With --check it says whether this file is up to date.\n`;

/** A text as YAML has it: several plain words as they are, else between quotes (YAML 1.2.2, 7.3.1), as in JSON. */
export const yamlText = (text: string): string =>
  /^[a-z]+(?: [\w./@-]+)+$/.test(text) ? text : JSON.stringify(text);

/** The branch that a file has which was written before. */
export const branchOf = (text: string): string | undefined =>
  /^    branches: \["([\w./-]+)"\]\r?$/m.exec(text)?.[1] ??
  /\$CI_COMMIT_BRANCH == \\"([\w./-]+)\\"/.exec(text)?.[1];

/** A path of the workspace, from the repository's top. */
export const ciPathOf = ({ folder }: CiFile, path: string): string =>
  folder === "" ? path : `${folder}/${path}`;

/** The command that goes to the workspace, of a shell that those behind it share. */
export const enterLines = ({ folder }: CiFile): readonly string[] =>
  folder === "" ? [] : [`cd ${shellWord(folder)}`];

/** Items of a list at some depth, one a line. */
export const yamlItems = (items: readonly string[], indent: string): string =>
  items.map((item) => `${indent}- ${yamlText(item)}\n`).join("");

/** A path as YAML has it: plain where it is one of usual names, else between quotes. */
export const yamlPath = (path: string): string =>
  /^\.?[A-Za-z][\w.*-]*\/[\w./*-]*$/.test(path) ? path : JSON.stringify(path);

/** The command that installs zr by its script. */
export const installLine = ({ installer, version }: CiFile): string =>
  `curl -fsSL ${installer} | sh${version === undefined ? "" : ` -s -- --version ${version}`}`;
