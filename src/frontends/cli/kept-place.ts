import { userCacheFolder } from "#core/cache/user-cache-folder";
import { wallMs } from "#system/clock/clock";
import { fileSize } from "#system/fs/plain-file";
import { beginReadTrace } from "#system/fs/read-trace";
import type { ReadTrace } from "#system/fs/read-trace";
import type { ParsedCommand } from "./command";
import type { Session } from "./session";
import { isGithubStep } from "./terminal-facts";

/** What a start notes as long as it may turn out that there was nothing to do. */
export interface Recollection {
  /** File to keep it in. */
  readonly place: string;
  readonly trace: ReadTrace;
  /** Milliseconds since 1970. */
  readonly beganMs: number;
  /** What was said on stderr before the run. */
  said: string;
}

/**
 * Options by which a run differs only in what it does and how it is shown: with others it is never told from memory.
 * None of them takes a text of any kind, which might be a secret: what is kept is not masked.
 */
const PLAIN_OPTIONS: ReadonlySet<string> = new Set([
  "all",
  "chdir",
  "color",
  "config",
  "filter",
  "jobs",
  "keep-going",
  "only",
  "output",
  "profile",
  "quiet",
  "tag",
]);

/**
 * Where a run is kept in which nothing had to be done: a file named after the words and the folder. Undefined where
 * none is kept. It is asked for at every start and only puts texts together.
 */
export function settledPlace({ words, extra, options }: ParsedCommand, session: Session): string | undefined {
  // Like values of options, arguments may be secrets.
  if (extra.length > 0) return undefined;
  const { os, env } = session.host;
  const home = userCacheFolder(os, env);
  if (home === undefined || env["ZR_INSTANCE_KEY"] !== undefined || isGithubStep(env)) return undefined;
  const parts: unknown[] = [session.cwd, words];
  for (const name in options) {
    if (!PLAIN_OPTIONS.has(name)) return undefined;
    parts.push(name, options[name]);
  }
  return `${home}/settled/${Bun.hash(JSON.stringify(parts)).toString(36)}`;
}

export const beginRecollection = (place: string): Recollection => ({
  place,
  trace: beginReadTrace(),
  beganMs: wallMs(),
  said: "",
});

/** Whether there may be such a run. */
export const isKept = (place: string): boolean => fileSize(place) > 0;
