import type { EdgeKind } from "./plan";

/** Whether an instance needs what it has such an edge to. */
export const isNeed = (kind: EdgeKind): boolean => kind === "dep" || kind === "serial" || kind === "ready";

/** Whether an instance with such an edge handles the end of another one. */
export const isHandlerEdge = (kind: EdgeKind): boolean =>
  kind === "finally" || kind === "success" || kind === "failure";
