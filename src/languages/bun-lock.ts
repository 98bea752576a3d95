import type { LockFormat, LockNode } from "./lock-graph";
import { isTable, tableAt } from "#base/value-at";
import type { Table } from "#base/value-at";

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

/** `bun.lock`: JSON with trailing commas; members under `workspaces`, the others by their place in the tree of names. */
export const bunLock: LockFormat = {
  names: ["bun.lock"],
  read: (text) => {
    const lock = parse(text);
    if (lock === undefined || !isTable(lock["workspaces"])) return undefined;
    const { workspaces, packages, lockfileVersion, ...others } = lock;
    // What a catalog means stands in the packages that it resolves to.
    const { configVersion: _config, catalog: _catalog, catalogs: _catalogs, ...settings } = others;
    const entries = isTable(packages) ? packages : {};
    const nodes = new Map<string, LockNode>();
    for (const [key, value] of Object.entries(entries)) {
      if (!Array.isArray(value)) return undefined;
      if (isWorkspace(value)) continue;
      const facts: unknown = value.find(isTable);
      nodes.set(key, { identity: JSON.stringify(value), needs: needsOf(key, facts, entries) });
    }
    const members = new Map<string, readonly string[]>();
    for (const [path, facts] of Object.entries(workspaces)) {
      const name = isTable(facts) && typeof facts["name"] === "string" ? facts["name"] : "";
      members.set(path === "" ? "." : path, needsOf(path === "" ? "" : name, facts, entries));
    }
    return { settings: JSON.stringify([lockfileVersion, settings]), nodes, members };
  },
};

/** `["app@workspace:packages/app"]`. */
const isWorkspace = (value: readonly unknown[]): boolean =>
  typeof value[0] === "string" && value[0].includes("@workspace:");

/** A key is the way to a package: `a/b` is the `b` that `a` has for itself, else it is the `b` of all. */
function needsOf(key: string, facts: unknown, entries: Table): readonly string[] {
  const needs: string[] = [];
  for (const name of new Set(KINDS.flatMap((kind) => Object.keys(tableAt(facts, kind))))) {
    for (let at: string | undefined = key; at !== undefined; at = above(at)) {
      const found = at === "" ? name : `${at}/${name}`;
      const target = entries[found];
      if (target === undefined) continue;
      if (!Array.isArray(target) || !isWorkspace(target)) needs.push(found);
      break;
    }
  }
  return needs;
}

function above(key: string): string | undefined {
  if (key === "") return undefined;
  const cut = key.lastIndexOf("/");
  if (cut === -1) return "";
  // The slash of `@scope/name` is no step.
  const last = key.lastIndexOf("/", cut - 1);
  const isScoped = key.slice(last + 1, cut).startsWith("@");
  return isScoped ? key.slice(0, Math.max(0, last)) : key.slice(0, cut);
}

function parse(text: string): Table | undefined {
  try {
    const value: unknown = Bun.JSONC.parse(text);
    return isTable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
