import type { LockFormat, LockNode } from "./lock-graph";
import { isTable, tableAt, textAt } from "#base/value-at";
import type { Table } from "#base/value-at";

const KINDS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

/**
 * `pnpm-lock.yaml` of versions 6 and 9: members under `importers`, the others by name and version. A document before it
 * is of pnpm itself: its own version, which says nothing about a member, and what configures it.
 */
export const pnpmLock: LockFormat = {
  names: ["pnpm-lock.yaml"],
  read: (text) => {
    const [lock, ofPnpm] = parse(text).toReversed();
    if (lock === undefined || !isTable(lock["importers"])) return undefined;
    const config = tableAt(ofPnpm, "importers", ".", "configDependencies");
    // What a catalog means stands with each member that uses it.
    const { importers, packages, snapshots, catalogs: _catalogs, ...settings } = lock;
    const found = tableAt({ packages }, "packages");
    const resolved = isTable(snapshots) ? snapshots : found;
    const nodes = new Map<string, LockNode>();
    for (const [key, value] of Object.entries(resolved)) {
      const facts = found[key] ?? found[withoutPeers(key)];
      const identity = JSON.stringify([facts, value]);
      const needs = KINDS.flatMap((kind) =>
        Object.entries(tableAt(value, kind)).flatMap(([name, version]) => keyOf(name, version, resolved)),
      );
      nodes.set(key, { identity, needs });
    }
    const members = new Map<string, readonly string[]>();
    for (const [path, value] of Object.entries(importers)) {
      const needs = KINDS.flatMap((kind) =>
        Object.entries(tableAt(value, kind)).flatMap(([name, fact]) =>
          keyOf(name, isTable(fact) ? textAt(fact, "version") : fact, resolved),
        ),
      );
      members.set(path, needs);
    }
    return { settings: JSON.stringify([settings, config]), nodes, members };
  },
};

/** `name@1.0.0(peer@2.0.0)` is `name@1.0.0` resolved with that peer. */
const withoutPeers = (key: string): string => (key.includes("(") ? key.slice(0, key.indexOf("(")) : key);

/** The key of a dependency; none where it is another member. A version may name another package: `other@1.0.0`. */
function keyOf(name: string, version: unknown, resolved: Table): readonly string[] {
  if (typeof version !== "string" || /^(?:link|file|workspace):/.test(version)) return [];
  const forms = [`${name}@${version}`, `/${name}@${version}`, version, `/${version}`];
  const key = forms.find((form) => Object.hasOwn(resolved, form));
  // What is not found is kept by its version, so that another one counts.
  return [key ?? `${name}@${version}`];
}

/** Where the document of the members begins. */
export const pnpmLockStart = (text: string): number => text.lastIndexOf("\n---\n") + 1;

function parse(text: string): readonly Table[] {
  try {
    const value: unknown = Bun.YAML.parse(text);
    return (Array.isArray(value) ? value : [value]).filter(isTable);
  } catch {
    return [];
  }
}
