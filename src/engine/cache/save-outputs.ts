import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { StoredOutput } from "#core/model/cache";
import { wallMs } from "#system/clock/clock";
import { factsOf, linkTarget } from "#system/cas/file-facts";
import { isInnerPath, isPlainTarget, MAX_ENTRY_BYTES } from "./cache-manifest";
import type { StoredBlob } from "./cache-manifest";
import type { OutputPlace } from "./cache-store";
import { collectOutputs } from "./collect-outputs";
import type { FoundOutput } from "./collect-outputs";
import type { ContentWorkers } from "./content-workers";
import type { StoredContent } from "./local-store";
import { rowOf } from "./output-facts";
import type { OutputsSeen, SeenRows } from "./output-facts";
import { staysInside } from "./output-path";
import { packsOf } from "./packs";

export interface SavedOutputs {
  /** Sorted by path. */
  readonly outputs: readonly StoredOutput[];
  readonly blobs: Map<string, StoredBlob>;
  readonly seen: SeenRows & Pick<OutputsSeen, "atMs">;
}

/** Why nothing more can be stored at all: the system's reason. */
export interface StoreFailure {
  readonly reason: string;
}

const TOO_LARGE = "its outputs are too large";

/** Stores the contents of all that matches `outputs`. A text as the error is a sentence's end for people. */
export async function saveOutputs(
  place: OutputPlace,
  workers: Pick<ContentWorkers, "storeFiles">,
): Promise<Result<SavedOutputs, string | StoreFailure>> {
  let atMs = wallMs();
  const found = await collectOutputs(place, { strict: true });
  if (!found.ok) return found;
  const all = [...found.value.outputs.values()];
  const unfit = all.find(({ path }) => !isInnerPath(path));
  if (unfit !== undefined) return err(`${unfit.path} has a name that can't be stored`);
  const regular = all.filter(({ facts }) => facts.kind === "file");
  if (regular.reduce((sum, { facts }) => sum + facts.size, 0) > MAX_ENTRY_BYTES) return err(TOO_LARGE);
  const packs = packsOf(regular.map(({ path, absolute, facts }) => ({ path, absolute, size: facts.size })));
  const { contents, problem } = await workers.storeFiles(packs);
  if (problem?.isStoreFull === true) return err({ reason: problem.why });
  if (problem !== undefined) return err(`${problem.path} can't be stored: ${problem.why}`);
  const stored = new Map(packs.flat().map(({ path }, index) => [path, contents[index]]));
  const outputs: StoredOutput[] = [];
  const blobs = new Map<string, StoredBlob>();
  const files: OutputsSeen["files"][number][] = [];
  let total = 0;
  for (const one of all) {
    const content = stored.get(one.path);
    const output = content === undefined ? otherOutput(one, place) : fileOutput(one, content);
    if (typeof output === "string") return err(output);
    total += output.size;
    if (total > MAX_ENTRY_BYTES) return err(TOO_LARGE);
    outputs.push(output);
    if (content?.blob !== undefined) blobs.set(output.digest, content.blob);
    // What was not the same before and after the reading is not known, and then neither is the whole.
    const after = factsOf(one.absolute);
    if (after?.mtimeMs !== one.facts.mtimeMs || after.ctimeMs !== one.facts.ctimeMs) atMs = 0;
    files.push(rowOf(one.absolute, one.facts));
  }
  const folders = [...found.value.folders].map(([path, facts]) => rowOf(path, facts));
  return ok({ outputs, blobs, seen: { atMs, files, folders, missing: found.value.missing } });
}

const fileOutput = (
  { path, facts }: FoundOutput,
  { plainDigest, plainSize }: StoredContent,
): StoredOutput => ({ path, kind: "file", mode: facts.mode, size: plainSize, digest: plainDigest });

/** A folder in which nothing is, or a link; a text where it can't be stored. */
function otherOutput({ path, absolute, facts }: FoundOutput, place: OutputPlace): StoredOutput | string {
  if (facts.kind === "folder") return { path, kind: "folder", mode: facts.mode, size: 0, digest: "" };
  const target = linkTarget(absolute);
  if (target === undefined) return `${path} has changed while it was stored`;
  if (!isPlainTarget(target) || !staysInside(place.root, absolute, target))
    return `${path} is a link to ${target}, which another checkout may not have`;
  return { path, kind: "symlink", mode: 0o777, size: 0, digest: "", target };
}
