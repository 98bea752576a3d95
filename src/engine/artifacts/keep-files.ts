import { formatSize } from "#base/size";
import { isInside, relativeTo } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { InstanceState } from "#core/model/outcome";
import type { ArtifactRule, Instance } from "#core/model/plan";
import { wallMs } from "#system/clock/clock";
import {
  copyContent,
  packContent,
  realFile,
  realFolder,
  removeTree,
  replaceFolder,
} from "#system/fs/kept-files";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { writeFileAtomically } from "#system/fs/write-file";
import { manifestText } from "./artifact-manifest";
import type { ArtifactManifest, KeptFile } from "./artifact-manifest";
import { artifactsFolder, artifactsOfInstance, instanceFolder, removeArtifacts } from "./artifact-store";

/** More than these are no artifacts, but a pattern that matches too much. */
const MAX_FILES = 10_000;
const MAX_BYTES = 4 * 1024 ** 3;

export interface KeepRequest {
  /** Workspace root, absolute. */
  readonly root: string;
  readonly run: string;
  readonly instance: Pick<Instance, "id" | "name" | "package">;
  readonly state: InstanceState;
  readonly rule: Pick<ArtifactRule, "keep" | "compress">;
  /** Absolute paths, each once. */
  readonly paths: readonly string[];
}

/** What was kept, and what was not and why. */
export interface Kept {
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly string[];
}

/**
 * Copies files of an instance that has ended to where the workspace keeps them, all of them at once visible, and
 * removes what the rule keeps no longer. The error is the reason why nothing could be kept.
 */
export async function keepFiles(request: KeepRequest): Promise<Result<Kept, string>> {
  const { root, run, instance } = request;
  const top = artifactsFolder(root);
  const name = instanceFolder(instance.id);
  const temporary = `${top}/${run}/.${name}`;
  try {
    await ensurePrivateFolder(`${top}/${run}`, `${root}/.zr`);
    await removeTree(temporary);
    const kept = await copyAll(request, `${temporary}/files`);
    const manifest = manifestOf(request, kept.files);
    const written = await writeFileAtomically(`${temporary}/manifest.json`, manifestText(manifest));
    if (!written.ok) throw new Error(written.error);
    await replaceFolder(temporary, `${top}/${run}/${name}`);
    await applyRetention(request);
    const bytes = kept.files.reduce((sum, file) => sum + file.bytes, 0);
    return ok({ files: kept.files.length, bytes, problems: kept.problems });
  } catch (error) {
    await removeTree(temporary).catch(() => undefined);
    if (!(error instanceof Error)) throw error;
    return err(error.message);
  }
}

function manifestOf(
  { run, instance, state, rule }: KeepRequest,
  files: readonly KeptFile[],
): ArtifactManifest {
  const { id, name, package: pkg } = instance;
  const { compress: compressed } = rule;
  return { v: 1, run, instance: id, task: name, package: pkg, state, wallMs: wallMs(), compressed, files };
}

async function copyAll(
  { root, rule, paths }: KeepRequest,
  folder: string,
): Promise<{ readonly files: readonly KeptFile[]; readonly problems: readonly string[] }> {
  const top = await realFolder(root);
  const files: KeptFile[] = [];
  const problems: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const shown = relativeTo(root, path);
    const file = await realFile(path);
    const wrong =
      file === undefined
        ? `${shown} can't be read`
        : isInside(top, file.path) && isInside(root, path)
          ? undefined
          : `${shown} leads out of the workspace`;
    if (file === undefined || wrong !== undefined) {
      if (wrong !== undefined) problems.push(wrong);
      continue;
    }
    bytes += file.bytes;
    if (files.length >= MAX_FILES || bytes > MAX_BYTES) {
      problems.push(`more than ${MAX_FILES} files or ${formatSize(MAX_BYTES)}: the rest is left out`);
      break;
    }
    try {
      if (rule.compress) await packContent(file.path, `${folder}/${shown}.zst`);
      else await copyContent(file.path, `${folder}/${shown}`);
      files.push({ path: shown, bytes: file.bytes, mode: file.mode });
    } catch (error) {
      if (!isOfFile(error)) throw error;
      problems.push(`${shown}: ${error.message}`);
    }
  }
  return { files, problems };
}

/** What concerns one file alone; a full disk concerns all. */
const isOfFile = (error: unknown): error is Error =>
  error instanceof Error &&
  "code" in error &&
  ["ENOENT", "EACCES", "EPERM", "EISDIR", "ENAMETOOLONG"].includes(String(error.code));

/** Of the instance's artifacts in all runs, those that the rule keeps no longer. */
async function applyRetention({ root, instance, rule }: KeepRequest): Promise<void> {
  const { keep } = rule;
  const all = await artifactsOfInstance(root, instance.id);
  const newestFirst = all.toSorted((a, b) => b.manifest.wallMs - a.manifest.wallMs);
  const now = wallMs();
  const old = newestFirst.filter(({ manifest }, index) =>
    "runs" in keep ? index >= keep.runs : manifest.wallMs < now - keep.ageMs,
  );
  for (const kept of old) await removeArtifacts(kept);
}
