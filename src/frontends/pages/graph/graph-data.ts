import { INSTANCE_STATES } from "#core/model/outcome";

/** What a graph page shows, as plain JSON; the page's script reads nothing else. Nodes are named by their numbers. */
export interface GraphPageData {
  readonly v: 1;
  readonly title: string;
  /** What nodes are. */
  readonly of: "tasks" | "packages";
  readonly nodes: readonly PageNode[];
  /** `from` needs `to`. */
  readonly edges: readonly PageEdge[];
  /** Whether it was asked what a change affects. */
  readonly marksAffected: boolean;
  /** Whether the critical path is marked from the start. */
  readonly showsCritical: boolean;
  /** Whether the durations behind the critical path have been measured. */
  readonly isMeasured: boolean;
  /** Where changes are told; not there in a file. */
  readonly live?: LiveAddresses;
}

/** Where a served page hears that there is something new, and gets it. */
export interface LiveAddresses {
  readonly events: string;
  readonly data: string;
}

export interface PageNode {
  readonly id: string;
  readonly package: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly critical?: true;
  readonly affected?: true;
  /** How it ended when it was last run, or that it runs; not there where nobody knows. */
  readonly state?: PageState;
  /** How long it took then. */
  readonly durationMs?: number;
  /** When that was, milliseconds since 1970. */
  readonly wallMs?: number;
}

export const PAGE_STATES = ["running", ...INSTANCE_STATES] as const;
export type PageState = (typeof PAGE_STATES)[number];

export interface PageEdge {
  readonly from: number;
  readonly to: number;
  /** What it says beyond "needs". */
  readonly note?: string;
  /** It lies on a cycle. */
  readonly cycle?: true;
  /** It lies on the critical path. */
  readonly critical?: true;
}
