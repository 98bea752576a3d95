import type { WantedResult } from "./cache-store";
import type { LocalStore } from "./local-store";
import { makeOutputs } from "./make-outputs";
import type { OutputsSeen } from "./output-facts";
import { restoreOutputs } from "./restore-outputs";
import type { RestoreParts } from "./restore-outputs";
import { digestOfPlace, seenOf } from "./seen-result";

/** A result to be put back, and what the checkout knows of what is there. */
export interface PutBack extends WantedResult {
  readonly seen: OutputsSeen | undefined;
}

/** Results to be put back, as plain data: it may be done in another thread. */
export interface PutBackWork {
  /** Of the local store. */
  readonly store: string;
  readonly results: readonly PutBack[];
}

/**
 * Puts results in place that are in the local store. Gives for each what the checkout knows of it from now on; undefined
 * where it is not there, damaged, or can't be put back: whoever asks for it by itself finds out why.
 *
 * @param make makes what is not as it should be; this thread where nobody else does.
 */
export async function putBack(
  { results }: PutBackWork,
  store: LocalStore,
  make: RestoreParts["make"] = (work) => makeOutputs(work, store),
): Promise<readonly (OutputsSeen | undefined)[]> {
  const ends: (OutputsSeen | undefined)[] = [];
  for (const result of results) ends.push(await putOneBack(result, { store, make }));
  return ends;
}

async function putOneBack(
  { key, place, seen }: PutBack,
  { store, make }: Pick<RestoreParts, "store" | "make">,
): Promise<OutputsSeen | undefined> {
  const manifest = store.read(key);
  if (manifest === undefined) return undefined;
  const { result } = manifest;
  const isOfSame = seen?.outputsDigest === result.outputsDigest && seen.place === digestOfPlace(place);
  const outcome = await restoreOutputs(manifest, place, {
    store,
    seen: isOfSame ? seen : undefined,
    fetch: (wanted) => Promise.resolve(wanted.values().every(({ digest }) => store.blobs.has(digest))),
    make,
  });
  if (outcome.kind === "unchanged") return seenOf(result, place, outcome.seen);
  return outcome.kind === "restored" ? seenOf(result, place) : undefined;
}
