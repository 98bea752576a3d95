import { jsonOf } from "#base/json-of";
import { resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";

/** Measurements that were kept: plain JSON under `.zr/bench/NAME.json`. */
export interface Baseline {
  readonly v: 1;
  readonly task: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly zr: string;
  /** Milliseconds, in the order in which they were measured. */
  readonly timesMs: readonly number[];
}

/** So many measurements may a file hold: more were never written. */
const MOST_TIMES = 1_000_000;

/** Whether a text may name a baseline; anything else is a path. */
export const isBaselineName = (text: string): boolean =>
  /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99}$/u.test(text) && !text.endsWith(".json");

/** The file of a baseline: by its name, or by its path from `cwd`. */
export const baselinePath = (
  name: string,
  { root, cwd }: { readonly root: string; readonly cwd: string },
): string => (isBaselineName(name) ? `${root}/.zr/bench/${name}.json` : resolveFrom(cwd, name));

/** A kept baseline, or in words why the file is none. Whatever it holds is checked: anybody may have written it. */
export async function readBaseline(path: string): Promise<Result<Baseline, string>> {
  const read = await readText(path);
  if (read.kind === "missing") return err("there is none");
  if (read.kind !== "text") return err(read.kind === "folder" ? "it is a folder" : read.reason);
  const value = jsonOf(read.text);
  if (value === undefined) return err("the file is not JSON");
  return isBaseline(value) ? ok(value) : err("the file is no baseline of this version");
}

/** Keeps a baseline under a name, in the state folder, which git leaves alone; the reason where the system refuses. */
export async function writeBaseline(
  name: string,
  root: string,
  baseline: Baseline,
): Promise<Result<void, string>> {
  const state = `${root}/.zr`;
  try {
    await ensurePrivateFolder(`${state}/bench`, state);
  } catch (error) {
    if (error instanceof Error && "code" in error) return err(error.message);
    throw error;
  }
  const path = baselinePath(name, { root, cwd: root });
  return writeFileAtomically(path, `${JSON.stringify(baseline, undefined, 2)}\n`);
}

function isBaseline(value: unknown): value is Baseline {
  if (typeof value !== "object" || value === null) return false;
  if (!("v" in value && "task" in value && "savedAt" in value && "zr" in value && "timesMs" in value))
    return false;
  const { v, task, savedAt, zr, timesMs } = value;
  return (
    v === 1 &&
    typeof task === "string" &&
    Number.isFinite(savedAt) &&
    typeof zr === "string" &&
    Array.isArray(timesMs) &&
    timesMs.length > 0 &&
    timesMs.length <= MOST_TIMES &&
    timesMs.every((time) => Number.isFinite(time) && time >= 0)
  );
}
