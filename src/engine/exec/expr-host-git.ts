import { messageText } from "#base/message";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { HostFailure } from "#core/expr/host";
import type { GitField } from "#core/model/plan";
import { affectedDiagnosticCodes } from "#engine/affected/codes";
import { findBase } from "#engine/affected/find-base";
import type { ChangeFailure } from "#engine/affected/find-base";
import { filesBelow, findChanges, mergeBase } from "#engine/affected/find-changes";
import type { ChangeOptions } from "#engine/affected/find-changes";
import { gitEnvironment } from "#system/git/git-environment";
import { openRefs } from "#system/git/refs";
import { captureCommand } from "#system/process/capture";

export interface GitPlace {
  /** Any folder of the repository: paths are relative to it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** A branch or commit that stands for "before"; where it isn't given, what the CI service or the default branch says. */
  readonly base: string | undefined;
  /** The branch that work starts from; looked for where it isn't given. */
  readonly defaultBranch: string | undefined;
}

type GitAnswer<T> = Promise<Result<T, HostFailure>>;

const LIMIT_MS = 60_000;

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
 * file counts at both its places.
 */
export async function changedFiles(place: GitPlace): GitAnswer<readonly string[]> {
  const { folder, env } = place;
  const changes = await findChanges({ folder, env, committedOnly: false, ...baseOptions(place) });
  return changes.ok ? ok(filesBelow(folder, changes.value)) : err(failure(changes.error));
}

/** Where the history parts from that of the base; null outside of a repository and where there is one commit. */
async function baseCommit(place: GitPlace): GitAnswer<string | null> {
  const { folder, env } = place;
  const refs = await openRefs(folder);
  if (refs === undefined) return ok(null);
  const base = await findBase({ refs, env, ...baseOptions(place) });
  if (!base.ok) return err(failure(base.error));
  return ok((await mergeBase({ top: refs.top, base: base.value }, env)) ?? null);
}

const baseOptions = ({ base, defaultBranch }: GitPlace): Pick<ChangeOptions, "base" | "defaultBase"> => ({
  ...(base === undefined ? {} : { base }),
  defaultBase: () => Promise.resolve(defaultBranch),
});

const failure = (problem: ChangeFailure): HostFailure => ({
  reason:
    problem.code === "E360"
      ? "the workspace is not a git repository"
      : messageText(affectedDiagnosticCodes, problem),
});

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

/** What git printed; null where it said no or isn't there. */
async function run({ folder, env }: GitPlace, args: readonly string[]): GitAnswer<string | null> {
  const asked = await captureCommand({
    argv: ["git", ...args],
    cwd: folder,
    // It must not write to the repository only to be asked, and its complaints are read below.
    env: gitEnvironment(env),
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
