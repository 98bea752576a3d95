/** A box to place; `layer` counts along the way that the edges go, `width` and `height` are in pixels. */
export interface LayoutNode {
  readonly width: number;
  readonly height: number;
}

/** An edge between nodes by their numbers. */
export type LayoutEdge = readonly [from: number, to: number];

/** Which way edges go. */
export type LayoutDirection = "down" | "right";

export interface LayoutPoint {
  readonly x: number;
  readonly y: number;
}

/** Where everything lies; the upper left corner of the drawing is 0, 0. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly direction: LayoutDirection;
  /** Centers of the nodes. */
  readonly nodes: readonly LayoutPoint[];
  /**
   * Where each edge begins, bends and ends. An edge of a cycle that had to be turned round goes from its `from` to its
   * `to` all the same, backwards.
   */
  readonly edges: readonly (readonly LayoutPoint[])[];
}
