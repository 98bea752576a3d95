import { relativeTo } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { parsePaths, parseStatus } from "#core/affected/parse-changes";
import { openRefs } from "#system/git/refs";
import type { Refs } from "#system/git/refs";
import { askGit } from "./ask-git";
import type { GitRefusal } from "./ask-git";
import { findBase } from "./find-base";
import type { Base, BaseOptions, ChangeFailure } from "./find-base";
import { withInnerChanges } from "./inner-changes";

export interface ChangeOptions extends Omit<BaseOptions, "refs"> {
  /** Any folder of the repository, absolute. */
  readonly folder: string;
  /** Without what is staged, unstaged or untracked. */
  readonly committedOnly: boolean;
}

/** What has changed in a repository since the base. */
export interface Changes {
  /** Top folder of the checkout. */
  readonly top: string;
  /** Undefined where there is nothing before: everything is new. */
  readonly base: Base | undefined;
  /** Paths from the top folder, sorted, each once. A renamed file is there with both its places. */
  readonly files: readonly string[];
}

/**
 * What has changed since the base: what was committed since the histories parted, and what is staged, unstaged or
 * untracked. Two processes of git at once.
 */
export async function findChanges(options: ChangeOptions): Promise<Result<Changes, ChangeFailure>> {
  const { folder, env } = options;
  // What takes longest is started first, before it is known whether there is a repository at all.
  const asked = options.committedOnly ? undefined : checkoutStatus(folder, env);
  const refs = await openRefs(folder);
  if (refs === undefined) return err({ code: "E360", data: { folder } });
  const { top } = refs;
  const [status, committed] = await Promise.all([asked, committedFiles(refs, options)]);
  if (status !== undefined && !status.ok) return status;
  if (!committed.ok) return committed;
  const files = new Set([...committed.value.files, ...(status?.value.files ?? [])]);
  const { base } = committed.value;
  const all = await withInnerChanges([...files], {
    top,
    env,
    commit: () => mergeBase({ top, base }, env),
    committedOnly: options.committedOnly,
  });
  return ok({ top, base, files: [...new Set(all)].sort() });
}

/** What lies in a submodule is an input, whatever `submodule.NAME.ignore` and `diff.ignoreSubmodules` say. */
const WITH_SUBMODULES = "--ignore-submodules=none";
const STATUS = ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", WITH_SUBMODULES];
const DIFF = ["diff", "--name-only", "--no-renames", "-z", WITH_SUBMODULES];

async function checkoutStatus(
  folder: string,
  env: ChangeOptions["env"],
): Promise<Result<ReturnType<typeof parseStatus>, ChangeFailure>> {
  // Without looking for renames both places are there, one as added and one as deleted.
  const asked = await askGit(folder, env, [...STATUS, "--no-renames", "--no-ahead-behind"]);
  return asked.ok ? ok(parseStatus(asked.value)) : err(gitFailed(asked.error));
}

async function committedFiles(
  refs: Refs,
  options: ChangeOptions,
): Promise<Result<Pick<Changes, "base" | "files">, ChangeFailure>> {
  const found = await findBase({ ...options, refs });
  if (!found.ok) return found;
  const base = found.value;
  const { env } = options;
  if (base === undefined) {
    const all = await askGit(refs.top, env, ["ls-files", "-z"]);
    return all.ok ? ok({ base, files: parsePaths(all.value) }) : err(gitFailed(all.error));
  }
  // The base itself is checked out: nothing was committed since.
  if (base.commit !== undefined && base.commit === refs.head) return ok({ base, files: [] });
  const range = `${base.commit ?? base.name}...HEAD`;
  const asked = await askGit(refs.top, env, [...DIFF, range, "--"]);
  if (asked.ok) return ok({ base, files: parsePaths(asked.value) });
  return err(await whyNoRange(asked.error, { refs, base, env }));
}

interface Compared {
  readonly refs: Refs;
  readonly base: Base;
  readonly env: ChangeOptions["env"];
}

async function whyNoRange(refusal: GitRefusal, { refs, base, env }: Compared): Promise<ChangeFailure> {
  const data = { base: base.name, from: base.from };
  if (refusal.reason.includes("no merge base")) return { code: refs.isShallow ? "E362" : "E363", data };
  const known = await askGit(refs.top, env, ["cat-file", "-e", `${base.commit ?? base.name}^{commit}`]);
  if (!known.ok && known.error.code !== null) return { code: refs.isShallow ? "E362" : "E361", data };
  return gitFailed(refusal);
}

const gitFailed = ({ reason }: GitRefusal): ChangeFailure => ({ code: "E364", data: { reason } });

/** Where the histories of a base and of what is checked out part; undefined where git can't tell. */
export async function mergeBase(
  { top, base }: Pick<Changes, "top" | "base">,
  env: ChangeOptions["env"],
): Promise<string | undefined> {
  if (base === undefined) return undefined;
  const asked = await askGit(top, env, ["merge-base", base.commit ?? base.name, "HEAD"]);
  return asked.ok ? asked.value.trim() : undefined;
}

/** The changed files of a workspace as paths from its root; zr's own state and what lies elsewhere are left out. */
export function filesBelow(root: string, { top, files }: Pick<Changes, "top" | "files">): readonly string[] {
  const below = relativeTo(top, root);
  const prefix = below === "." ? "" : `${below}/`;
  const found: string[] = [];
  for (const file of files) {
    if (!file.startsWith(prefix)) continue;
    const path = file.slice(prefix.length);
    if (!path.startsWith(".zr/")) found.push(path);
  }
  return found;
}
