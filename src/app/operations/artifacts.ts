import type { Diagnostic } from "#base/diagnostic";
import { globMatcher } from "#base/glob";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import {
  contentPath,
  instanceFolder,
  listArtifacts,
  removeArtifacts,
} from "#engine/artifacts/artifact-store";
import type { KeptArtifacts } from "#engine/artifacts/artifact-store";
import { wallMs } from "#system/clock/clock";
import { copyContent, isPlainFile, removeFile, setMode, writePieces } from "#system/fs/kept-files";
import { pathExists } from "#system/fs/path-exists";
import { decompressed } from "#system/fs/zstd-file";

/** Which of the kept files are meant; what is absent restricts nothing. */
export interface ArtifactQuery {
  /** A name, `last`, or the beginning of a name. */
  readonly run?: string;
  /** A task's name with or without its package, or an instance. */
  readonly task?: string;
  /** Only what is older. */
  readonly olderThanMs?: number;
}

/** What runs in a workspace have kept, the oldest first. A run that is named and has kept nothing is a problem. */
export async function findArtifacts(
  root: string,
  { run, task, olderThanMs }: ArtifactQuery,
): Promise<Result<readonly KeptArtifacts[], Diagnostic>> {
  const all = await listArtifacts(root);
  const ofTask = task === undefined ? all : all.filter(({ manifest }) => isOf(manifest, task));
  const now = wallMs();
  const old =
    olderThanMs === undefined ? ofTask : ofTask.filter(({ manifest }) => manifest.wallMs < now - olderThanMs);
  if (run === undefined) return ok(old);
  const runs = [...new Set(old.map(({ manifest }) => manifest.run))];
  const begun = run === "" ? [] : runs.filter((id) => id.startsWith(run));
  const meant = run === "last" ? runs.slice(-1) : runs.includes(run) ? [run] : begun;
  const [only] = meant;
  if (only === undefined) return err(nothingKept({ run, task }, all));
  if (meant.length > 1) {
    const suggestions = meant.slice(-3);
    return err({ code: "E196", severity: "error", data: { run, count: meant.length }, suggestions });
  }
  return ok(old.filter(({ manifest }) => manifest.run === only));
}

/** The problem of asking for something of which nothing is kept. */
function nothingKept(
  { run, task }: { readonly run: string; readonly task: string | undefined },
  all: readonly KeptArtifacts[],
): Diagnostic {
  const ofRun = run === "last" ? "the last run" : `run ${run}`;
  const tasks = [...new Set(all.map(({ manifest }) => manifest.instance))];
  const runs = [...new Set(all.map(({ manifest }) => manifest.run))];
  const known = task !== undefined && all.some(({ manifest }) => isOf(manifest, task));
  return {
    code: "E195",
    severity: "error",
    data: { what: task === undefined ? ofRun : known ? `task '${task}' of ${ofRun}` : `task '${task}'` },
    suggestions: task === undefined ? nearRuns(run, runs) : known ? [] : suggest(task, tasks),
  };
}

/** Runs that may have been meant: those with such a name, else the newest. */
function nearRuns(run: string, runs: readonly string[]): readonly string[] {
  const near = suggest(run, runs);
  return near.length > 0 ? near : runs.slice(-3).toReversed();
}

const isOf = ({ instance, task, package: pkg }: KeptArtifacts["manifest"], name: string): boolean =>
  name === instance || name === task || name === `${pkg === "" ? "//" : pkg}:${task}`;

/** A file that was got, or why it was not. */
export interface GotFile {
  /** Absolute. */
  readonly path: string;
  readonly problem?: string;
}

export interface GetOptions {
  /** Absolute. */
  readonly folder: string;
  /** Paths from the workspace root, folders, or globs; empty: everything. */
  readonly paths: readonly string[];
  /** Replace files that are there. */
  readonly force: boolean;
}

/** What a path means: the file or folder that is called so, though its name may look like a glob; else that glob. */
function wantedBy(path: string, all: readonly string[]): (file: string) => boolean {
  const isNamed = (file: string): boolean => file === path || file.startsWith(`${path}/`);
  if (all.some(isNamed)) return isNamed;
  const is = globMatcher(path);
  const isBelow = globMatcher(`${path}/**`);
  return (file) => is(file) || isBelow(file);
}

/**
 * Copies kept files to a folder, unpacked, under their paths from the workspace root; those of several instances each
 * in a folder of the instance's name. Files that are there are left alone unless `force`.
 */
export async function getArtifacts(
  kept: readonly KeptArtifacts[],
  { folder, paths, force }: GetOptions,
): Promise<readonly GotFile[]> {
  const all = kept.flatMap(({ manifest }) => manifest.files.map((file) => file.path));
  const matchers = paths.map((path) => wantedBy(path.replace(/^\.\//, "").replace(/\/+$/, ""), all));
  const isWanted = (path: string): boolean =>
    matchers.length === 0 || matchers.some((matches) => matches(path));
  const got: GotFile[] = [];
  for (const artifacts of kept) {
    const { instance, files } = artifacts.manifest;
    const target = kept.length === 1 ? folder : `${folder}/${instanceFolder(instance)}`;
    for (const { path, mode } of files) {
      if (!isWanted(path)) continue;
      const to = `${target}/${path}`;
      const problem = await getFile(artifacts, path, { to, mode, force });
      got.push({ path: to, ...(problem === undefined ? {} : { problem }) });
    }
  }
  return got;
}

async function getFile(
  artifacts: KeptArtifacts,
  path: string,
  { to, mode, force }: { readonly to: string; readonly mode: number; readonly force: boolean },
): Promise<string | undefined> {
  const from = contentPath(artifacts, path);
  if (!(await isPlainFile(from))) return "its content is gone";
  if (!force && (await pathExists(to))) return "a file of this name is there; --force replaces it";
  try {
    if (force) await removeFile(to);
    if (artifacts.manifest.compressed) await writePieces(to, decompressed(from), 0o600);
    else await copyContent(from, to);
    await setMode(to, mode | 0o600);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message;
  }
}

/** Removes kept files. */
export async function cleanArtifacts(kept: readonly KeptArtifacts[]): Promise<void> {
  for (const artifacts of kept) await removeArtifacts(artifacts);
}

export const bytesOf = ({ manifest }: KeptArtifacts): number =>
  manifest.files.reduce((sum, file) => sum + file.bytes, 0);
