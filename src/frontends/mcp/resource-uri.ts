/** What a resource of this server shows. */
export type ResourceName =
  | { readonly kind: "config" | "graph" | "packages" }
  | { readonly kind: "run"; readonly run: string }
  | { readonly kind: "log"; readonly run: string; readonly task: string };

const FIXED = { "zr://config": "config", "zr://graph": "graph", "zr://packages": "packages" } as const;

/** What a URI stands for; undefined where it has no form of this server's. */
export function resourceName(uri: string): ResourceName | undefined {
  const fixed = Object.entries(FIXED).find(([known]) => known === uri)?.[1];
  if (fixed !== undefined) return { kind: fixed };
  const [, run, task] = /^zr:\/\/runs\/([^/]+)(?:\/logs\/(.+))?$/.exec(uri) ?? [];
  if (run === undefined) return undefined;
  return task === undefined
    ? { kind: "run", run: decoded(run) }
    : { kind: "log", run: decoded(run), task: decoded(task) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
