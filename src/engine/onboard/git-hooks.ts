import { quotedWord } from "#base/shell-word";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { isInside, resolveFrom } from "#base/path";
import { isExecutable, isLink, removeFile, setMode } from "#system/fs/kept-files";
import { GIT_HOOKS } from "#core/onboard/git-hook-names";
import { readText } from "#system/fs/read-text";
import { systemReason } from "#system/fs/system-reason";
import { writeFileAtomically } from "#system/fs/write-file";
import { captureCommand } from "#system/process/capture";

/** A hook that is to be there. */
export interface WantedHook {
  readonly name: string;
  readonly lines: readonly string[];
}

export type HookState = "as-wanted" | "missing" | "outdated" | "foreign";

/** Where a working copy keeps its hooks. */
export interface HookPlace {
  /** Absolute. */
  readonly folder: string;
  /** The workspace root from the top of the working copy, with `/` at its end; empty where they are the same. */
  readonly prefix: string;
}

const LIMIT_MS = 10_000;
const MARK = "# zr setup wrote this from [setup.hooks] in zr.toml, and writes it again when that changes.";

/**
 * Asks git where hooks are kept. The reason where there is no repository, or the place is not the repository's own: what
 * another tool has pointed `core.hooksPath` at is its business.
 */
export async function findHookPlace(
  root: string,
  env: Readonly<Record<string, string>>,
): Promise<Result<HookPlace, string>> {
  const asked = await captureCommand({
    argv: ["git", "rev-parse", "--git-common-dir", "--git-path", "hooks", "--show-prefix"],
    cwd: root,
    env,
    limitMs: LIMIT_MS,
  });
  if (!asked.ok) return err("git is not installed");
  if (asked.value.exitCode !== 0) return err("this is no git repository");
  const [common = "", hooks = "", prefix = ""] = asked.value.stdout.split("\n");
  const folder = resolveFrom(root, hooks);
  if (!isInside(resolveFrom(root, common), folder))
    return err(`git looks for hooks in ${hooks}, which another tool has set up (core.hooksPath)`);
  return ok({ folder, prefix });
}

/**
 * In a linked working copy git names its own folder to a hook, and would take the folder that the hook goes to for the top
 * of the working copy: what is added there would get another path.
 */
const HERE = [
  'if [ -n "${GIT_DIR:-}" ]; then',
  "  GIT_WORK_TREE=$(pwd)",
  "  GIT_DIR=$(git rev-parse --absolute-git-dir)",
  "  export GIT_DIR GIT_WORK_TREE",
  "fi",
];

/** The text of a hook. `program` is the zr to find where PATH has none. */
function hookText({ lines }: WantedHook, { prefix }: HookPlace, program: string): string {
  const folder = program.slice(0, program.lastIndexOf("/"));
  return [
    "#!/bin/sh",
    MARK,
    "set -e",
    ...(prefix === "" ? [] : HERE),
    `PATH="$PATH":${quotedWord(folder)}`,
    "export PATH",
    ...(prefix === "" ? [] : [`cd ${quotedWord(prefix)}`]),
    ...lines,
    "",
  ].join("\n");
}

/** How a hook that is there compares with the one that is wanted. */
export async function hookState(wanted: WantedHook, place: HookPlace, program: string): Promise<HookState> {
  const path = `${place.folder}/${wanted.name}`;
  const read = await readText(path);
  // A link to what is not there, on this branch say, is somebody's hook too.
  if (read.kind === "missing") return (await isLink(path)) ? "foreign" : "missing";
  if (read.kind !== "text" || !read.text.includes(MARK)) return "foreign";
  // Git passes over a hook that may not be executed.
  return read.text === hookText(wanted, place, program) && (await isExecutable(path))
    ? "as-wanted"
    : "outdated";
}

/** Names of hooks that were written for this workspace, and that it wants no more. */
export async function leftHooks(wanted: readonly string[], place: HookPlace): Promise<readonly string[]> {
  const names = GIT_HOOKS.filter((name) => !wanted.includes(name));
  const own = await Promise.all(
    names.map(async (name) => {
      const read = await readText(`${place.folder}/${name}`);
      return read.kind === "text" && isOfWorkspace(read.text, place);
    }),
  );
  return names.filter((_, index) => own[index]);
}

/** Whether a hook was written by us, and not for another workspace of the same repository. */
function isOfWorkspace(text: string, { prefix }: HookPlace): boolean {
  if (!text.startsWith(`#!/bin/sh\n${MARK}\n`)) return false;
  const entered = /\nexport PATH\ncd ([^\n]*\/'?)\n/.exec(text)?.[1];
  return entered === (prefix === "" ? undefined : quotedWord(prefix));
}

/** Takes a hook away. Gives the system's reason where it can't. */
export async function removeHook(name: string, place: HookPlace): Promise<Result<void, string>> {
  try {
    return ok(await removeFile(`${place.folder}/${name}`));
  } catch (error) {
    return err(error instanceof Error ? systemReason(error) : String(error));
  }
}

/** Writes a hook that is missing or one of our own. Gives the system's reason where it can't. */
export async function writeHook(
  wanted: WantedHook,
  place: HookPlace,
  program: string,
): Promise<Result<void, string>> {
  const path = `${place.folder}/${wanted.name}`;
  const written = await writeFileAtomically(path, hookText(wanted, place, program), 0o755);
  if (!written.ok) return written;
  // One that was there before may have lost the right to be executed.
  await setMode(path, 0o755);
  return ok(undefined);
}
