import { relativeTo } from "#base/path";
import type { InputStatistics } from "#engine/history/analytics/analytics-view";
import { Fingerprints } from "#engine/cache/fingerprints";
import type { FingerprintKind } from "#engine/cache/fingerprints";
import { decodeIndex } from "#engine/cache/stat-index";
import { monotonicMs } from "#system/clock/clock";
import { bytesAtOnce } from "#system/fs/file-entry";

/** So many of the largest files are read to see how long that takes, and no more than for so long. */
const MOST_MEASURED = 60;
const MOST_MS = 1000;
const SHOWN = 20;

const NONE: InputStatistics = { files: 0, bytes: 0, slowest: [] };

/** How long the files that cached tasks read take to be hashed: what the cache has seen of them, the largest measured now. */
export async function inputStatistics(root: string, kind: FingerprintKind): Promise<InputStatistics> {
  const stored = bytesAtOnce(`${root}/.zr/cache/index`);
  const index = stored === undefined ? undefined : decodeIndex(stored);
  if (index === undefined) return NONE;
  const sizes = new Map([...index].map(([name, { size }]) => [name.slice(2), size]));
  const largest = [...sizes].sort((left, right) => right[1] - left[1]).slice(0, MOST_MEASURED);
  // Knows nothing, so that it reads everything.
  const prints = new Fingerprints(kind);
  const began = monotonicMs();
  const measured = [];
  for (const [path, bytes] of largest) {
    const start = monotonicMs();
    if (start - began > MOST_MS) break;
    const print = await prints.of(path);
    if (print.kind === "file")
      measured.push({
        path: relativeTo(root, path),
        bytes,
        ms: Math.round((monotonicMs() - start) * 100) / 100,
      });
  }
  return {
    files: sizes.size,
    bytes: [...sizes.values()].reduce((total, size) => total + size, 0),
    slowest: measured.sort((left, right) => right.ms - left.ms).slice(0, SHOWN),
  };
}
