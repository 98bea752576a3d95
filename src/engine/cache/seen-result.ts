import type { StoredResult } from "#core/model/cache";
import { sha256 } from "#system/cas/blob-folder";
import type { KnownResult, OutputPlace } from "./cache-store";
import type { OutputsSeen, SeenRows } from "./output-facts";
import { outputsDigest as meaningOf, storedFacts } from "./outputs-digest";

/** Tells places apart, and what is meant to be in them. */
export const digestOfPlace = ({ packageDir, outputs }: OutputPlace): string =>
  sha256(JSON.stringify([packageDir, outputs]));

/** What a checkout remembers of a result itself, where that has no log. */
export function knownOf({ log, outputs, durationMs, createdMs }: StoredResult): {
  readonly known?: KnownResult;
} {
  if (log !== undefined) return {};
  return { known: { durationMs, createdMs, meaning: meaningOf(storedFacts(outputs)) } };
}

/** Nothing is known of the times: the next look is one into the contents. */
const UNSEEN: SeenRows & Pick<OutputsSeen, "atMs"> = { atMs: 0, files: [], folders: [], missing: [] };

/** What a checkout knows of a result that is in place. */
export const seenOf = (
  result: StoredResult,
  place: OutputPlace,
  rows: SeenRows & Pick<OutputsSeen, "atMs"> = UNSEEN,
): OutputsSeen => ({
  key: result.key,
  outputsDigest: result.outputsDigest,
  place: digestOfPlace(place),
  ...rows,
  ...knownOf(result),
});
