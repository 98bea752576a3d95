import type { Result } from "#base/result";
import type { LoadedWorkspace } from "#app/load-workspace";
import type { GraphView } from "#app/operations/graph";
import type { GraphFacts } from "#app/operations/graph-facts";
import type { Problems } from "#app/problems";
import type { GraphPageData, LiveAddresses } from "#frontends/pages/graph/graph-data";
import { makeGraphData } from "#frontends/pages/graph/make-graph-data";
import { isOn } from "./session";
import type { Session } from "./session";

/** A graph, and the workspace that it is of. */
export interface MadeGraph {
  readonly graph: GraphView;
  readonly loaded: LoadedWorkspace;
}

export interface GraphPageRequest {
  readonly format: "html" | "svg";
  /** Reads everything anew; a number is the exit code where the command line means nothing, which was told. */
  readonly make: () => Promise<Result<MadeGraph, Problems> | number>;
}

/** What a page shows of a graph, as the options say. */
export function graphDataOf(
  { options }: Session,
  { graph, loaded }: MadeGraph,
  { facts, live }: { readonly facts: GraphFacts; readonly live?: LiveAddresses },
): GraphPageData {
  const { root } = loaded.workspace;
  const of = isOn(options, "packages") ? "packages" : "tasks";
  return makeGraphData(graph, of === "packages" ? new Map() : facts, {
    title: `${root.slice(root.lastIndexOf("/") + 1)} · ${of}`,
    of,
    marksAffected: options["affected"] !== undefined,
    showsCritical: isOn(options, "critical"),
    ...(live === undefined ? {} : { live }),
  });
}
