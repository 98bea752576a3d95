import type { LayoutDirection, LayoutPoint } from "#frontends/pages/layout/layout-types";

/** The `d` of an SVG path along a route: curves that leave and reach every point in the direction of the edges. */
export function edgePath(points: readonly LayoutPoint[], direction: LayoutDirection): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let path = `M${at(first)}`;
  let before = first;
  for (const point of rest) {
    const isStraight = direction === "down" ? before.x === point.x : before.y === point.y;
    if (isStraight) path += `L${at(point)}`;
    else {
      const [x, y] = [(before.x + point.x) / 2, (before.y + point.y) / 2];
      path +=
        direction === "down"
          ? `C${at({ x: before.x, y })} ${at({ x: point.x, y })} ${at(point)}`
          : `C${at({ x, y: before.y })} ${at({ x, y: point.y })} ${at(point)}`;
    }
    before = point;
  }
  return path;
}

const at = ({ x, y }: LayoutPoint): string => `${round(x)} ${round(y)}`;

const round = (value: number): number => Math.round(value * 10) / 10;
