import { defaultBaseOf } from "#app/default-base";
import { plainProblems } from "#app/problems";
import type { Problems } from "#app/problems";
import { quotedWord, shellWord } from "#base/shell-word";
import { releasesUrl } from "#base/release-key";
import { relativeTo, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { version } from "#base/version";
import { buildkiteFile } from "#core/ci/buildkite-file";
import { branchOf, CI_MARKS, ciPath } from "#core/ci/ci-file";
import type { CiFile } from "#core/ci/ci-file";
import { CI_PLATFORMS } from "#core/ci/ci-names";
import type { CiPlatform, CiType } from "#core/ci/ci-names";
import { circleciFile } from "#core/ci/circleci-file";
import { githubFile } from "#core/ci/github-file";
import { gitlabFile } from "#core/ci/gitlab-file";
import { findTask } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { checkoutOf } from "#system/git/head-commit";
import { openRefs } from "#system/git/refs";
import { pathExists } from "#system/fs/path-exists";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";

export interface CiFileRequest {
  readonly workspace: Workspace;
  /** Absolute; the repository's top, or the workspace's. */
  readonly top: string;
  /** Undefined: the one that is in use, as far as files tell. */
  readonly platform: CiPlatform | undefined;
  /** Undefined: by the number of packages. */
  readonly type: CiType | undefined;
  /** Of the type `monorepo`. */
  readonly shards: number | undefined;
  /** Of the type `release`: the task or workflow. */
  readonly task: string | undefined;
  /** Commands that come first. */
  readonly setup: readonly string[];
}

export interface MadeCiFile {
  readonly platform: CiPlatform;
  readonly type: CiType;
  /** Where the service looks for it, absolute. */
  readonly path: string;
  readonly text: string;
}

/** Where zr is published. */
const HOME = "https://github.com/zr-build/zr/releases";
const SHARDS = 3;
const WRITERS: Readonly<Record<CiPlatform, (file: CiFile) => string>> = {
  "github-actions": githubFile,
  gitlab: gitlabFile,
  circleci: circleciFile,
  buildkite: buildkiteFile,
};

/** Makes the text of a file for a CI service. */
export async function makeCiFile(request: CiFileRequest): Promise<Result<MadeCiFile, Problems>> {
  const { workspace, top } = request;
  const platform = request.platform ?? (await platformInUse(top));
  const type = request.type ?? (workspace.packages.size > 1 ? "monorepo" : "basic");
  const last = type === "release" ? releaseCommand(workspace, request.task) : "zr ci run";
  if (last === undefined) {
    const name = request.task ?? "release";
    return err(plainProblems({ code: "E590", severity: "error", data: { name } }));
  }
  const home = releasesUrl ?? HOME;
  const path = resolveFrom(top, ciPath(platform, type));
  const isReleased = /^\d+\.\d+\.\d+$/.test(version) && version !== "0.0.0";
  const shards = type === "monorepo" ? (request.shards ?? SHARDS) : 1;
  const text = WRITERS[platform]({
    platform,
    type,
    command: commandLine(request, { platform, type, shards }),
    folder: folderOf(request),
    branch: defaultBaseOf(workspace) ?? (await mainBranch(top, path)),
    shards,
    version: isReleased ? version : undefined,
    action: new URL(home).pathname.split("/").slice(1, 3).join("/"),
    installer: `${home}/latest/download/install.sh`,
    setup: request.setup,
    commands: [...(usesTools(workspace) ? ["zr tools install"] : []), last],
  });
  return ok({ platform, type, path, text });
}

/** The workspace, from the repository's top; empty where it is that. */
const folderOf = ({ workspace, top }: CiFileRequest): string =>
  workspace.root === top ? "" : relativeTo(top, workspace.root);

/** The command line that writes the same file again. */
function commandLine(
  request: CiFileRequest,
  { platform, type, shards }: Pick<CiFile, "platform" | "type" | "shards">,
): string {
  const { task, setup } = request;
  const folder = folderOf(request);
  const at = folder === "" ? [] : ["-C", shellWord(folder)];
  const words = ["zr", ...at, "ci", "generate", "--platform", platform, "--type", type];
  if (type === "monorepo") words.push("--shards", String(shards));
  if (task !== undefined) words.push("--task", task);
  for (const line of setup) words.push("--setup", quotedWord(line));
  return words.join(" ");
}

/**
 * The branch that a clone has checked out at first. Where a service has made the working copy nothing tells it: the one
 * that the file has, else `main` or `master`, whichever is there.
 */
async function mainBranch(top: string, file: string): Promise<string> {
  const common = (await checkoutOf(top))?.common ?? resolveFrom(top, ".git");
  const head = await readText(`${common}/refs/remotes/origin/HEAD`);
  const named =
    head.kind === "text" ? /^ref: refs\/remotes\/origin\/([\w./-]+)\s*$/.exec(head.text)?.[1] : undefined;
  if (named !== undefined) return named;
  const present = await readText(file);
  const written = present.kind === "text" ? branchOf(present.text) : undefined;
  if (written !== undefined) return written;
  const refs = await openRefs(top);
  const isMaster = (await refs?.find("main")) === undefined && (await refs?.find("master")) !== undefined;
  return isMaster ? "master" : "main";
}

/** What a file with this text would do where there may be one already. */
export async function writeCiFile(
  path: string,
  text: string,
  { force, dryRun }: { readonly force: boolean; readonly dryRun: boolean },
): Promise<Result<"created" | "changed" | "unchanged", Problems>> {
  const state = await ciFileState(path, text);
  if (state === "changed" && !force && !dryRun)
    return err(plainProblems({ code: "E591", severity: "error", data: { path } }));
  if (dryRun || state === "unchanged") return ok(state);
  const written = await writeFileAtomically(path, text);
  return written.ok
    ? ok(state)
    : err(plainProblems({ code: "E190", severity: "error", data: { path, reason: written.error } }));
}

/** Whether a file is not there, another, or the same. */
export async function ciFileState(path: string, text: string): Promise<"created" | "changed" | "unchanged"> {
  const read = await readText(path);
  if (read.kind === "missing") return "created";
  return read.kind === "text" && read.text.replaceAll("\r\n", "\n") === text ? "unchanged" : "changed";
}

/** The service whose files are there; else that of the server which the repository was cloned from. */
export async function platformInUse(top: string): Promise<CiPlatform> {
  for (const platform of CI_PLATFORMS) {
    if (await pathExists(resolveFrom(top, CI_MARKS[platform]))) return platform;
  }
  const common = (await checkoutOf(top))?.common ?? resolveFrom(top, ".git");
  const config = await readText(`${common}/config`);
  const isGitlab = config.kind === "text" && /^\s*url\s*=\s*\S*gitlab/im.test(config.text);
  return isGitlab ? "gitlab" : "github-actions";
}

/** What a release runs: the workflow of that name, which asks nobody, else the task. */
function releaseCommand({ packages, rootPackage }: Workspace, name = "release"): string | undefined {
  // What a shell would read otherwise is no name here.
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_\-./:]*$/u.test(name)) return undefined;
  if (rootPackage.config.workflows.has(name)) return `zr workflow ${name} --yes`;
  const isTask = [...packages.values()].some((pkg) => findTask(pkg, name) !== undefined);
  return isTask ? `zr run ${name} --yes` : undefined;
}

const usesTools = ({ packages }: Workspace): boolean =>
  [...packages.values()].some(({ config }) =>
    config.files.some(({ document }) => Object.keys(document.tools ?? {}).length > 0),
  );
