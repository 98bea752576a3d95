import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { HostFailure } from "#core/expr/host";
import type { GitField } from "#core/model/plan";
import { captureCommand } from "#system/process/capture";

export interface GitPlace {
  /** Any folder of the repository: paths are relative to it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** A branch or commit that stands for "before"; chosen from the default branch where it isn't given. */
  readonly base: string | undefined;
  /** The branch that work starts from; looked for where it isn't given. */
  readonly defaultBranch: string | undefined;
}

type GitAnswer<T> = Promise<Result<T, HostFailure>>;

const LIMIT_MS = 60_000;
const USUAL_BRANCHES = ["origin/HEAD", "main", "master", "origin/main", "origin/master"];

/** A field of the repository; null outside of one, without git, and where it has no such thing. */
export function gitField(place: GitPlace, field: GitField): GitAnswer<string | boolean | null> {
  switch (field) {
    case "branch":
      return line(place, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
    case "sha":
      return commit(place, "HEAD");
    case "tag":
      return line(place, ["describe", "--tags", "--exact-match", "HEAD"]);
    case "dirty":
      return isDirty(place);
    case "base":
      return baseCommit(place);
  }
}

/**
 * Paths relative to the folder that differ between the base and the working tree, untracked ones included. A renamed
 * file counts at both its places. Without a base, what differs from HEAD.
 */
export async function changedFiles(place: GitPlace): GitAnswer<readonly string[]> {
  const head = await commit(place, "HEAD");
  if (!head.ok) return head;
  // Before the first commit everything is new.
  if (head.value === null) return paths(place, ["ls-files", "--cached", "--others", "--exclude-standard"]);
  const base = await baseCommit(place);
  if (!base.ok) return base;
  const diff = ["diff", "--name-only", "--no-renames", "--relative", base.value ?? head.value];
  const [changed, untracked] = await Promise.all([
    paths(place, diff),
    paths(place, ["ls-files", "--others", "--exclude-standard"]),
  ]);
  if (!changed.ok) return changed;
  return untracked.ok ? ok([...changed.value, ...untracked.value]) : untracked;
}

/** The given base, else where the default branch was left, else the commit before. */
async function baseCommit(place: GitPlace): GitAnswer<string | null> {
  if (place.base?.startsWith("-")) return err({ reason: `${place.base} is not the name of a commit` });
  if (place.base !== undefined) return mergeBase(place, place.base);
  const { defaultBranch } = place;
  const branches = defaultBranch === undefined ? USUAL_BRANCHES : [defaultBranch, `origin/${defaultBranch}`];
  for (const branch of branches) {
    const tip = await commit(place, branch);
    if (!tip.ok) return tip;
    if (tip.value !== null) return mergeBase(place, branch);
  }
  return commit(place, "HEAD~1");
}

async function mergeBase(place: GitPlace, branch: string): GitAnswer<string | null> {
  const found = await line(place, ["merge-base", branch, "HEAD"]);
  if (!found.ok || found.value !== null) return found;
  const head = await commit(place, "HEAD");
  if (!head.ok || head.value === null) return head;
  return err({
    reason: `no commit is common to ${branch} and HEAD; the branch is unknown or the clone is shallow`,
  });
}

function commit(place: GitPlace, name: string): GitAnswer<string | null> {
  return line(place, ["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
}

async function isDirty(place: GitPlace): GitAnswer<boolean | null> {
  const status = await run(place, ["status", "--porcelain"]);
  if (!status.ok) return status;
  return ok(status.value === null ? null : status.value !== "");
}

/** The first line of the answer; null where git says no. */
async function line(place: GitPlace, args: readonly string[]): GitAnswer<string | null> {
  const printed = await run(place, args);
  if (!printed.ok) return printed;
  return ok(printed.value?.split("\n")[0]?.trim() || null);
}

async function paths(place: GitPlace, args: readonly string[]): GitAnswer<readonly string[]> {
  const [subcommand = "", ...rest] = args;
  const printed = await run(place, [subcommand, "-z", ...rest]);
  if (!printed.ok) return printed;
  if (printed.value === null) return err({ reason: "the workspace is not a git repository" });
  return ok(printed.value.split("\0").filter((path) => path !== ""));
}

/** What git printed; null where it said no or isn't there. */
async function run({ folder, env }: GitPlace, args: readonly string[]): GitAnswer<string | null> {
  const asked = await captureCommand({
    argv: ["git", ...args],
    cwd: folder,
    // It must not write to the repository only to be asked, and its complaints are read below.
    env: { ...env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
    limitMs: LIMIT_MS,
  });
  if (!asked.ok) return ok(null);
  const { exitCode, stdout, stderr } = asked.value;
  if (exitCode === 0) return ok(stdout);
  if (exitCode === null) return err({ reason: `git timed out after ${LIMIT_MS / 1000} s` });
  // The one refusal that looks like no repository, but is one that belongs to somebody else.
  if (stderr.includes("dubious ownership"))
    return err({ reason: "git refuses the repository: it belongs to another user" });
  return ok(null);
}
