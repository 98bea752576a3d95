import type { ChangeScope } from "#core/affected/affected-packages";
import { isTable } from "#core/config/check";
import { userCacheFolder } from "#core/cache/user-cache-folder";
import { CHANGES_ASKED } from "#engine/affected/ask-git";
import { decodeKeptAnswer, encodeKeptAnswer } from "#engine/cache/kept-answer";
import { changedSince, factsOfReads } from "#engine/cache/read-facts";
import { wallMs } from "#system/clock/clock";
import { bytesAtOnce } from "#system/fs/file-entry";
import { keepNewest } from "#system/fs/keep-newest";
import { beginReadTrace, endReadTrace } from "#system/fs/read-trace";
import type { ReadTrace } from "#system/fs/read-trace";
import type { Host } from "#system/host";
import type { LoadOptions } from "./load-workspace";
import { requestDigest } from "./request-digest";

/*
 * To read the configuration of a thousand packages takes three times as long as git needs to say what has changed. What
 * matters of it for that is kept, with how every file and folder looked that it was read from.
 */

/** A workspace that is being read, to be kept. */
export interface ScopeReading {
  readonly place: string;
  readonly request: string;
  readonly trace: ReadTrace;
  /** Milliseconds since 1970. */
  readonly beganMs: number;
}

/** With fewer packages, reading them is faster than looking whether they have been changed. */
const WORTH_KEEPING = 32;
const MOST_KEPT = 16;

/**
 * The kept scope of a workspace, where everything that it was read from looks the same. Else what notes the reading from
 * now on, for who keeps the scope then; undefined where there is no place for it.
 */
export function recallScope(
  load: LoadOptions,
  host: Host,
):
  | { readonly scope: ChangeScope }
  | { readonly scope: undefined; readonly reading: ScopeReading | undefined } {
  const home = userCacheFolder(host.os, host.env);
  if (home === undefined) return { scope: undefined, reading: undefined };
  const about = [load.cwd, load.configPath, load.profile];
  const request = requestDigest(about, host);
  const place = `${home}/scopes/${Bun.hash(JSON.stringify(about)).toString(36)}`;
  const bytes = bytesAtOnce(place);
  const kept = bytes === undefined ? undefined : decodeKeptAnswer(bytes, request, isScope);
  // Of a scope all facts decide: there is no other that may have changed.
  if (kept !== undefined && changedSince(kept.facts) !== undefined) return { scope: kept.answer };
  return {
    scope: undefined,
    reading: { place, request, trace: beginReadTrace(), beganMs: wallMs() },
  };
}

/** Keeps what was read; ends the noting. Never fails: without it everything is read again. */
export async function keepScope(
  scope: ChangeScope,
  { place, request, trace, beganMs }: ScopeReading,
): Promise<void> {
  if (scope.packages.length < WORTH_KEEPING) return endReadTrace();
  const state = `${scope.root}/.zr/`;
  const facts = await factsOfReads({
    trace,
    beganMs,
    isOwn: (read) => read.startsWith(state),
    isInput: () => false,
    isAskedAgain: (asked) => CHANGES_ASKED.has(asked),
  });
  if (facts === undefined) return;
  const kept = { request, keptMs: wallMs(), answer: scope, facts, rest: new Uint8Array(0) };
  await keepNewest(place, encodeKeptAnswer(kept), MOST_KEPT);
}

// A digest says that these are the bytes that were written; only the user may write there.
const isScope = (value: unknown): value is ChangeScope =>
  isTable(value) && typeof value["root"] === "string" && Array.isArray(value["packages"]);
