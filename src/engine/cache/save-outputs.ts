import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { StoredOutput } from "#core/model/cache";
import { Breather } from "#system/cas/breather";
import { wallMs } from "#system/clock/clock";
import { factsOf, linkTarget } from "#system/cas/file-facts";
import { isInnerPath, isPlainTarget, MAX_ENTRY_BYTES } from "./cache-manifest";
import type { StoredBlob } from "./cache-manifest";
import type { OutputPlace } from "./cache-store";
import { collectOutputs } from "./collect-outputs";
import type { FoundOutput } from "./collect-outputs";
import type { LocalStore } from "./local-store";
import { reasonOf } from "./local-store";
import { rowOf } from "./output-facts";
import type { OutputsSeen, SeenRows } from "./output-facts";
import { staysInside } from "./output-path";

export interface SavedOutputs {
  /** Sorted by path. */
  readonly outputs: readonly StoredOutput[];
  readonly blobs: Map<string, StoredBlob>;
  readonly seen: SeenRows & Pick<OutputsSeen, "atMs">;
}

/** Stores the contents of all that matches `outputs`. The error is a sentence's end for people. */
export async function saveOutputs(
  place: OutputPlace,
  store: LocalStore,
): Promise<Result<SavedOutputs, string>> {
  let atMs = wallMs();
  const found = await collectOutputs(place, { strict: true });
  if (!found.ok) return found;
  const breather = new Breather();
  const outputs: StoredOutput[] = [];
  const blobs = new Map<string, StoredBlob>();
  const files: OutputsSeen["files"][number][] = [];
  let total = 0;
  for (const one of found.value.outputs.values()) {
    if (breather.isDue) await breather.rest();
    const stored = await storeOne(one, place, store);
    if (!stored.ok) return stored;
    const { output, blob } = stored.value;
    total += output.size;
    if (total > MAX_ENTRY_BYTES) return err("its outputs are too large");
    outputs.push(output);
    if (blob !== undefined) blobs.set(output.digest, blob);
    // What was not the same before and after the reading is not known, and then neither is the whole.
    const after = factsOf(one.absolute);
    if (after?.mtimeMs !== one.facts.mtimeMs || after.ctimeMs !== one.facts.ctimeMs) atMs = 0;
    files.push(rowOf(one.absolute, one.facts));
  }
  const folders = [...found.value.folders].map(([path, facts]) => rowOf(path, facts));
  return ok({ outputs, blobs, seen: { atMs, files, folders, missing: found.value.missing } });
}

async function storeOne(
  { path, absolute, facts }: FoundOutput,
  place: OutputPlace,
  store: LocalStore,
): Promise<Result<{ readonly output: StoredOutput; readonly blob: StoredBlob | undefined }, string>> {
  if (!isInnerPath(path)) return err(`${path} has a name that can't be stored`);
  const { mode } = facts;
  if (facts.kind === "folder")
    return ok({ output: { path, kind: "folder", mode, size: 0, digest: "" }, blob: undefined });
  try {
    if (facts.kind === "file") {
      const { plainDigest, plainSize, blob } = await store.storeFile(absolute, facts.size);
      return ok({ output: { path, kind: "file", mode, size: plainSize, digest: plainDigest }, blob });
    }
    const target = linkTarget(absolute);
    if (target === undefined) return err(`${path} has changed while it was stored`);
    if (!isPlainTarget(target) || !staysInside(place.root, absolute, target))
      return err(`${path} is a link to ${target}, which another checkout may not have`);
    return ok({
      output: { path, kind: "symlink", mode: 0o777, size: 0, digest: "", target },
      blob: undefined,
    });
  } catch (error) {
    return err(`${path} can't be stored: ${reasonOf(error)}`);
  }
}
