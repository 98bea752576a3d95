import { jsonTableOf } from "#base/json-of";
import type { LockFormat, LockGraph, LockNode } from "./lock-graph";
import { isTable, tableAt, textAt } from "#base/value-at";
import type { Table } from "#base/value-at";

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

/** `package-lock.json` of versions 2 and 3: `packages` by the place of each in the tree of folders. */
export const npmLock: LockFormat = {
  names: ["package-lock.json", "npm-shrinkwrap.json"],
  read: (text) => {
    const lock = jsonTableOf(text);
    const packages = tableAt(lock, "packages");
    if (lock === undefined || Object.keys(packages).length === 0) return undefined;
    const nodes = new Map<string, LockNode>();
    const members = new Map<string, readonly string[]>();
    for (const [place, value] of Object.entries(packages)) {
      if (!isTable(value)) return undefined;
      if (value["link"] === true) continue;
      const needs = needsOf(place, value, packages);
      if (isMember(place)) members.set(place === "" ? "." : place, needs);
      else nodes.set(place, { identity: identityOf(value), needs });
    }
    return { settings: String(lock["lockfileVersion"]), nodes, members } satisfies LockGraph;
  },
};

const isMember = (place: string): boolean => !/(?:^|\/)node_modules\//.test(place);

const identityOf = (value: Table): string =>
  JSON.stringify([textAt(value, "version"), textAt(value, "resolved"), textAt(value, "integrity")]);

/** Where Node finds each dependency: in the nearest `node_modules` on the way up. Other members are no lock's matter. */
function needsOf(place: string, value: Table, packages: Table): readonly string[] {
  const names = new Set(KINDS.flatMap((kind) => Object.keys(tableAt(value, kind))));
  const needs: string[] = [];
  for (const name of names) {
    for (let at: string | undefined = place; at !== undefined; at = above(at)) {
      const found = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
      const target = packages[found];
      if (target === undefined) continue;
      if (!isTable(target) || target["link"] !== true) needs.push(found);
      break;
    }
  }
  return needs;
}

function above(place: string): string | undefined {
  if (place === "") return undefined;
  const cut = place.lastIndexOf("/");
  return cut === -1 ? "" : place.slice(0, cut);
}
