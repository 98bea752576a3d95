import { jsonOf } from "#base/json-of";
import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { baseCandidates, defaultCandidate } from "#core/affected/base-candidates";
import type { BaseCandidate } from "#core/affected/base-candidates";
import { readText } from "#system/fs/read-text";
import type { Refs } from "#system/git/refs";
import { askGit } from "./ask-git";

export type ChangeFailure = Pick<Diagnostic, "code" | "data">;

/** What git compares with. */
export interface Base {
  /** A name that git knows. */
  readonly name: string;
  /** Where the name comes from. */
  readonly from: string;
  /** The commit, where it is known already. */
  readonly commit?: string;
}

export interface BaseOptions {
  readonly refs: Refs;
  readonly env: Readonly<Record<string, string>>;
  readonly base?: string;
  /** `[workspace] default_base`; asked for only where nobody says more. */
  readonly defaultBase: () => Promise<string | undefined>;
}

/**
 * What to compare with: what the caller or the CI service names, else the default branch, else the commit before.
 * Undefined where there is only one commit.
 */
export async function findBase(options: BaseOptions): Promise<Result<Base | undefined, ChangeFailure>> {
  const { refs, env, base } = options;
  const event = await githubEvent(env);
  const facts = { env, githubEvent: event };
  const given = baseCandidates({ ...facts, ...(base === undefined ? {} : { base }) });
  let gone: ChangeFailure | undefined;
  for (const candidate of given) {
    const found = await resolve(candidate, refs, env);
    if (found !== undefined) return ok(found);
    const failure = notHere(candidate, refs);
    if (candidate.isRequired) return err(failure);
    gone ??= failure;
  }
  // The service has named it, so it is there; only this clone has it not.
  if (gone !== undefined && refs.isShallow) return err(gone);
  const last = defaultCandidate(await options.defaultBase(), facts);
  const usual = await resolve(last, refs, env);
  const isCi = isSet(env["CI"]);
  if (usual !== undefined && !(isCi && (await isPartOf(usual, refs, env)))) return ok(usual);
  if (usual === undefined && isCi && last.isNamed) gone ??= notHere(last, refs);
  // More than one commit may have come since what is not here: a branch's first push, a push over what was there.
  return gone === undefined ? previousCommit(refs, env) : err(gone);
}

function notHere(
  { names: [name = ""], from, isRequired }: BaseCandidate,
  { isShallow }: Refs,
): ChangeFailure {
  const isCut = isShallow && (!isRequired || RELATIVE.test(name));
  return { code: isCut ? "E362" : "E361", data: { base: name, from } };
}

/**
 * Whether what is checked out is the default branch, or an earlier state of it where others have pushed since the job
 * was made: compared with that, nothing would be left to test.
 */
async function isPartOf({ commit }: Base, refs: Refs, env: BaseOptions["env"]): Promise<boolean> {
  if (commit === undefined || commit === refs.head) return commit !== undefined;
  return (await askGit(refs.top, env, ["merge-base", "--is-ancestor", "HEAD", commit])).ok;
}

async function previousCommit(
  refs: Refs,
  env: BaseOptions["env"],
): Promise<Result<Base | undefined, ChangeFailure>> {
  const commit = await commitOf("HEAD~1", refs, env);
  if (commit !== undefined) return ok({ name: "HEAD~1", from: "the commit before", commit });
  if (!refs.isShallow) return ok(undefined);
  return err({ code: "E362", data: { base: "HEAD~1", from: "the commit before" } });
}

async function resolve(
  { names, from }: BaseCandidate,
  refs: Refs,
  env: BaseOptions["env"],
): Promise<Base | undefined> {
  for (const name of names) {
    // A full name may be of a commit that was never fetched, and one from outside may be an expression.
    const commit = await commitOf(name, refs, env);
    if (commit !== undefined) return { name, from, commit };
  }
  return undefined;
}

const FULL_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** A name of a commit by the way from another to it (gitrevisions(7)). */
const RELATIVE = /[~^]\d*$/;
const BRANCH = /^origin\/|^[\w-]+$/;

async function commitOf(name: string, refs: Refs, env: BaseOptions["env"]): Promise<string | undefined> {
  const found = FULL_NAME.test(name) ? undefined : await refs.find(name);
  if (found !== undefined) return found;
  const isKnownMissing = name.startsWith("-") || (!refs.isPartial && isUsual(name));
  if (isKnownMissing) return undefined;
  const asked = await askGit(refs.top, env, ["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
  return asked.ok ? asked.value.trim() : undefined;
}

/** Names that are looked for by custom are branches or nothing: git need not be asked for each. */
const isUsual = (name: string): boolean =>
  BRANCH.test(name) && ["origin/HEAD", "origin/main", "main", "origin/master", "master"].includes(name);

/** What GitHub Actions tells of the event; undefined elsewhere. A file that makes no sense says nothing. */
async function githubEvent(env: BaseOptions["env"]): Promise<unknown> {
  const path = env["GITHUB_ACTIONS"] === "true" ? (env["GITHUB_EVENT_PATH"] ?? "") : "";
  if (path === "") return undefined;
  const read = await readText(path);
  return read.kind === "text" ? jsonOf(read.text) : undefined;
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "0" && value !== "false";
