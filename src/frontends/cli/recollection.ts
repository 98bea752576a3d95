import { keptPlaceOf } from "#app/kept-place";
import type { KeptPlace } from "#app/kept-place";
import { wallMs } from "#system/clock/clock";
import { beginReadTrace } from "#system/fs/read-trace";
import type { ReadTrace } from "#system/fs/read-trace";
import type { OptionValues, ParsedCommand } from "./command";
import { isOn } from "./session";
import type { Session } from "./session";
import { isGithubStep } from "./terminal-facts";

/** What a start notes of what it looks at, for the next one of the same request. */
export interface Recollection {
  /** Where it is to be kept. */
  readonly place: KeptPlace;
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

/** Where the run of a request is kept; undefined where none is. It is asked for at every start and only puts texts together. */
export function placeOfRun(
  { words, extra, options }: ParsedCommand,
  session: Session,
): KeptPlace | undefined {
  const { host, cwd } = session;
  // Like values of options, arguments may be secrets.
  if (extra.length > 0 || host.env["ZR_INSTANCE_KEY"] !== undefined || isGithubStep(host.env))
    return undefined;
  const planning = planningOptions(options);
  for (const name in planning) if (!PLAIN_OPTIONS.has(name)) return undefined;
  return keptPlaceOf({ kind: "runs", about: [cwd, words, planning] }, host);
}

export const beginRecollection = (place: KeptPlace): Recollection => ({
  place,
  trace: beginReadTrace(),
  beganMs: wallMs(),
  said: "",
});

/** Without those by which a plan is only shown. */
function planningOptions(options: OptionValues): OptionValues {
  if (!isOn(options, "dry-run")) return options;
  const { "dry-run": _dry, format: _format, json: _json, ...planning } = options;
  return planning;
}
