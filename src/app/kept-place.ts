import { version } from "#base/version";
import { userCacheFolder } from "#core/cache/user-cache-folder";
import { FLEETING } from "#system/fleeting-variables";
import type { Host } from "#system/host";

/** Where the answer to a question is kept, and what it is kept with. */
export interface KeptPlace {
  /** Absolute path of a file. */
  readonly path: string;
  /** SHA-256 of the question and of everything around it, in hexadecimal. */
  readonly request: string;
}

/** A question: a name for its kind, and as plain data all that its answer depends on besides files and surroundings. */
export interface Question {
  readonly kind: string;
  readonly about: unknown;
}

const NAME_LENGTH = 24;

/**
 * The place for a question as it is asked on this machine, in this environment: two shells with different variables have one
 * each. Undefined where nobody says where a user's files belong.
 */
export function keptPlaceOf({ kind, about }: Question, host: Host): KeptPlace | undefined {
  const { env, cpus, os, arch } = host;
  const home = userCacheFolder(os, env);
  if (home === undefined) return undefined;
  const variables = Object.entries(env).filter(([name]) => !FLEETING.has(name));
  const text = JSON.stringify([version, about, cpus, os, arch, variables]);
  const request = new Bun.CryptoHasher("sha256").update(text).digest("hex");
  return { path: `${home}/${kind}/${request.slice(0, NAME_LENGTH)}`, request };
}
