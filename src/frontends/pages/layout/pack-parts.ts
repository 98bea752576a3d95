import type { LayoutPoint } from "./layout-types";

interface Box {
  readonly width: number;
  readonly height: number;
}

/** Room between two parts. */
const GAP = 36;
const MARGIN = 24;

/**
 * Puts boxes on shelves, in their order, so that all of them together are about as wide as `aspect` times their height.
 *
 * @returns the upper left corner of each box, and the size of the whole with a margin around it
 */
export function packParts(
  boxes: readonly Box[],
  aspect: number,
): Box & { readonly places: readonly LayoutPoint[] } {
  const area = boxes.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const widest = boxes.reduce((most, { width }) => Math.max(most, width), 0);
  const limit = Math.max(widest, Math.sqrt(area * aspect));
  const places: LayoutPoint[] = [];
  let [x, y, shelf, right] = [0, 0, 0, 0];
  for (const { width, height } of boxes) {
    if (x > 0 && x + width > limit) {
      y += shelf + GAP;
      [x, shelf] = [0, 0];
    }
    places.push({ x: x + MARGIN, y: y + MARGIN });
    right = Math.max(right, x + width);
    shelf = Math.max(shelf, height);
    x += width + GAP;
  }
  return { places, width: right + 2 * MARGIN, height: y + shelf + 2 * MARGIN };
}
